"""Major changes at a client are reported at the first moment (ARC-21)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pghistory.models import Events

from accounts.choices import MajorChangeKind
from accounts.exceptions import AlreadyAnswered, ImpossibleTime, OwnReport, ReasonMissing
from accounts.models import MajorChange
from accounts.selectors.changes import ReportingTimes, reporting_times
from accounts.services import changes
from staff.models import Notification
from tests.factories.accounts import MajorChangeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-21")]
NOW = datetime(2026, 7, 6, 4, tzinfo=UTC)


def report(client, by, **fields):
    values = {
        "kind": "finance",
        "happened_on": date(2026, 7, 3),
        "learned_at": NOW - timedelta(hours=5),
        "text": "Payments are approved in the head office now.",
        "now": NOW,
    }
    return changes.report_change(client=client, by=by, **(values | fields))


def told(*people):
    rows = Notification.objects.order_by("recipient", "pk")
    return {(row.recipient, row.kind) for row in rows if row.recipient in people}


def test_the_five_kinds_of_the_handbook():
    assert MajorChangeKind.values == [
        "management", "operation", "finance", "market", "leadership",
    ]  # fmt: skip


@pytest.mark.parametrize(("letter", "reaches"), [("A", True), ("B", True), ("C", False)])
def test_the_supervisor_and_for_a_and_b_the_representative_are_told_at_once(
    own_client, manager, supervisor, representative, letter, reaches
):
    own_client.client_class, own_client.chief_representative = letter, representative
    own_client.save()

    change = report(own_client, manager)

    expected = {(supervisor, "major-change")}
    if reaches:
        expected.add((representative, "major-change"))
    assert told(manager, supervisor, representative) == expected
    assert (change.days_to_report, change.hours_to_report) == (3, 5)
    assert Events.objects.tracks(change).get().pgh_context["actor"] == manager.pk


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"learned_at": NOW + timedelta(minutes=1)}, ImpossibleTime),
        ({"happened_on": date(2026, 7, 7)}, ImpossibleTime),
        ({"text": " "}, ReasonMissing),
    ],
)
def test_what_cannot_be_is_refused(own_client, manager, fields, refusal):
    with pytest.raises(refusal):
        report(own_client, manager, **fields)

    assert not MajorChange.objects.exists()


def test_it_is_acknowledged_once_with_a_word_by_somebody_else(own_client, manager, supervisor):
    change = report(own_client, manager)

    with pytest.raises(OwnReport):
        changes.acknowledge_change(change=change, answer="Me", now=NOW, by=manager)
    with pytest.raises(ReasonMissing):
        changes.acknowledge_change(change=change, answer=" ", now=NOW, by=supervisor)
    changes.acknowledge_change(change=change, answer="We visit them.", now=NOW, by=supervisor)
    with pytest.raises(AlreadyAnswered):
        changes.acknowledge_change(change=change, answer="Again", now=NOW, by=supervisor)

    change.refresh_from_db()
    assert (change.answer, change.answered_by, change.is_open) == (
        "We visit them.", supervisor, False,
    )  # fmt: skip
    assert told(manager) == {(manager, "major-change-seen")}


def test_times_to_the_report_are_medians_of_rows_in_sight(own_client, foreign_client, supervisor):
    for days, hours in ((1, 2), (2, 30), (9, 4)):
        MajorChangeFactory(
            client=own_client,
            happened_on=NOW.date() - timedelta(days=days),
            learned_at=NOW - timedelta(hours=hours),
            reported_at=NOW,
        )
    MajorChangeFactory(client=foreign_client, happened_on=date(2026, 1, 1), reported_at=NOW)
    MajorChangeFactory(client=own_client, learned_at=NOW - timedelta(days=400),
                       reported_at=NOW - timedelta(days=399))  # fmt: skip

    assert reporting_times(supervisor, NOW) == ReportingTimes(count=3, days=2.0, hours=4.0)


def test_without_reports_there_is_no_median(supervisor):
    assert reporting_times(supervisor, NOW) == ReportingTimes(count=0, days=None, hours=None)
