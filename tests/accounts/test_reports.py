"""Reports: writing, submitting, answering; the clock; who of the province gets them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.exceptions import (
    CannotReceive,
    ImpossibleTime,
    NotADraft,
    NotDiscarded,
    NothingChanged,
    NothingFound,
    NothingSaid,
    NotSubmitted,
    NotTheWriter,
    OwnReport,
    ReportThere,
)
from accounts.models import Area, Report, ReportRecipient
from accounts.report_forms import RecipientForm
from accounts.selectors.reports import recipients
from accounts.services import report_recipients, reports
from accounts.services.clients import assign_owner
from staff.choices import Role
from staff.models import Notification, Task
from tests.factories.accounts import ClientFactory, ContactLogFactory
from tests.factories.archive import AreaFactory
from tests.factories.reports import NOON, ReportFactory, ReportRecipientFactory
from tests.factories.staff import AppointmentFactory, PositionFactory, TaskFactory, UserFactory

pytestmark = pytest.mark.django_db
MONTH = date(2026, 6, 1)


def write(by, kind="urgent", **values):
    wanted = {"title": " Price war ", "summary": "Half price", "now": NOON, "learned_at": NOON}
    return reports.write_report(kind=kind, by=by, **wanted | values)


def told(kind):
    return {row.recipient for row in Notification.objects.filter(kind=kind)}


# Urgent reports and market months -----------------------------------------------------------------


@pytest.mark.rule("ORG-33", "MKT-03")
def test_an_urgent_report_is_due_24_hours_after_we_learned_of_it(manager):
    learned = NOON - timedelta(hours=5)

    report = write(manager, learned_at=learned)

    assert (report.title, report.unit, report.state) == ("Price war", manager.unit, "draft")
    assert report.due_at == learned + timedelta(hours=24)
    task = Task.objects.get()
    assert (task.kind, task.assignee, task.due_on) == ("report-due", manager, date(2026, 7, 7))
    with pytest.raises(ImpossibleTime):
        write(manager, learned_at=NOON + timedelta(minutes=1))


@pytest.mark.rule("ORG-33")
def test_an_urgent_report_goes_to_supervisor_and_province(manager, supervisor, province):
    report = write(manager)

    reports.submit_report(report=report, now=NOON + timedelta(hours=1), by=manager)

    assert told("report-submitted") == {supervisor, province}
    assert Task.objects.open().count() == 0
    report.refresh_from_db()
    assert (report.state, report.was_late) == ("submitted", False)


@pytest.mark.rule("ORG-33")
def test_recipients_are_people_and_holders_of_positions(units, manager, supervisor, province):
    director = UserFactory(role=Role.SUPERVISOR, unit=units.province)
    away = UserFactory(role=Role.SUPERVISOR, unit=units.city_2)
    position = PositionFactory()
    for person in (director, away):
        AppointmentFactory(person=person, position=position, started_on=date(2026, 1, 1))
    gone = UserFactory(role=Role.SUPERVISOR, unit=units.province)
    AppointmentFactory(person=gone, position=position, started_on=date(2025, 1, 1),
                       ended_on=date(2026, 7, 5))  # fmt: skip
    report_recipients.add_recipient(person=None, position=position, now=NOON, by=province)

    reports.submit_report(report=write(manager), now=NOON, by=manager)

    # Who of the holders does not see the whole province would meet a closed door.
    assert told("report-submitted") == {supervisor, director}


@pytest.mark.rule("ORG-33")
def test_the_group_is_set_by_the_province(province, supervisor, units):
    row = report_recipients.add_recipient(person=province, position=None, now=NOON, by=province)

    assert recipients(NOON.date()) == [province]
    for person, position in ((None, None), (province, PositionFactory()), (supervisor, None)):
        with pytest.raises(CannotReceive):
            report_recipients.add_recipient(person=person, position=position, now=NOON, by=province)
    with pytest.raises(NothingChanged):
        report_recipients.add_recipient(person=province, position=None, now=NOON, by=province)
    key = row.pk
    report_recipients.remove_recipient(recipient=row, by=province)
    assert not ReportRecipient.objects.exists()
    assert ReportRecipient.pgh_event_model.objects.filter(pgh_obj_id=key).exists()


@pytest.mark.rule("ORG-33", "MKT-02")
def test_each_city_gets_a_draft_of_its_market_month(units, supervisor, manager):
    made = reports.open_market_months(now=NOON, by=None)

    report = Report.objects.get()
    assert made == 1  # city 2 has no supervisor
    assert (report.kind, report.unit, report.author) == ("market_month", units.city_1, supervisor)
    assert (report.month, report.due_at) == (MONTH, datetime(2026, 7, 5, 15, 59, tzinfo=UTC))
    assert Task.objects.open().get().assignee == supervisor
    assert reports.open_market_months(now=NOON, by=None) == 0
    with pytest.raises(ReportThere):
        write(supervisor, kind="market_month", month=MONTH, learned_at=None)


@pytest.mark.rule("ORG-33", "MKT-03")
def test_a_report_whose_time_is_over_is_told_once(manager, supervisor, province):
    late = ReportFactory(author=manager, urgent=True)
    ReportFactory(author=manager, urgent=True, submitted=True)
    ReportFactory(author=manager, urgent=True, due_at=NOON + timedelta(days=9))

    after = NOON + timedelta(hours=24)
    assert reports.watch_reports(now=after, by=None) == 0
    after += timedelta(seconds=1)

    assert reports.watch_reports(now=after, by=None) == 1
    assert told("report-overdue") == {manager, supervisor, province}
    assert reports.watch_reports(now=after, by=None) == 0
    assert list(Report.objects.overdue(after)) == [late]
    done = reports.submit_report(report=late, now=after, by=manager)
    assert done.was_late
    assert not Report.objects.overdue(after).exists()


# The way of a report ------------------------------------------------------------------------------


@pytest.mark.rule("ARC-23")
def test_a_suggestion_is_edited_submitted_and_answered(manager, supervisor, province):
    report = ReportFactory(author=manager)
    lines = [{"finding": " They left ", "action": ""}, {"finding": " ", "action": ""}]

    reports.edit_report(report=report, title="New", lines=lines, by=manager)
    reports.submit_report(report=report, now=NOON, by=manager)
    reports.answer_report(report=report, answer=" Offer 10 % ", now=NOON, by=supervisor)

    report.refresh_from_db()
    assert report.title == "New"
    assert report.lines == [{"source": "", "finding": "They left", "action": ""}]
    assert (report.state, report.answer, report.answered_by) == (
        "answered", "Offer 10 %", supervisor,
    )  # fmt: skip
    assert told("report-submitted") == {supervisor}  # not the province
    assert told("report-answered") == {manager}
    verbs = Report.pgh_event_model.objects.filter(pgh_obj=report).order_by("pgh_id")
    names = [row.pgh_context.metadata["verb"] for row in verbs if row.pgh_context]
    assert names[-3:] == [
        "accounts.edit_report", "accounts.submit_report", "accounts.answer_report",
    ]  # fmt: skip


@pytest.mark.rule("ARC-23")
def test_the_new_account_manager_goes_on_with_the_draft(manager, peer):
    report = ReportFactory(author=manager)
    report.about.owner = peer
    report.about.save()

    assert reports.submit_report(report=report, now=NOON, by=peer).state == "submitted"


@pytest.mark.rule("ARC-23")
def test_refusals(manager, peer, supervisor):
    draft = ReportFactory(author=manager)
    empty = ReportFactory(author=manager, lines=[])
    sent = ReportFactory(author=supervisor, submitted=True)

    with pytest.raises(NotTheWriter):
        reports.edit_report(report=draft, title="x", by=peer)
    with pytest.raises(NothingSaid):
        reports.submit_report(report=empty, now=NOON, by=manager)
    with pytest.raises(NotADraft):
        reports.edit_report(report=sent, title="x", by=supervisor)
    with pytest.raises(NotSubmitted):
        reports.answer_report(report=draft, answer="x", now=NOON, by=supervisor)
    with pytest.raises(OwnReport):
        reports.answer_report(report=sent, answer="x", now=NOON, by=supervisor)
    with pytest.raises(NotDiscarded):
        reports.restore_report(report=draft, by=manager)


@pytest.mark.rule("ARC-23")
def test_a_draft_is_put_aside_and_taken_up_again(manager, peer):
    report = write(manager)

    reports.discard_report(report=report, now=NOON, by=manager)
    assert Task.objects.open().count() == 0
    with pytest.raises(NotTheWriter):
        reports.restore_report(report=report, by=peer)
    restored = reports.restore_report(report=report, by=manager)

    assert restored.state == "draft"
    assert Task.objects.open().count() == 1


@pytest.mark.rule("ARC-23", "P1")
def test_who_sees_a_report(manager, peer, supervisor, outsider, province):
    about = ReportFactory(author=manager)
    plain = ReportFactory(author=manager, summarising=True)
    theirs = ReportFactory(author=outsider)

    def seen(person):
        return set(Report.objects.visible_to(person))

    assert seen(manager) == {about, plain}
    assert seen(peer) == set()
    assert seen(supervisor) == {about, plain}
    assert seen(province) == {about, plain, theirs}
    # The client moves to the other city, and what was written about it goes along.
    about.about.owner, about.about.unit = outsider, outsider.unit
    about.about.save()
    assert seen(manager) == {plain}
    assert seen(supervisor) == {plain}
    assert seen(outsider) == {about, theirs}
    assert seen(UserFactory(role=Role.SUPERVISOR, unit=outsider.unit)) == {about, theirs}
    assert seen(peer) == set()


@pytest.mark.rule("ARC-23", "P3")
def test_a_draft_and_its_to_do_go_along_with_the_client(
    own_client, manager, peer, supervisor, login
):
    draft = ReportFactory(author=manager, about=own_client, urgent=True)
    sent = ReportFactory(author=manager, about=own_client, submitted=True)
    plain = ReportFactory(author=manager, urgent=True)
    todos = [
        TaskFactory(kind="report-due", subject_id=each.pk, assignee=manager)
        for each in (draft, plain)
    ]

    assign_owner(client=own_client, owner=peer, reason="leave", now=NOON, by=supervisor)

    for todo in todos:
        todo.refresh_from_db()
    assert [todo.assignee for todo in todos] == [peer, manager]
    assert {*Report.objects.visible_to(peer)} == {draft, sent}
    assert {*Report.objects.visible_to(manager)} == {plain}
    assert login(manager).get(sent.get_absolute_url()).status_code == 404
    reports.edit_report(report=draft, summary="Seen by me too.", by=peer)


@pytest.mark.rule("P1", "P3")
def test_who_lost_the_client_is_told_nothing_more_of_reports_about_it(
    own_client, manager, peer, outsider, supervisor
):
    report = ReportFactory(author=manager, about=own_client, submitted=True)
    two_days_ago = NOON - timedelta(days=2)
    late = ReportFactory(
        author=manager, about=own_client, urgent=True, learned_at=two_days_ago, due_at=NOON
    )
    assert late.is_overdue(NOON + timedelta(days=1))
    assign_owner(client=own_client, owner=peer, reason="leave", now=NOON, by=supervisor)
    Notification.objects.all().delete()

    reports.answer_report(report=report, answer="Done.", now=NOON, by=supervisor)
    reports.watch_reports(now=NOON + timedelta(days=1), by=None)

    told = Notification.objects.filter(recipient__in=[manager, peer, outsider])
    assert set(told.values_list("kind", "recipient")) == {
        ("report-answered", peer.pk), ("report-overdue", peer.pk)
    }  # fmt: skip


# Suggestions --------------------------------------------------------------------------------------


@pytest.mark.rule("ARC-23")
def test_without_a_finding_there_is_no_suggestion(own_client, manager):
    with pytest.raises(NothingFound):
        reports.suggest(client=own_client, now=NOON, by=manager)


@pytest.mark.rule("ARC-23")
def test_a_suggestion_is_drafted_once_and_again_when_it_is_out(own_client, manager):
    own_client.own_users, own_client.other_users = 10, 30
    own_client.save()

    first = reports.suggest(client=own_client, now=NOON, by=manager)
    assert [line["source"] for line in first.lines] == ["other_networks"]
    assert "30 of 40" in first.lines[0]["finding"]
    assert (first.about, first.unit, first.author) == (own_client, own_client.unit, manager)
    assert reports.suggest(client=own_client, now=NOON, by=manager) == first

    reports.submit_report(report=first, now=NOON, by=manager)
    second = reports.suggest(client=own_client, now=NOON, by=manager)

    assert second != first
    assert (first.month, second.month) == (date(2026, 7, 1), None)


# Summaries ----------------------------------------------------------------------------------------


@pytest.mark.rule("ARC-32", "ARC-31")
def test_a_summary_begins_with_what_was_collected(manager, outsider, own_client, foreign_client):
    inside = datetime(2026, 6, 15, 4, tzinfo=UTC)
    prospect = ClientFactory(owner=manager, status="potential", can_pay=True, has_need=True,
                             can_decide=True, accepts_marketing=True)  # fmt: skip
    other = ClientFactory(owner=manager, status="target")
    type(prospect).objects.filter(pk__in=[prospect.pk, other.pk]).update(created_at=inside)
    for channel in ("phone", "phone", "sms"):
        ContactLogFactory(logged_by=manager, client=own_client, channel=channel, happened_at=inside)
    ContactLogFactory(logged_by=manager, client=own_client)  # of July
    for client, name in ((own_client, "Willow"), (foreign_client, "Far")):
        AreaFactory(client=client, name=name, population=1200, competitor_products="Cheap cards")
    Area.objects.update(updated_at=inside)

    report = write(manager, kind="summary", month=MONTH, learned_at=None, summary="")

    found = {line["source"]: line["finding"] for line in report.lines}
    assert set(found) == {"prospects", "contacts", "area"}
    assert found["prospects"] == "2 new prospects, 1 of them pass all four tests."
    assert "Phone 2, SMS 1" in found["contacts"]
    assert found["area"].startswith("Willow (Own Client): population: 1200")
    assert "Cheap cards" in found["area"]
    assert len(report.lines) == 3  # nothing of the other city's clients


@pytest.mark.rule("ARC-32")
def test_a_summary_is_submitted_to_the_supervisor(manager, supervisor):
    report = ReportFactory(author=manager, summarising=True)

    reports.submit_report(report=report, now=NOON, by=manager)
    reports.answer_report(report=report, answer="Read", now=NOON, by=supervisor)

    assert told("report-submitted") == {supervisor}
    with pytest.raises(NotSubmitted):
        reports.answer_report(report=report, answer="Again", now=NOON, by=supervisor)


@pytest.mark.rule("ORG-33")
def test_who_may_receive_is_offered(province, supervisor, units, manager):
    top = UserFactory(role=Role.OPERATIONS, unit=units.province)
    offered = set(RecipientForm().fields["person"].queryset)

    assert offered == {province, top}
    ReportRecipientFactory(person=top, added_by=province)
    assert recipients(NOON.date()) == [top]
