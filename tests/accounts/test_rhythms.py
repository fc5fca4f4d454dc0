"""How often something is due: changing it from the top, what moves with it."""

from datetime import date

import pytest

from accounts.exceptions import NothingChanged, OutOfReach, ReasonMissing
from accounts.models import RhythmVersion
from accounts.selectors.rhythms import rhythms
from accounts.services.rhythms import change_rhythm
from tests.factories.accounts import ClientFactory, RepresentationFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-22", "ORG-11")]


def change(by, **values):
    wanted = {"kind": "assessment", "client_class": "A", "months": 6, "reason": "Enough"}
    return change_rhythm(**wanted | values, by=by)


def test_a_change_is_a_new_version_with_its_author(province):
    first, second = change(province), change(province, months=1, reason=" Monthly ")

    assert (first.version, second.version) == (1, 2)
    assert (second.created_by, second.reason) == (province, "Monthly")
    assert rhythms()["assessment", "A"] == 1
    assert rhythms()["assessment", "B"] == 3


def test_none_is_never(province):
    change(province, months=None)

    assert rhythms()["assessment", "A"] is None


def test_visits_of_representatives_move_with_their_rhythm(province):
    moved = RepresentationFactory(client=ClientFactory(client_class="A"))
    other = RepresentationFactory(client=ClientFactory(client_class="B"))

    change(province, kind="representative", months=1)

    for row, day in ((moved, date(2026, 2, 5)), (other, date(2026, 4, 5))):
        row.refresh_from_db()
        assert row.visit_due_on == day


def test_refusals(province, operations, supervisor):
    for person in (operations, supervisor):  # a city, and no right at all
        with pytest.raises(OutOfReach):
            change(person)
    with pytest.raises(NothingChanged):
        change(province, months=3)
    with pytest.raises(ReasonMissing):
        change(province, reason=" ")
    assert not RhythmVersion.objects.exists()
