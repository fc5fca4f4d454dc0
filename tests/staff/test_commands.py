"""The commands that build a first installation."""

import pytest
from django.core.management import CommandError, call_command

from staff.models import Unit, User
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db


def test_a_tree_is_built_unit_by_unit():
    call_command("create_unit", "P", "省公司", "--kind", "province")
    call_command("create_unit", "C", "市公司", "--kind", "city", "--parent", "P")

    city = Unit.objects.get(code="C")
    assert (city.name, city.kind, city.parent.code) == ("市公司", "city", "P")


def test_a_unit_needs_a_parent_that_exists_and_a_free_code():
    call_command("create_unit", "P", "省公司", "--kind", "province")

    with pytest.raises(CommandError, match="No unit has the code X"):
        call_command("create_unit", "C", "市公司", "--kind", "city", "--parent", "X")
    with pytest.raises(CommandError):
        call_command("create_unit", "P", "again", "--kind", "city")


@pytest.mark.rule("P4")
def test_a_disabled_person_is_out_with_the_next_request(client):
    person = UserFactory()
    client.force_login(person)
    assert client.get("/notifications/").status_code == 200

    call_command("disable_user", person.username)

    assert client.get("/notifications/").status_code == 302
    call_command("disable_user", person.username, "--enable")
    assert User.objects.get(pk=person.pk).is_active


def test_an_unknown_person_cannot_be_disabled():
    with pytest.raises(CommandError, match="nobody"):
        call_command("disable_user", "nobody")
