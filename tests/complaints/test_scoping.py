"""Who sees a case."""

import pytest

from complaints.models import Case, CaseStep
from staff.choices import Role
from tests.factories.complaints import CaseFactory, CaseStepFactory
from tests.factories.staff import AbsenceFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("P1")]


def sees(user, case):
    return Case.objects.visible_to(user).filter(pk=case.pk).exists()


def test_those_who_see_the_client_see_its_cases(
    own_client, outsider, manager, supervisor, province, peer, representative
):
    case = CaseFactory(client=own_client, first_responder=outsider)

    assert all(sees(person, case) for person in (manager, supervisor, province, outsider))
    assert not any(sees(person, case) for person in (peer, representative))
    own_client.chief_representative = representative
    own_client.save()
    assert sees(representative, case)


def test_nobody_else_sees_it(own_client, manager, outsider, units):
    case = CaseFactory(client=own_client, first_responder=manager)
    boss_next_door = UserFactory(role=Role.SUPERVISOR, unit=units.city_2)

    assert not sees(outsider, case)
    assert not sees(boss_next_door, case)


def test_a_person_it_was_handed_to_sees_it(own_client, manager, outsider):
    assert sees(
        outsider, CaseFactory(client=own_client, first_responder=manager, assignee=outsider)
    )


@pytest.mark.rule("ORG-07")
def test_everybody_in_the_unit_it_was_handed_to_sees_it(own_client, manager, outsider, units):
    colleague = UserFactory(unit=units.team_2, role=Role.COMPLAINT_CLERK)
    above = UserFactory(unit=units.city_2)
    case = CaseFactory(
        client=own_client, first_responder=manager, assignee=None, handed_unit=units.team_2
    )

    assert sees(outsider, case)
    assert sees(colleague, case)
    assert not sees(above, case)


@pytest.mark.parametrize("field", ["receiving_unit", "responsible_unit"])
def test_who_answers_for_a_unit_concerned_sees_it(field, own_client, manager, outsider, units):
    boss = UserFactory(role=Role.SUPERVISOR, unit=units.city_2)
    case = CaseFactory(client=own_client, first_responder=manager, **{field: units.team_2})

    assert sees(boss, case)
    assert not sees(outsider, case)  # only a colleague there


def test_the_deputy_of_the_handler_sees_it(own_client, manager, outsider, peer):
    case = CaseFactory(client=own_client, first_responder=outsider)
    AbsenceFactory(person=outsider, deputy=peer, on=True)

    assert sees(peer, case)


def test_the_line_is_seen_with_its_case(own_client, manager, outsider, peer):
    step = CaseStepFactory(case=CaseFactory(client=own_client, first_responder=outsider))

    assert CaseStep.objects.visible_to(outsider).get() == step
    assert CaseStep.objects.visible_to(manager).get() == step
    assert not CaseStep.objects.visible_to(peer).exists()
