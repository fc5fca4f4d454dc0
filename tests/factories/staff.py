"""Units, people, to-dos and notifications."""

from datetime import date

import factory
from factory.django import DjangoModelFactory, Password

from crm.lib.models import uuid7
from staff.choices import DayKind, Role, UnitKind
from staff.models import CalendarDay, Notification, Task, Unit, User


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


class CalendarDayFactory(DjangoModelFactory):
    """A company day off."""

    class Meta:
        model = CalendarDay

    day = factory.Sequence(lambda n: date.fromordinal(date(2026, 3, 2).toordinal() + n))
    kind = DayKind.OFF
