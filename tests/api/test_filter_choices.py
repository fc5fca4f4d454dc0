"""Drop-downs of filters offer nothing and nobody out of sight."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.filters import visible_clients, visible_people, visible_units


@pytest.mark.parametrize(
    ("person", "people", "codes"),
    [
        ("manager", {"manager"}, {"T1"}),
        ("representative", {"representative", "manager"}, {"T1"}),
        ("supervisor", {"manager", "peer", "representative", "supervisor"}, {"C1", "T1"}),
        (
            "province",
            {"manager", "peer", "outsider", "representative", "supervisor", "province"},
            {"P", "C1", "C2", "T1", "T2"},
        ),
    ],
)
def test_choices_are_those_in_sight(
    request, person, people, codes, own_client, foreign_client, peer, representative, supervisor,
    province,
):  # fmt: skip
    own_client.chief_representative = representative
    own_client.save()
    asking = HttpRequest()
    asking.user = request.getfixturevalue(person)

    assert {each.username for each in visible_people(asking)} == people
    assert {unit.code for unit in visible_units(asking)} == codes


def test_nobody_is_offered_nothing(own_client):
    anonymous = HttpRequest()
    anonymous.user = AnonymousUser()
    for asking in (None, anonymous):
        assert not visible_people(asking).exists()
        assert not visible_units(asking).exists()
        assert not visible_clients(asking).exists()
