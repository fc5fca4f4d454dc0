"""Writes about reports (ARC-23, ARC-32, ORG-33, ADR 0048)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg2.errorcodes import UNIQUE_VIOLATION

from accounts import findings
from accounts.choices import URGENT_HOURS, ReportKind, ReportState
from accounts.exceptions import (
    ImpossibleTime,
    NotADraft,
    NotDiscarded,
    NothingFound,
    NothingSaid,
    NotSubmitted,
    NotTheWriter,
    OwnReport,
    ReportThere,
)
from accounts.models import Client, Report
from accounts.selectors.reports import collected, market_due_at, readers_of
from accounts.services.answering import put_answer
from crm.lib.months import month_before
from crm.lib.services import service
from staff.choices import UnitKind
from staff.models import Task, Unit, User
from staff.selectors import supervisors_by_unit
from staff.services.work import finish_task, notify, raise_task

DUE_TASK = "report-due"
Lines = Sequence[Mapping[str, str]]


# Writing ----------------------------------------------------------------------------------------


@service
def write_report(
    *,
    kind: str,
    title: str,
    now: datetime,
    by: User,
    summary: str = "",
    lines: Lines = (),
    month: date | None = None,
    learned_at: datetime | None = None,
    **fields: Any,
) -> Report:
    """A draft of the person's own unit; a summary begins with what was collected in its month.

    Suggestions begin at a client: `suggest`. Raises ReportThere for a second market report of a
    unit and month, ImpossibleTime when we would learn of something in the future.
    """
    if learned_at and learned_at > now:
        raise ImpossibleTime(_("We cannot learn of it in the future."))
    if kind == ReportKind.SUMMARY and not lines:
        lines = [each.as_line() for each in collected(by, month or _last_month(now))]
    report = Report(
        kind=kind,
        unit=by.unit,
        author=by,
        title=title.strip(),
        summary=summary.strip(),
        lines=cleaned(lines),
        month=month,
        learned_at=learned_at,
        due_at=_due_at(kind, month, learned_at),
        created_at=now,
        **fields,
    )
    _save_new(report)
    _ask_for(report, by)
    return report


def _last_month(now: datetime) -> date:
    return month_before(timezone.localtime(now).date().replace(day=1))


def _due_at(kind: str, month: date | None, learned_at: datetime | None) -> datetime | None:
    if kind == ReportKind.URGENT and learned_at:
        return learned_at + timedelta(hours=URGENT_HOURS)
    return market_due_at(month) if kind == ReportKind.MARKET_MONTH and month else None


def _save_new(report: Report) -> None:
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError as error:
        if getattr(error.__cause__, "pgcode", "") != UNIQUE_VIOLATION:
            raise
        raise ReportThere(_("There is such a report for this month already.")) from error


def _ask_for(report: Report, by: User | None) -> None:
    """What has a time to keep is a task of its author until it is submitted."""
    if report.due_at is None:
        return
    raise_task(
        kind=DUE_TASK,
        subject_id=report.pk,
        params={"title": report.title},
        link=report.get_absolute_url(),
        assignee=report.author,
        due_on=timezone.localtime(report.due_at).date(),
        by=by,
    )


@service
def suggest(*, client: Client, now: datetime, by: User, **fields: Any) -> Report:
    """A suggestion report about a client, drafted from what bills and usage say (ARC-23).

    The open draft when there is one. A second one in a month is about no month. Raises
    NothingFound when the client shows nothing.
    """
    known = Report.objects.filter(about=client, kind=ReportKind.SUGGESTION)
    if draft := known.drafts().order_by("-created_at", "-pk").first():
        return draft
    found = findings.find([client]).get(client.pk, [])
    if not found:
        raise NothingFound(_("Bills and usage of this client show nothing to report."))
    month: date | None = timezone.localtime(now).date().replace(day=1)
    if known.filter(month=month).exists():
        month = None
    report = _suggestion(client, found, month, by, now)
    for name, value in fields.items():
        setattr(report, name, value)
    report.save(force_insert=True)
    return report


def _suggestion(
    client: Client,
    found: Sequence[findings.Finding],
    month: date | None,
    author: User,
    now: datetime,
) -> Report:
    return Report(
        kind=ReportKind.SUGGESTION,
        about=client,
        unit=client.unit,
        author=author,
        title=_("Suggestion: %(client)s") % {"client": client.name},
        lines=[each.as_line() for each in found],
        month=month,
        created_at=now,
    )


@service
def draft_suggestions(*, clients: Sequence[Client], now: datetime, by: User | None) -> list[Report]:
    """By a job, for clients that show something: one draft a month for the account manager.

    Texts come in the language that is active; clients whose month has its report are left out.
    """
    month = timezone.localtime(now).date().replace(day=1)
    found = findings.find(clients)
    drafts = [
        _suggestion(client, found[client.pk], month, client.owner, now)
        for client in clients
        if client.pk in found and client.owner
    ]
    there = Report.objects.filter(
        kind=ReportKind.SUGGESTION, month=month, about__in=[draft.about_id for draft in drafts]
    )
    known = set(there.values_list("about", flat=True))
    new = [draft for draft in drafts if draft.about_id not in known]
    return Report.objects.bulk_create(new, batch_size=500)


def cleaned(lines: Lines) -> list[dict[str, str]]:
    """Without empty ones; only the three known keys."""
    rows = [
        {name: str(line.get(name, "")).strip() for name in ("source", "finding", "action")}
        for line in lines
    ]
    return [row for row in rows if row["finding"] or row["action"]]


def pass_on_drafts(*, clients: Sequence[Client]) -> None:
    """Whoever takes over a client takes over the to-dos of drafts about it, which they see now."""
    drafts = Report.objects.drafts().filter(about__in=[each for each in clients if each.owner_id])
    owner = Report.objects.filter(pk=OuterRef("subject_id")).values("about__owner")[:1]
    Task.objects.open().filter(kind=DUE_TASK, subject_id__in=drafts.values("pk")).update(
        assignee=Subquery(owner)
    )


# The way of a report ----------------------------------------------------------------------------


def _locked(report: Report) -> Report:
    rows = Report.objects.select_for_update(of=("self",)).select_related(
        "about__owner", "unit", "author"
    )
    return rows.get(pk=report.pk)


def _own_draft(report: Report, by: User) -> Report:
    report = _locked(report)
    if not report.is_draft:
        raise NotADraft(_("This report is not a draft any more."))
    if not report.is_writer(by):
        raise NotTheWriter(_("Only whoever writes the report changes and submits it."))
    return report


@service
def edit_report(*, report: Report, by: User, **values: Any) -> Report:
    """Title, summary and lines of a draft, by its writer."""
    report = _own_draft(report, by)
    if "lines" in values:
        values["lines"] = cleaned(values["lines"])
    for name in ("title", "summary", "lines"):
        setattr(report, name, values.get(name, getattr(report, name)))
    report.save(update_fields=["title", "summary", "lines"])
    return report


@service
def submit_report(*, report: Report, now: datetime, by: User) -> Report:
    """To the supervisor; market months and urgent ones also to the province's recipients."""
    report = _own_draft(report, by)
    if not report.summary and not report.lines:
        raise NothingSaid(_("Write something before you submit the report."))
    report.state, report.submitted_at = ReportState.SUBMITTED, now
    report.save(update_fields=["state", "submitted_at"])
    _end_task(report, now, by)
    _tell(report, "report-submitted", readers_of(report, today=_day(now)), by)
    return report


