"""Who gets a report, and what was collected in a month for a summary (ORG-33, ARC-32)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import PROSPECT_STATUSES, PROVINCE_REPORTS, ContactChannel, ReportState
from accounts.findings import Finding
from accounts.models import Area, Client, ContactLog, Report, ReportRecipient
from accounts.page_parts import Entry, Moment, TimelineQuery
from accounts.selectors.concerned import supervisors_of
from crm.lib.months import month_after
from staff.choices import Role
from staff.models import Appointment, Unit, User
from staff.selectors import supervisors_by_unit

AREAS_SHOWN = 30
REPORTS_SHOWN = 10


def readers_of(report: Report, *, today: date) -> list[User]:
    """Who is told of a submitted report: the supervisors, for the province its recipients too."""
    found = _supervisors(report)
    if report.kind in PROVINCE_REPORTS:
        found += [person for person in recipients(today) if may_receive(person)]
    return list({person.pk: person for person in found if person.pk != report.author_id}.values())


def _supervisors(report: Report) -> list[User]:
    if report.about:
        return supervisors_of(report.about, besides=[report.author])
    by_unit = supervisors_by_unit()
    unit: Unit | None = report.unit
    while unit is not None:
        found = [person for person in by_unit.get(unit.pk, []) if person != report.author]
        if found:
            return found
        unit = unit.parent
    return []


def recipients(today: date) -> list[User]:
    """The people of the group and who holds its positions; without any, the province's own."""
    group = list(ReportRecipient.objects.all())
    held = Appointment.objects.held_on(today).filter(
        position__in=[row.position_id for row in group if row.position_id]
    )
    people = User.objects.filter(is_active=True).select_related("unit").order_by("pk")
    named = [row.person_id for row in group if row.person_id]
    found = list(people.filter(Q(pk__in=named) | Q(pk__in=held.values("person"))))
    return found or list(people.filter(role=Role.PROVINCE))


def may_receive(person: User) -> bool:
    """Reports come from every city: whoever gets them must see all of it anyway (P1)."""
    return person.role == Role.PROVINCE or (person.sees_unit and person.unit.parent_id is None)


def possible_recipients() -> Sequence[User]:
    people = User.objects.filter(is_active=True).select_related("unit").order_by("full_name", "pk")
    top = people.filter(Q(role=Role.PROVINCE) | Q(unit__parent=None))
    return [person for person in top if may_receive(person)]


def reports_of(client: Client, user: User) -> list[Report]:
    """The newest reports about a client, without those put aside."""
    rows = Report.objects.visible_to(user).filter(about=client).exclude(state=ReportState.DISCARDED)
    return list(rows.select_related("author").order_by("-created_at", "-pk")[:REPORTS_SHOWN])


def report_entries(query: TimelineQuery) -> Iterable[Entry]:
    """Reports about the client when they were submitted; a draft has told nobody anything yet."""
    rows = Report.objects.visible_to(query.user).submitted().filter(about=query.client)
    rows = query.newest(rows, "report", at="submitted_at", person="author")
    for row in rows.select_related("author"):
        yield Entry(
            Moment(row.submitted_at, "report", row.pk),
            "report",
            row.title,
            row.get_absolute_url(),
            f"{row.summary}\n→ {row.answer}".strip() if row.answer else row.summary,
            row.author.full_name,
            "file-text",
            "info" if row.is_submitted else "success",
            [row.get_kind_display(), row.get_state_display()],
        )


def market_due_at(month: date) -> datetime:
    """The end of the day in the month after by which the province has it (MKT-02)."""
    day = month_after(month).replace(day=settings.MARKET_REPORT_DAY)
    return timezone.make_aware(datetime.combine(day, time(23, 59)))


# What was collected -----------------------------------------------------------------------------


def collected(user: User, month: date) -> list[Finding]:
    """What was written down in a month, as far as the person sees it: prospects, channels, areas
    (ARC-32)."""
    start = timezone.make_aware(datetime.combine(month, time.min))
    end = timezone.make_aware(datetime.combine(month_after(month), time.min))
    return [
        *_prospects(user, start, end),
        *_channels(user, start, end),
        *_areas(user, start, end),
    ]


def _prospects(user: User, start: datetime, end: datetime) -> list[Finding]:
    new = Client.objects.visible_to(user).filter(
        status__in=PROSPECT_STATUSES, created_at__gte=start, created_at__lt=end
    )
    counts = new.count()
    if not counts:
        return []
    text = _("%(n)s new prospects, %(qualified)s of them pass all four tests.")
    qualified = new.qualified().count()
    return [Finding("prospects", text % {"n": counts, "qualified": qualified})]


def _channels(user: User, start: datetime, end: datetime) -> list[Finding]:
    logs = ContactLog.objects.visible_to(user).filter(happened_at__gte=start, happened_at__lt=end)
    counts = logs.order_by().values_list("channel").annotate(n=Count("pk")).order_by("-n")
    parts = [f"{ContactChannel(channel).label} {n}" for channel, n in counts]
    if not parts:
        return []
    text = _("Information came in by: %(channels)s.")
    return [Finding("contacts", text % {"channels": ", ".join(parts)})]


def _areas(user: User, start: datetime, end: datetime) -> list[Finding]:
    """One finding for each town whose profile was filled or changed."""
    rows = Area.objects.visible_to(user).live().filter(updated_at__gte=start, updated_at__lt=end)
    found = []
    for area in rows.select_related("client").order_by("name", "pk")[:AREAS_SHOWN]:
        told = [
            f"{Area._meta.get_field(name).verbose_name}: {getattr(area, name)}"  # type: ignore[union-attr]
            for name in (
                "population", "household_economy", "own_use", "other_use", "revenue_fluctuation",
                "latent_need", "other_channels", "competitor_strategy", "competitor_products",
                "competition", "competitor_effect",
            )
            if getattr(area, name)
        ]  # fmt: skip
        text = f"{area.name} ({area.client.name}): {'; '.join(told)}"
        found.append(Finding("area", text, ""))
    return found
