"""A deputy's token sees what the deputy sees, and no longer than that."""

from datetime import timedelta

import pytest
from django.utils import timezone

from staff.models import User
from staff.services import absences
from tests.factories.staff import AbsenceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P1", "ORG-30")]


def codes(program):
    return {row["code"] for row in program.get("clients/").json()["results"]}


def test_a_token_follows_the_absence(api, manager, peer, own_client):
    program = api(peer)
    assert codes(program) == set()

    absence = AbsenceFactory(person=manager, deputy=peer, on=True)
    assert codes(program) == {"OWN"}
    assert program.get(f"clients/{own_client.pk}/").status_code == 200

    absences.take_back_absence(absence=absence, by=manager)
    assert codes(program) == set()
    assert program.get(f"clients/{own_client.pk}/").status_code == 404


@pytest.mark.parametrize("days", [-1, 1])
def test_neither_before_nor_after(api, manager, peer, own_client, days):
    day = timezone.localdate() + timedelta(days=days)
    AbsenceFactory(person=manager, deputy=peer, starts_on=day, ends_on=day)

    assert codes(api(peer)) == set()


@pytest.mark.rule("P4")
def test_a_disabled_deputys_token_is_dead(api, manager, peer, own_client):
    program = api(peer)
    AbsenceFactory(person=manager, deputy=peer, on=True)
    User.objects.filter(pk=peer.pk).update(is_active=False)

    assert program.get("clients/").status_code == 401
