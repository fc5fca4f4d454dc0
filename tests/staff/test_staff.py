"""People, units, to-dos and notifications."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction
from django.utils import translation

from crm.lib.models import uuid7
from staff import messages, selectors
from staff.choices import Role
from staff.models import CalendarDay, Notification, Task, Unit, User
from staff.roles import ROLE_RIGHTS, rights_of
from staff.services import people, work
from tests.factories.staff import (
    CalendarDayFactory,
    NotificationFactory,
    TaskFactory,
    UnitFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 6, 8, tzinfo=UTC)


# Rights -----------------------------------------------------------------------------------------


def test_every_role_has_rights_and_an_unknown_one_has_none():
    assert set(ROLE_RIGHTS) == set(Role)
    assert rights_of("pirate") == frozenset()


def test_rights_end_with_the_account(manager):
    assert manager.has_perm("visits.plan_visit")
    assert not manager.has_perm("analytics.import_bills")

    manager.is_active = False

    assert not manager.has_perm("visits.plan_visit")
    assert not manager.has_module_perms("visits")


@pytest.mark.rule("P35")
def test_who_may_reveal_a_number():
    may = {role for role in Role if "accounts.reveal_msisdn" in rights_of(role)}

    assert may == {Role.ACCOUNT_MANAGER, Role.CHIEF_REPRESENTATIVE, Role.SUPERVISOR}


@pytest.mark.rule("P5")
def test_who_may_import_bills():
    may = {role for role in Role if "analytics.import_bills" in rights_of(role)}

    assert may == {Role.OPERATIONS}


# Units ------------------------------------------------------------------------------------------


def test_root_unit_is_founded_once():
    root = people.found_root_unit(by=None)

    assert people.found_root_unit(by=None) == root
    assert Unit.objects.count() == 1


def test_supervisors_are_those_of_the_nearest_unit_above(units, supervisor):
    near = UserFactory(role=Role.SUPERVISOR, unit=units.team_1)
    UserFactory(role=Role.SUPERVISOR, unit=units.team_1, is_active=False)

    found = selectors.supervisors_by_unit()

    assert found == {
        units.team_1.pk: [near],
        units.city_1.pk: [supervisor],
        units.province.pk: [],
        units.city_2.pk: [],
        units.team_2.pk: [],
    }


# People -----------------------------------------------------------------------------------------


def test_new_person_can_log_in(units, operations):
    person = people.create_user(
        username="new", full_name="Ni", role=Role.AGENT, unit=units.team_1, password="s3cret-pass",
        by=operations,
    )  # fmt: skip

    assert User.objects.get(username="new").check_password("s3cret-pass")
    assert "password" not in {field.name for field in person.events.model._meta.fields}


@pytest.mark.parametrize("username", ["manager", "two words", "", "x" * 65])
def test_impossible_name_is_refused(units, manager, username):
    with pytest.raises(ValidationError):
        people.create_user(
            username=username, full_name="Ni", role=Role.AGENT, unit=units.team_1,
            password="s3cret-pass", by=None,
        )  # fmt: skip


def test_language_is_kept_with_actor_and_before(manager):
    people.choose_language(language="zh-hans", by=manager)

    manager.refresh_from_db()
    events = manager.events.order_by("pgh_id").select_related("pgh_context")
    assert manager.language == "zh-hans"
    assert [event.language for event in events] == ["", "zh-hans"]
    assert events[1].pgh_context.metadata == {
        "verb": "staff.choose_language",
        "actor": manager.pk,
    }


def test_usernames_are_unique(manager):
    with pytest.raises(IntegrityError), transaction.atomic():
        UserFactory(username="manager")


def test_unit_codes_are_unique(units):
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitFactory(code="T1")


# Tasks ------------------------------------------------------------------------------------------


def raise_task(subject, assignee, **fields):
    return work.raise_task(
        **{
            "kind": "alert-visit",
            "subject_id": subject,
            "params": {"client": "Acme", "month": "2026-06"},
            "link": "/alerts/1/",
            "assignee": assignee,
            "due_on": date(2026, 7, 10),
            "by": None,
        }
        | fields
    )


def test_task_of_a_subject_is_made_once_and_brought_up_to_date(manager, peer):
    subject = uuid7()
    first = raise_task(subject, manager)

    second = raise_task(subject, peer, due_on=date(2026, 7, 20))

    assert second.pk == first.pk
    assert (second.assignee, second.due_on) == (peer, date(2026, 7, 20))


def test_finished_task_makes_room_for_another(manager):
    subject = uuid7()
    work.finish_task(task=raise_task(subject, manager), now=NOW, by=manager)

    raise_task(subject, manager)

    assert Task.objects.filter(subject_id=subject).count() == 2


def test_second_open_task_about_a_subject_is_impossible():
    task = TaskFactory()

    with pytest.raises(IntegrityError, match="one_open_per_subject"), transaction.atomic():
        TaskFactory(subject_id=task.subject_id)


def test_finished_task_keeps_its_first_time_and_its_trace(manager):
    task = TaskFactory(assignee=manager)

    work.finish_task(task=task, now=NOW, by=manager)
    work.finish_task(task=task, now=datetime(2026, 8, 1, tzinfo=UTC), by=manager)

    task.refresh_from_db()
    events = task.events.order_by("pgh_id").select_related("pgh_context")
    assert task.done_at == NOW
    assert [event.done_at for event in events] == [None, NOW]
    assert events[1].pgh_context.metadata == {"verb": "staff.finish_task", "actor": manager.pk}


def test_open_and_overdue_tasks():
    done = TaskFactory(done_at=NOW, due_on=date(2026, 7, 1))
    late = TaskFactory(due_on=date(2026, 7, 5))
    today = TaskFactory(due_on=date(2026, 7, 6))

    assert set(Task.objects.open()) == {late, today}
    assert list(Task.objects.overdue(date(2026, 7, 6))) == [late]
    assert done not in Task.objects.overdue(date(2026, 7, 6))


def test_sentences_are_in_the_readers_language():
    task = TaskFactory(params={"client": "Acme", "month": "2026-06"})

    with translation.override("en"):
        assert str(task) == "Visit Acme: alert of 2026-06"
    assert messages.render("forgotten-kind", {}) == "forgotten-kind"


# Notifications ----------------------------------------------------------------------------------


def tell(*people, key="k1"):
    work.notify(
        recipients=people, kind="alert-raised", key=key,
        params={"client": "Acme", "month": "2026-06"}, link="/", by=None,
    )  # fmt: skip


def test_each_active_person_is_told_once(manager, peer, outsider):
    outsider.is_active = False

    tell(manager, peer, manager, outsider)
    tell(manager)
    tell(manager, key="k2")

    told = Notification.objects.values_list("recipient__username", "key")
    assert sorted(told) == [("manager", "k1"), ("manager", "k2"), ("peer", "k1")]


def test_same_news_twice_is_impossible(manager):
    NotificationFactory(recipient=manager, key="k1")

    with pytest.raises(IntegrityError, match="told_once"), transaction.atomic():
        NotificationFactory(recipient=manager, key="k1")


def test_reading_all_touches_only_ones_own(manager, peer):
    tell(manager, peer)

    work.read_notifications(now=NOW, by=manager)

    unread = Notification.objects.unread().values_list("recipient__username", flat=True)
    assert list(unread) == ["peer"]


def test_calendar_day_is_unique():
    CalendarDayFactory(day=date(2026, 7, 6))

    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarDay.objects.create(day=date(2026, 7, 6), kind="working")


# Audit ------------------------------------------------------------------------------------------


@pytest.mark.rule("P34")
@pytest.mark.parametrize(
    "forge",
    [lambda events: events.update(full_name="Somebody else"), lambda events: events.delete()],
    ids=["update", "delete"],
)
def test_audit_trail_is_append_only(manager, forge):
    people.choose_language(language="zh-hans", by=manager)
    events = User.pgh_event_model.objects.filter(pgh_obj=manager)

    with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
        forge(events)

    assert events.count() == 2


@pytest.mark.rule("P34")
def test_raw_sql_is_audited_too(manager):
    User.objects.filter(pk=manager.pk).update(role=Role.PROVINCE)

    assert list(manager.events.order_by("pgh_id").values_list("role", flat=True)) == [
        "account_manager",
        "province",
    ]