@service
def answer_report(*, report: Report, answer: str, now: datetime, by: User) -> Report:
    """What is done about it; the author and the account manager are told."""
    report = _locked(report)
    if not report.is_submitted:
        raise NotSubmitted(_("Only a submitted report is answered."))
    if report.author_id == by.pk:
        raise OwnReport(_("Somebody else has to answer your report."))
    put_answer(report, answer, now, by)
    report.state = ReportState.ANSWERED
    report.save(update_fields=["state", "answer", "answered_at", "answered_by"])
    _tell(report, "report-answered", _writers(report), by)
    return report


@service
def discard_report(*, report: Report, now: datetime, by: User) -> Report:
    """Put a draft aside; it can be taken up again."""
    report = _own_draft(report, by)
    report.state = ReportState.DISCARDED
    report.save(update_fields=["state"])
    _end_task(report, now, by)
    return report


@service
def restore_report(*, report: Report, by: User) -> Report:
    """A discarded draft is a draft again."""
    report = _locked(report)
    if report.state != ReportState.DISCARDED:
        raise NotDiscarded(_("This report was not discarded."))
    if not report.is_writer(by):
        raise NotTheWriter(_("Only whoever writes the report changes and submits it."))
    report.state = ReportState.DRAFT
    report.save(update_fields=["state"])
    _ask_for(report, by)
    return report


def _day(now: datetime) -> date:
    return timezone.localtime(now).date()


def _end_task(report: Report, now: datetime, by: User | None) -> None:
    for task in Task.objects.open().filter(kind=DUE_TASK, subject_id=report.pk):
        finish_task(task=task, now=now, by=by)


def _writers(report: Report) -> list[User]:
    """Its author and whoever is responsible for the client, as far as they see it."""
    owner = report.about and report.about.owner
    people = [report.author, *([owner] if owner else [])]
    return [
        person
        for person in people
        if Report.objects.visible_to(person).filter(pk=report.pk).exists()
    ]


def _tell(report: Report, kind: str, people: Sequence[User], by: User | None) -> None:
    notify(
        recipients=[person for person in people if person != by],
        kind=kind,
        key=f"{kind}:{report.pk}",
        params={"title": report.title, "person": by.full_name if by else ""},
        link=report.get_absolute_url(),
        by=by,
    )


# By the clock -----------------------------------------------------------------------------------


@service
def watch_reports(*, now: datetime, by: User | None) -> int:
    """Whoever writes and reads a report learns once that its time is over (MKT-02, MKT-03)."""
    rows = Report.objects.overdue(now).filter(overdue_told_at=None).select_for_update(of=("self",))
    late = list(
        rows.select_related("about__unit", "about__owner", "unit", "author").order_by(
            "due_at", "pk"
        )[:500]
    )
    for report in late:
        people = [*_writers(report), *readers_of(report, today=_day(now))]
        _tell(report, "report-overdue", people, by)
        report.overdue_told_at = now
    Report.objects.bulk_update(late, ["overdue_told_at"])
    return len(late)


@service
def open_market_months(*, now: datetime, by: User | None) -> int:
    """A draft of last month's market report for each city and its supervisor (MKT-02)."""
    month = _last_month(now)
    taken = Report.objects.filter(kind=ReportKind.MARKET_MONTH, month=month)
    known = list(taken.values_list("unit", flat=True))
    made = 0
    by_unit = supervisors_by_unit()
    for unit in Unit.objects.open().filter(kind=UnitKind.CITY).exclude(pk__in=known):
        author = next(iter(by_unit.get(unit.pk, [])), None)
        if author is None:
            continue
        report = Report(
            kind=ReportKind.MARKET_MONTH,
            unit=unit,
            author=author,
            title=_("Market information of %(month)s: %(unit)s")
            % {"month": f"{month:%Y-%m}", "unit": unit.name},
            month=month,
            due_at=market_due_at(month),
            created_at=now,
        )
        report.save(force_insert=True)
        _ask_for(report, by)
        made += 1
    return made
