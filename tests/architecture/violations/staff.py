"""Rows of the staff that their constraints refuse."""

from collections.abc import Callable
from datetime import date

from staff.models import CareerStep, ListSetting, SavedFilter
from tests.architecture.violations.common import NOON, twice
from tests.factories.staff import (
    AbsenceFactory,
    AcknowledgementFactory,
    AppointmentFactory,
    AttendanceFactory,
    DutyShiftFactory,
    ExportFactory,
    LoanFactory,
    NotificationFactory,
    PolicyVersionFactory,
    ScoreFactory,
    TaskFactory,
    UserFactory,
)


def same_task() -> None:
    TaskFactory(subject_id=TaskFactory().subject_id)


def same_news() -> None:
    NotificationFactory(recipient=NotificationFactory(key="k").recipient, key="k")


def accepted_twice() -> None:
    first = AcknowledgementFactory()
    AcknowledgementFactory(person=first.person, policy=first.policy)


def scored_twice() -> None:
    first = ScoreFactory()
    ScoreFactory(assessment=first.assessment, quality=first.quality)


def attended_twice() -> None:
    first = AttendanceFactory()
    AttendanceFactory(session=first.session, person=first.person)


def same_career_step() -> None:
    first = CareerStep.objects.first()
    CareerStep.objects.create(from_position=first.from_position, to_position=first.to_position)


def own_deputy() -> None:
    person = UserFactory()
    AbsenceFactory(person=person, deputy=person)


def same_appointment() -> None:
    first = AppointmentFactory()
    AppointmentFactory(person=first.person, position=first.position, unit=first.unit)


def export_of(**fields) -> None:
    ExportFactory(**{"list_name": "", **fields})


def own_export_decided() -> None:
    person = UserFactory()
    ExportFactory(owner=person, decided_by=person, decided_at=NOON)


def same_filter() -> None:
    person = UserFactory()
    for query in ("q=a", "q=b"):
        SavedFilter.objects.create(owner=person, list_name="x", name="Mine", query=query)


def same_setting() -> None:
    person = UserFactory()
    for _ in range(2):
        ListSetting.objects.create(person=person, list_name="x")


VIOLATIONS: dict[str, list[Callable[[], object]]] = {
    "staff_task_one_open_per_subject": [same_task],
    "staff_savedfilter_once": [same_filter],
    "staff_listsetting_once": [same_setting],
    "staff_notification_told_once": [same_news],
    "staff_absence_ends_after_start": [
        lambda: AbsenceFactory(starts_on=date(2026, 7, 6), ends_on=date(2026, 7, 5))
    ],
    "staff_absence_deputy_is_another": [own_deputy],
    "staff_absence_decision_whole": [
        lambda: AbsenceFactory(decided_at=NOON),
        lambda: AbsenceFactory(decided_by=UserFactory()),
    ],
    "staff_score_one_to_five": [lambda: ScoreFactory(value=0), lambda: ScoreFactory(value=6)],
    "staff_score_once": [scored_twice],
    "staff_attendance_once": [attended_twice],
    "staff_careerstep_once": [same_career_step],
    "staff_policyversion_once": [twice(PolicyVersionFactory, version=7)],
    "staff_acknowledgement_once": [accepted_twice],
    "staff_loan_due_after_lent": [lambda: LoanFactory(due_on=date(2026, 6, 30))],
    "staff_loan_returned_after_lent": [lambda: LoanFactory(returned_on=date(2026, 6, 30))],
    "staff_dutyshift_ends_after_start": [lambda: DutyShiftFactory(starts_at=NOON, ends_at=NOON)],
    "staff_appointment_ends_after_start": [
        lambda: AppointmentFactory(started_on=date(2026, 7, 6), ended_on=date(2026, 7, 5))
    ],
    "staff_appointment_held_once": [same_appointment],
    "staff_export_list_or_document": [
        export_of,
        lambda: export_of(list_name="x:y", document="z", subject="1"),
        lambda: export_of(document="z"),
    ],
    "staff_export_has_reason": [
        lambda: export_of(document="z", subject="1", reason=""),
        lambda: export_of(list_name="x:y", reason=""),
    ],
    "staff_export_waits_for_a_time": [lambda: ExportFactory(state="approval")],
    "staff_export_decision_whole": [
        lambda: ExportFactory(decided_at=NOON),
        lambda: ExportFactory(decided_by=UserFactory()),
    ],
    "staff_export_decided_by_another": [own_export_decided],
    "staff_export_refused_by_somebody": [lambda: ExportFactory(state="refused")],
}
