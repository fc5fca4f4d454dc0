"""Units, people, to-dos and notifications."""

from datetime import UTC, date, datetime, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory, Password

from crm.lib.models import uuid7
from staff.choices import DayKind, Role, UnitKind
from staff.models import (
    Absence,
    Acknowledgement,
    Appointment,
    Assessment,
    Attendance,
    CalendarDay,
    Course,
    DutyShift,
    Export,
    Loan,
    Notification,
    PolicyVersion,
    Position,
    Quality,
    Score,
    Task,
    TrainingSession,
    Unit,
    User,
)


class UnitFactory(DjangoModelFactory):
    class Meta:
        model = Unit

    code = factory.Sequence(lambda n: f"U{n:04}")
    name = factory.Sequence(lambda n: f"Unit {n}")
    kind = UnitKind.TEAM
    parent = None


class UserFactory(DjangoModelFactory):
    """An account manager nobody can log in as by password; give `password` for one who can."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"person{n}")
    full_name = factory.Sequence(lambda n: f"Person {n}")
    role = Role.ACCOUNT_MANAGER
    unit = factory.SubFactory(UnitFactory)
    password = Password(None)
    must_acknowledge = False  # past the first login


class PositionFactory(DjangoModelFactory):
    """A position that makes nobody eligible for anything."""

    class Meta:
        model = Position

    code = factory.Sequence(lambda n: f"position-{n}")
    name_en = factory.Sequence(lambda n: f"Position {n}")
    name_zh = factory.Sequence(lambda n: f"岗位 {n}")


class AppointmentFactory(DjangoModelFactory):
    """Held since the beginning of 2026."""

    class Meta:
        model = Appointment

    person = factory.SubFactory(UserFactory)
    position = factory.SubFactory(PositionFactory)
    unit = factory.SelfAttribute("person.unit")
    started_on = date(2026, 1, 1)


class AbsenceFactory(DjangoModelFactory):
    """An approved one in July 2026 without a deputy; `on=True`: yesterday to tomorrow."""

    class Meta:
        model = Absence

    class Params:
        on = factory.Trait(
            starts_on=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1)),
            ends_on=factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=1)),
        )

    person = factory.SubFactory(UserFactory)
    starts_on = date(2026, 7, 13)
    ends_on = date(2026, 7, 17)
    state = "approved"


class LoanFactory(DjangoModelFactory):
    class Meta:
        model = Loan

    person = factory.SubFactory(UserFactory)
    kind = "phone"
    item = "Demo phone"
    lent_on = date(2026, 7, 1)
    due_on = date(2026, 7, 10)


class DutyShiftFactory(DjangoModelFactory):
    """Running now, for a day yet."""

    class Meta:
        model = DutyShift

    person = factory.SubFactory(UserFactory)
    unit = factory.SelfAttribute("person.unit")
    starts_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    ends_at = factory.LazyFunction(lambda: timezone.now() + timedelta(days=1))


class PolicyVersionFactory(DjangoModelFactory):
    class Meta:
        model = PolicyVersion

    kind = "norms"
    version = factory.Sequence(lambda n: 100 + n)
    body_en = "Be kind."
    body_zh = "待人友善。"
    published_at = datetime(2026, 7, 1, tzinfo=UTC)


class AcknowledgementFactory(DjangoModelFactory):
    class Meta:
        model = Acknowledgement

    person = factory.SubFactory(UserFactory)
    policy = factory.SubFactory(PolicyVersionFactory)
    acknowledged_at = datetime(2026, 7, 2, tzinfo=UTC)


class AssessmentFactory(DjangoModelFactory):
    """By oneself, without scores."""

    class Meta:
        model = Assessment

    person = factory.SubFactory(UserFactory)
    assessed_by = factory.SelfAttribute("person")
    kind = "self"
    assessed_on = date(2026, 7, 6)


class QualityFactory(DjangoModelFactory):
    class Meta:
        model = Quality

    code = factory.Sequence(lambda n: f"quality-{n}")
    name_en = "Quality"
    name_zh = "素质"
    profile = "manager"
    place = 99


class ScoreFactory(DjangoModelFactory):
    class Meta:
        model = Score

    assessment = factory.SubFactory(AssessmentFactory)
    quality = factory.SubFactory(QualityFactory)
    value = 3


class CourseFactory(DjangoModelFactory):
    class Meta:
        model = Course

    code = factory.Sequence(lambda n: f"course-{n}")
    name_en = "Course"
    name_zh = "课程"
    kind = "skill"


class TrainingSessionFactory(DjangoModelFactory):
    class Meta:
        model = TrainingSession

    course = factory.SubFactory(CourseFactory)
    unit = factory.SubFactory(UnitFactory)
    held_on = date(2026, 7, 6)


class AttendanceFactory(DjangoModelFactory):
    class Meta:
        model = Attendance

    session = factory.SubFactory(TrainingSessionFactory)
    person = factory.SubFactory(UserFactory)


class TaskFactory(DjangoModelFactory):
    """An open task to visit a client because of an alert."""

    class Meta:
        model = Task

    kind = "alert-visit"
    params = factory.LazyFunction(lambda: {"client": "Client", "month": "2026-06"})
    subject_id = factory.LazyFunction(uuid7)
    link = "/"
    assignee = factory.SubFactory(UserFactory)
    due_on = date(2026, 7, 10)


class NotificationFactory(DjangoModelFactory):
    """An unread one."""

    class Meta:
        model = Notification

    recipient = factory.SubFactory(UserFactory)
    kind = "alert-raised"
    params = factory.LazyFunction(lambda: {"client": "Client", "month": "2026-06"})
    link = "/"
    key = factory.Sequence(lambda n: f"key-{n}")


class ExportFactory(DjangoModelFactory):
    """The order of a list of clients, not yet written."""

    class Meta:
        model = Export

    owner = factory.SubFactory(UserFactory)
    list_name = "accounts:client_list"
    reason = "A talk with the board"
    format = "csv"


class CalendarDayFactory(DjangoModelFactory):
    """A company day off."""

    class Meta:
        model = CalendarDay

    day = factory.Sequence(lambda n: date.fromordinal(date(2026, 3, 2).toordinal() + n))
    kind = DayKind.OFF
