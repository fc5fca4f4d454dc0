"""Visits from the outline to the record."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from staff.models import Notification
from tests.factories.visits import VisitFactory
from visits import services
from visits.exceptions import OutlineMissing, ReasonMissing, RecordIncomplete, VisitNotOpen
from visits.models import Visit

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 7, 6, 2, tzinfo=UTC)  # 10:00 in Beijing
EVENING = datetime(2026, 7, 6, 10, tzinfo=UTC)


def plan(client, by, **fields) -> Visit:
    return services.plan_visit(
        **{
            "client": client,
            "purpose": "liaison",
            "starts_at": MONDAY,
            "visitor": by,
            "outline": "How are things?",
            "by": by,
        }
        | fields
    )


def record(visit, by, **fields) -> Visit:
    return services.record_visit(
        **{
            "visit": visit,
            "summary": "All well.",
            "next_step": "Call in August.",
            "next_step_on": date(2026, 8, 3),
            "now": EVENING,
            "by": by,
        }
        | fields
    )


def trail(visit) -> list[tuple]:
    events = visit.events.order_by("pgh_id").select_related("pgh_context")
    return [
        (event.state, event.pgh_context.metadata["verb"], event.pgh_context.metadata["actor"])
        for event in events
    ]


@pytest.mark.rule("VIS-01")
def test_visit_is_planned_with_purpose_and_outline(own_client, manager, peer):
    visit = plan(own_client, manager, visitor=peer, place="At the door")

    visit.refresh_from_db()
    assert (visit.client, visit.visitor, visit.created_by, visit.place) == (
        own_client, peer, manager, "At the door",
    )  # fmt: skip
    assert (visit.state, visit.mode, visit.starts_at) == ("planned", "door", MONDAY)
    assert trail(visit) == [("planned", "visits.plan_visit", manager.pk)]


@pytest.mark.rule("VIS-24")
@pytest.mark.parametrize("outline", ["", "   "])
def test_visit_without_outline_is_refused(own_client, manager, outline):
    with pytest.raises(OutlineMissing):
        plan(own_client, manager, outline=outline)

    assert not Visit.objects.exists()


def test_visit_without_appointment_needs_no_outline(own_client, manager):
    assert plan(own_client, manager, outline="", is_unplanned=True).outline == ""


@pytest.mark.rule("VIS-61")
@pytest.mark.rule("VIS-62")
@pytest.mark.parametrize(
    ("mode", "starts_at", "due"),
    [
        ("door", MONDAY, date(2026, 7, 9)),
        ("phone", MONDAY, date(2026, 7, 8)),
        ("door", datetime(2026, 7, 3, 2, tzinfo=UTC), date(2026, 7, 8)),  # over a week-end
        ("phone", datetime(2026, 7, 3, 2, tzinfo=UTC), date(2026, 7, 7)),
        # Before National Day; 10 October is a worked Saturday.
        ("door", datetime(2026, 9, 30, 2, tzinfo=UTC), date(2026, 10, 10)),
        ("phone", datetime(2026, 9, 30, 2, tzinfo=UTC), date(2026, 10, 9)),
        # 00:30 on Tuesday in Beijing is still Monday in London.
        ("phone", datetime(2026, 7, 6, 16, 30, tzinfo=UTC), date(2026, 7, 9)),
    ],
)
def test_record_is_due_after_so_many_working_days(own_client, manager, mode, starts_at, due):
    assert plan(own_client, manager, mode=mode, starts_at=starts_at).record_due_on == due


@pytest.mark.rule("P22")
def test_record_is_due_by_the_visitors_own_day(own_client, manager):
    with timezone.override(ZoneInfo("Europe/London")):
        visit = plan(own_client, manager, starts_at=datetime(2026, 7, 6, 16, 30, tzinfo=UTC))

    assert visit.record_due_on == date(2026, 7, 9)


def test_moved_visit_moves_its_deadline(own_client, manager):
    visit = plan(own_client, manager)

    services.change_visit(
        visit=visit, starts_at=MONDAY + timedelta(days=7), mode="phone", by=manager
    )

    visit.refresh_from_db()
    assert (visit.mode, visit.record_due_on) == ("phone", date(2026, 7, 15))
    assert trail(visit)[-1] == ("planned", "visits.change_visit", manager.pk)


@pytest.mark.rule("VIS-50")
@pytest.mark.rule("VIS-60")
def test_record_completes_the_visit(own_client, manager):
    visit = record(plan(own_client, manager), manager)

    visit.refresh_from_db()
    assert (visit.state, visit.summary, visit.next_step, visit.next_step_on) == (
        "done", "All well.", "Call in August.", date(2026, 8, 3),
    )  # fmt: skip
    assert (visit.recorded_at, visit.held_at, visit.is_open) == (EVENING, MONDAY, False)
    assert trail(visit)[-1] == ("done", "visits.record_visit", manager.pk)


@pytest.mark.parametrize(
    ("starts_at", "held_at", "kept"),
    [
        (MONDAY, None, MONDAY),
        (EVENING + timedelta(days=1), None, EVENING),  # held earlier than agreed
        (MONDAY, MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=1)),
    ],
)
def test_time_of_the_meeting(own_client, manager, starts_at, held_at, kept):
    visit = record(plan(own_client, manager, starts_at=starts_at), manager, held_at=held_at)

    assert visit.held_at == kept


@pytest.mark.rule("VIS-60")
@pytest.mark.parametrize("empty", ["summary", "next_step"])
def test_record_wants_summary_and_next_step(own_client, manager, empty):
    visit = plan(own_client, manager)
    texts = {"summary": "Talked.", "next_step": "Call."} | {empty: "  "}

    with pytest.raises(RecordIncomplete):
        services.record_visit(visit=visit, next_step_on=None, now=EVENING, by=manager, **texts)

    visit.refresh_from_db()
    assert visit.state == "planned"


@pytest.mark.rule("VIS-31")
def test_visit_is_not_cancelled_without_a_reason(own_client, manager):
    visit = plan(own_client, manager)

    with pytest.raises(ReasonMissing):
        services.cancel_visit(visit=visit, reason=" ", by=manager)

    visit.refresh_from_db()
    assert visit.state == "planned"


@pytest.mark.rule("VIS-31")
def test_cancelled_visit_keeps_its_reason(own_client, manager):
    visit = services.cancel_visit(visit=plan(own_client, manager), reason="Ill.", by=manager)

    visit.refresh_from_db()
    assert (visit.state, visit.cancelled_reason) == ("cancelled", "Ill.")
    assert trail(visit)[-1] == ("cancelled", "visits.cancel_visit", manager.pk)


@pytest.mark.parametrize(
    "end", [record, lambda visit, by: services.cancel_visit(visit=visit, reason="Ill.", by=by)]
)
def test_finished_visit_cannot_be_touched(own_client, manager, end):
    visit = end(plan(own_client, manager), manager)

    for act in (
        lambda: record(visit, manager),
        lambda: services.cancel_visit(visit=visit, reason="Late.", by=manager),
        lambda: services.change_visit(visit=visit, place="Here", by=manager),
    ):
        with pytest.raises(VisitNotOpen):
            act()


@pytest.mark.rule("VIS-32")
def test_call_without_appointment_is_logged_at_once(own_client, manager):
    visit = services.log_contact(
        client=own_client, mode="phone", purpose="care", held_at=MONDAY, summary="Called.",
        next_step="Nothing.", next_step_on=None, now=EVENING, by=manager,
    )  # fmt: skip

    visit.refresh_from_db()
    assert (visit.state, visit.is_unplanned, visit.held_at, visit.visitor) == (
        "done", True, MONDAY, manager,
    )  # fmt: skip
    assert [verb for _, verb, _ in trail(visit)] == ["visits.log_contact"] * 2


def test_what_is_planned_done_missing_and_overdue(own_client):
    late = VisitFactory(client=own_client, record_due_on=date(2026, 7, 5))
    due = VisitFactory(client=own_client, record_due_on=date(2026, 7, 6))
    ahead = VisitFactory(client=own_client, starts_at=EVENING)
    done = VisitFactory(client=own_client, done=True, record_due_on=date(2026, 7, 1))

    today = date(2026, 7, 6)
    assert set(Visit.objects.planned()) == {late, due, ahead}
    assert set(Visit.objects.done()) == {done}
    assert set(Visit.objects.without_record(EVENING)) == {late, due}
    assert set(Visit.objects.overdue(today)) == {late}
    assert {visit for visit in Visit.objects.all() if visit.is_overdue(today)} == {late}
    assert set(Visit.objects.between(MONDAY, EVENING)) == {late, due, done}


@pytest.mark.rule("VIS-61")
def test_visitor_is_reminded_of_overdue_records_once_a_day(own_client, manager):
    VisitFactory(client=own_client, visitor=manager, record_due_on=date(2026, 7, 5))
    VisitFactory(client=own_client, visitor=manager, record_due_on=date(2026, 7, 6))

    counts = [
        services.remind_of_overdue_records(today=date(2026, 7, day), by=None) for day in (6, 6, 7)
    ]

    assert counts == [1, 1, 2]
    told = Notification.objects.values_list("recipient__username", "kind")
    assert list(told) == [("manager", "record-overdue")] * 3
