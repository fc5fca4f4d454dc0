"""Taking cases down, answering, handing over, solving and closing them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from pghistory.models import Events

from complaints.choices import CaseStatus, StepKind
from complaints.exceptions import (
    AlreadyReplied,
    CallerUnknown,
    CaseNotOpen,
    CaseNotSettled,
    FirstContactAhead,
    ImpossibleHandler,
    NobodyOnDuty,
    OtherClient,
    TextMissing,
)
from complaints.models import Case, CaseStep
from complaints.services import cases, handling, lessons, reminders, settling
from crm.lib.models import uuid7
from crm.lib.repeats import AlreadyThere
from staff.choices import Role
from staff.models import Notification, Task
from tests.factories.accounts import ContactFactory
from tests.factories.complaints import CaseFactory, CaseStepFactory
from tests.factories.staff import DutyShiftFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 2, tzinfo=UTC)  # Monday, 10:00 in Beijing
LATER = NOW + timedelta(hours=3)


def take_down(client: Any, by: Any, **changes: Any) -> Case:
    fields = {
        "kind": "complaint", "said": "Twice as high.", "caller_name": "Qian Lan", "now": NOW,
    } | changes  # fmt: skip
    return cases.open_case(client=client, by=by, **fields)


def open_tasks(case: Case) -> dict[str, Any]:
    return {task.kind: task.assignee for task in Task.objects.open().filter(subject_id=case.pk)}


def told(kind: str) -> set[Any]:
    return {each.recipient for each in Notification.objects.filter(kind=kind)}


def kinds_of_steps(case: Case) -> list[str]:
    return list(case.steps.order_by("at", "pk").values_list("kind", flat=True))


@pytest.fixture
def clerk(units):
    return UserFactory(role=Role.COMPLAINT_CLERK, unit=units.city_2, full_name="Cao Jing")


@pytest.mark.rule("ORG-08", "ORG-16")
@pytest.mark.parametrize("role", Role.values)
def test_anybody_takes_down_a_case_for_any_client(role, own_client, units):
    person = UserFactory(role=role, unit=units.team_2)

    case = take_down(own_client, person)

    assert (case.client, case.first_responder, case.assignee) == (own_client, person, person)
    assert case.status == CaseStatus.OPEN
    assert Case.objects.visible_to(person).get() == case
    assert person.has_perm("complaints.create_case")


def test_a_new_case_has_a_number_a_line_and_todos(own_client, manager):
    case = take_down(own_client, manager)

    assert case.number.startswith("C2607-")
    assert kinds_of_steps(case) == [StepKind.OPENED]
    assert open_tasks(case) == {"case-first-reply": manager, "case-work": manager}
    event = Events.objects.tracks(case).get()
    assert event.pgh_context == {"verb": "complaints.open_case", "actor": manager.pk}


def test_numbers_are_never_given_twice(own_client, manager):
    assert take_down(own_client, manager).number != take_down(own_client, manager).number


@pytest.mark.rule("ORG-17")
def test_the_clock_starts_at_the_first_contact_not_when_it_is_written_down(own_client, manager):
    case = take_down(own_client, manager, first_contact_at=NOW - timedelta(hours=30))

    assert case.first_reply_due_at == NOW + timedelta(hours=18)


@pytest.mark.rule("ORG-07")
def test_window_and_units_are_kept(own_client, outsider, units):
    case = take_down(own_client, outsider, window="hall")
    other = take_down(own_client, outsider, window="hotline", receiving_unit=units.city_1)

    assert (case.window, case.receiving_unit, case.responsible_unit) == (
        "hall", units.team_2, units.team_2,
    )  # fmt: skip
    assert (other.receiving_unit, other.responsible_unit) == (units.city_1, units.city_1)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"said": " "}, TextMissing),
        ({"caller_name": " "}, CallerUnknown),
        ({"first_contact_at": NOW + timedelta(hours=1)}, FirstContactAhead),
    ],
)
def test_what_is_missing_is_refused(wrong, error, own_client, manager):
    with pytest.raises(error):
        take_down(own_client, manager, **wrong)


def test_a_contact_of_another_client_is_refused(own_client, foreign_client, manager):
    with pytest.raises(OtherClient):
        take_down(own_client, manager, contact=ContactFactory(client=foreign_client))


def test_sent_twice_it_is_one_case(own_client, manager, peer):
    key = uuid7()
    first = take_down(own_client, manager, id=key)

    assert take_down(own_client, manager, id=key) == first
    assert CaseStep.objects.count() == 1
    with pytest.raises(AlreadyThere):
        take_down(own_client, peer, id=key)


def test_the_account_manager_hears_of_it(own_client, manager, outsider, supervisor):
    take_down(own_client, outsider)
    assert told("case-opened") == {manager}

    take_down(own_client, outsider, severity="major")
    assert told("case-major") == {manager, supervisor}


@pytest.mark.rule("ORG-16")
def test_the_first_responder_owes_the_reply_also_after_a_transfer(own_client, outsider, clerk):
    case = take_down(own_client, outsider)

    case = handling.transfer_case(
        case=case, person=clerk, reason="Billing knows", now=LATER, by=outsider
    )

    assert (case.first_responder, case.assignee) == (outsider, clerk)
    assert open_tasks(case) == {"case-first-reply": outsider, "case-work": clerk}
    assert list(Case.objects.of_person(outsider)) == [case]
    case = handling.give_first_reply(case=case, text="We look into it.", now=LATER, by=clerk)
    assert open_tasks(case) == {"case-work": clerk}
    assert list(Case.objects.of_person(outsider)) == []


@pytest.mark.rule("ORG-17")
def test_a_transfer_starts_no_clock_anew(own_client, outsider, clerk):
    case = take_down(own_client, outsider)
    before = (case.first_reply_due_at, case.resolution_due_at, case.due_at)

    case = handling.transfer_case(case=case, person=clerk, reason="r", now=LATER, by=outsider)

    assert (case.first_reply_due_at, case.resolution_due_at, case.due_at) == before


@pytest.mark.rule("ORG-07", "ORG-08")
def test_a_unit_gets_the_case_and_somebody_takes_it_on(own_client, manager, clerk, units):
    case = take_down(own_client, manager)

    case = handling.transfer_case(case=case, unit=units.city_2, reason="r", now=LATER, by=manager)

    assert (case.assignee, case.handed_unit, case.responsible_unit) == (
        None, units.city_2, units.city_2,
    )  # fmt: skip
    assert open_tasks(case) == {"case-first-reply": manager}
    assert told("case-handed") == {clerk}
    case = handling.take_case(case=case, now=LATER, by=clerk)
    assert (case.assignee, open_tasks(case)["case-work"]) == (clerk, clerk)
    with pytest.raises(ImpossibleHandler):
        handling.take_case(case=case, now=LATER, by=manager)


def test_a_transfer_needs_one_receiver_and_a_reason(own_client, manager, peer, units):
    case = take_down(own_client, manager)
    gone = UserFactory(is_active=False)

    for wrong in (
        {},
        {"person": peer, "unit": units.city_2},
        {"person": gone},
        {"person": manager},
    ):
        with pytest.raises(ImpossibleHandler):
            handling.transfer_case(case=case, reason="r", now=LATER, by=manager, **wrong)
    with pytest.raises(TextMissing):
        handling.transfer_case(case=case, person=peer, reason=" ", now=LATER, by=manager)


@pytest.mark.rule("ORG-16")
def test_the_first_reply_is_given_once(own_client, manager):
    case = take_down(own_client, manager)
    with pytest.raises(TextMissing):
        handling.give_first_reply(case=case, text="", now=LATER, by=manager)

    case = handling.give_first_reply(case=case, text="We look into it.", now=LATER, by=manager)

    assert (case.status, case.first_replied_at) == (CaseStatus.REPLIED, LATER)
    assert case.due_at == case.resolution_due_at
    assert open_tasks(case) == {"case-work": manager}
    assert kinds_of_steps(case) == [StepKind.OPENED, StepKind.FIRST_REPLY]
    with pytest.raises(AlreadyReplied):
        handling.give_first_reply(case=case, text="Again", now=LATER, by=manager)


@pytest.mark.rule("ORG-16")
def test_solved_on_the_spot_is_also_the_first_reply(own_client, manager):
    case = settling.resolve_case(
        case=take_down(own_client, manager), result="Explained the bill.", now=LATER, by=manager
    )

    assert (case.first_replied_at, case.resolved_at) == (LATER, LATER)
    assert open_tasks(case) == {"case-confirm": manager}
    with pytest.raises(CaseNotOpen):
        settling.resolve_case(case=case, result="Again", now=LATER, by=manager)


def test_a_case_is_confirmed_and_closed(own_client, manager):
    case = CaseFactory(client=own_client, first_responder=manager, resolved=True)

    case = settling.close_case(
        case=case, satisfaction="partly", summary="Learned.", is_lesson=True, now=LATER, by=manager
    )

    assert (case.status, case.closed_at, case.is_lesson) == (CaseStatus.CLOSED, LATER, True)
    assert kinds_of_steps(case) == [StepKind.CLOSED]
    assert open_tasks(case) == {}
    with pytest.raises(CaseNotSettled):
        settling.close_case(case=case, satisfaction="partly", summary="s", now=LATER, by=manager)


@pytest.mark.rule("STF-08")
def test_no_case_is_closed_without_summary_and_satisfaction(own_client, manager):
    case = CaseFactory(client=own_client, first_responder=manager, resolved=True)

    for wrong in ({"satisfaction": ""}, {"summary": " "}):
        fields = {"satisfaction": "satisfied", "summary": "s"} | wrong
        with pytest.raises(TextMissing):
            settling.close_case(case=case, now=LATER, by=manager, **fields)
    with pytest.raises(CaseNotSettled):
        settling.close_case(
            case=CaseFactory(), satisfaction="satisfied", summary="s", now=LATER, by=manager
        )


def test_who_answers_for_the_client_hears_of_dissatisfaction(own_client, manager, supervisor):
    for satisfaction in ("satisfied", "dissatisfied"):
        case = CaseFactory(client=own_client, first_responder=manager, resolved=True)
        settling.close_case(
            case=case, satisfaction=satisfaction, summary="s", now=LATER, by=manager
        )

    assert Notification.objects.filter(kind="case-dissatisfied").count() == 1
    assert told("case-dissatisfied") == {supervisor}


@pytest.mark.rule("ORG-17")
def test_a_reopened_case_goes_on_from_the_first_contact(own_client, manager):
    case = CaseFactory(client=own_client, first_responder=manager, closed=True, is_lesson=True)

    case = settling.reopen_case(case=case, reason="It came back", now=LATER, by=manager)

    assert (case.status, case.due_at) == (CaseStatus.REPLIED, case.resolution_due_at)
    assert (case.closed_at, case.satisfaction, case.is_lesson) == (None, "", False)
    assert open_tasks(case) == {"case-work": manager}
    with pytest.raises(CaseNotSettled):
        settling.reopen_case(case=case, reason="Again", now=LATER, by=manager)


def test_who_reopens_a_case_of_somebody_gone_has_it(own_client, manager):
    gone = UserFactory(is_active=False)
    case = CaseFactory(client=own_client, first_responder=manager, assignee=gone, resolved=True)

    assert settling.reopen_case(case=case, reason="r", now=LATER, by=manager).assignee == manager


@pytest.mark.rule("ORG-28")
def test_the_leader_on_duty_is_told(own_client, manager, supervisor, units):
    leader = UserFactory(role=Role.SUPERVISOR, unit=units.city_1, full_name="Liang Bo")
    DutyShiftFactory(
        person=leader, unit=units.city_1, starts_at=NOW, ends_at=NOW + timedelta(hours=8)
    )
    case = take_down(own_client, manager)

    case = handling.call_leader(case=case, text="In the reception room", now=LATER, by=manager)

    assert case.leader == leader
    assert told("case-leader") == {leader}
    step = case.steps.get(kind=StepKind.LEADER)
    assert (step.to_person, step.text) == (leader, "In the reception room")


@pytest.mark.rule("ORG-28")
def test_outside_all_shifts_who_answers_for_the_unit_is_told(own_client, manager, supervisor):
    case = handling.call_leader(case=take_down(own_client, manager), now=LATER, by=manager)

    assert told("case-leader") == {supervisor}
    assert case.leader == supervisor


@pytest.mark.rule("ORG-28")
def test_a_leader_who_is_called_sees_the_case(foreign_client, outsider, units):
    """Whoever is on duty, also one whose role does not oversee the unit."""
    leader = UserFactory(unit=units.city_2)
    DutyShiftFactory(
        person=leader, unit=units.city_2, starts_at=NOW, ends_at=NOW + timedelta(hours=8)
    )
    case = take_down(foreign_client, outsider)
    assert not Case.objects.visible_to(leader).exists()

    handling.call_leader(case=case, now=LATER, by=outsider)

    assert Case.objects.visible_to(leader).get() == case


def test_nobody_on_duty_is_said(foreign_client, outsider):
    with pytest.raises(NobodyOnDuty):
        handling.call_leader(case=take_down(foreign_client, outsider), now=LATER, by=outsider)


@pytest.mark.rule("CON-14")
def test_the_personality_is_judged_in_the_case(own_client, manager):
    case = take_down(own_client, manager)

    case = handling.judge_personality(case=case, personality="driver", now=LATER, by=manager)

    assert case.personality == "driver"
    assert case.steps.get(kind=StepKind.PERSONALITY).text == "Driver"


def test_notes_are_written_also_after_the_end(own_client, manager):
    case = CaseFactory(client=own_client, first_responder=manager, closed=True)

    handling.add_note(case=case, text=" Called once more ", now=LATER, by=manager)

    assert case.steps.get().text == "Called once more"
    with pytest.raises(TextMissing):
        handling.add_note(case=case, text=" ", now=LATER, by=manager)


@pytest.mark.parametrize("write", ["save", "delete"])
def test_a_step_is_never_changed(write):
    step = CaseStepFactory()
    step.text = "Never said"

    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        getattr(step, write)()


@pytest.mark.rule("STF-08")
def test_only_closed_cases_become_training_material(manager):
    with pytest.raises(CaseNotSettled):
        lessons.mark_lesson(case=CaseFactory(resolved=True), is_lesson=True, by=manager)
    case = CaseFactory(closed=True)

    assert lessons.mark_lesson(case=case, is_lesson=True, by=manager).is_lesson
    assert not lessons.mark_lesson(case=case, is_lesson=False, by=manager).is_lesson


@pytest.mark.rule("STF-08")
def test_a_lesson_is_read_once(manager):
    case = CaseFactory(closed=True, is_lesson=True)

    first = lessons.read_lesson(case=case, now=NOW, by=manager)

    assert lessons.read_lesson(case=case, now=LATER, by=manager) == first
    assert first.read_at == NOW


@pytest.mark.rule("ORG-16", "ORG-17")
def test_overdue_cases_are_told_once_for_each_deadline(own_client, manager, peer, supervisor):
    case = CaseFactory(client=own_client, first_responder=manager, assignee=peer)
    late = case.first_reply_due_at + timedelta(minutes=1)

    assert reminders.tell_overdue_cases(now=case.first_reply_due_at, by=None) == 0
    for _ in range(2):
        assert reminders.tell_overdue_cases(now=late, by=None) == 1
    assert told("case-overdue") == {manager, supervisor}

    handling.give_first_reply(case=case, text="Late, sorry.", now=late, by=manager)
    assert reminders.tell_overdue_cases(now=late, by=None) == 0
    reminders.tell_overdue_cases(now=case.resolution_due_at + timedelta(minutes=1), by=None)
    assert told("case-overdue") == {manager, supervisor, peer}
