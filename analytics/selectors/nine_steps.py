"""The nine steps of an account manager's daily work, each with what waits in it (ORG-03).

Counts are those of the lists they open, capped, and cost one query together. Plans and contracts
have no pages of their own yet: their steps open what there is of them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import ClientStatus, PromiseState, ReportKind, ReportState
from accounts.models import Client, Contact, Report
from accounts.models import Promise as ClientPromise
from analytics.choices import RuleCode
from analytics.models import Alert, ValueDue
from crm.lib.columns import COUNTED, CappedCount
from crm.lib.months import month_after
from staff.models import Task, User
from visits.choices import VisitState
from visits.models import Visit

Text = str | Promise
# An archive below that is not full (step 4); a company setting.
FULL_ARCHIVE = 80
BIRTHDAYS_WITHIN = 7


@dataclass(frozen=True)
class Part:
    """One figure of a step: the rows it counts, and the list that shows exactly these."""

    label: Text
    rows: QuerySet
    url_name: str
    query: dict[str, Any]

    @property
    def url(self) -> str:
        address = reverse(self.url_name)
        return f"{address}?{urlencode(self.query)}" if self.query else address


@dataclass(frozen=True)
class StepFigure:
    label: Text
    count: int
    url: str

    @property
    def shown(self) -> str:
        return f"{COUNTED - 1}+" if self.count >= COUNTED else str(self.count)


@dataclass(frozen=True)
class Step:
    """`links` lead on to pages without a figure."""

    number: int
    title: Text
    figures: Sequence[StepFigure]
    links: Sequence[tuple[Text, str]] = ()

    @property
    def is_waiting(self) -> bool:
        return any(figure.count for figure in self.figures)


TITLES: dict[int, Text] = {
    1: _("Plan the year and the month"),
    2: _("Survey possible clients"),
    3: _("Make contact, recommend, sign"),
    4: _("Build the full archive"),
    5: _("After-sales and return visits"),
    6: _("Keep the archive right"),
    7: _("Watch who may leave"),
    8: _("Care for contacts and leaders"),
    9: _("Answer enquiries and complaints in time"),
}
# Pages of apps above, by name; without the app there is no link.
MORE: dict[int, tuple[tuple[Text, str], ...]] = {
    2: ((_("Write a summary"), "accounts:report_list"),),
    9: ((_("Cases"), "complaints:case_list"), (_("Contact diary"), "accounts:contact_log_list")),
}


def nine_steps(user: User, *, now: datetime) -> list[Step]:
    parts = _parts(user, timezone.localtime(now).date())
    columns: dict[str, Any] = {
        f"step_{number}_{place}": CappedCount(part.rows)
        for number, rows in parts.items()
        for place, part in enumerate(rows)
    }
    counts = User.objects.filter(pk=user.pk).values(**columns).get()
    return [
        Step(
            number,
            title,
            [
                StepFigure(part.label, counts[f"step_{number}_{place}"], part.url)
                for place, part in enumerate(parts[number])
            ],
            list(_links(number)),
        )
        for number, title in TITLES.items()
    ]


def _links(number: int) -> Iterator[tuple[Text, str]]:
    for label, url_name in MORE.get(number, ()):
        try:
            yield label, reverse(url_name)
        except NoReverseMatch:
            continue


def _parts(user: User, today: date) -> dict[int, list[Part]]:
    mine = {"owner": user.pk}
    clients = Client.objects.visible_to(user).filter(owner=user)
    now = timezone.now()
    return {
        1: [_month_visits(user, today)],
        2: [
            Part(
                _("Potential clients"),
                clients.filter(status=ClientStatus.POTENTIAL),
                "accounts:client_list",
                {"status": ClientStatus.POTENTIAL.value} | mine,
            )
        ],
        3: [
            Part(
                _("Target clients to win"),
                clients.filter(status=ClientStatus.TARGET),
                "accounts:client_list",
                {"status": ClientStatus.TARGET.value} | mine,
            )
        ],
        4: [
            Part(
                _("Signed clients whose archive is not full"),
                clients.filter(status=ClientStatus.SIGNED, completeness__lt=FULL_ARCHIVE),
                "accounts:client_list",
                {"status": ClientStatus.SIGNED.value, "completeness__lte": FULL_ARCHIVE - 1} | mine,
            )
        ],
        5: [
            Part(
                _("Visits without a record"),
                Visit.objects.visible_to(user).filter(visitor=user).without_record(now),
                "visits:visit_list",
                {"visitor": user.pk, "without_record": "true"},
            )
        ],
        6: [
            Part(
                _("Archives that are stale"),
                clients.stale(now),
                "accounts:client_list",
                {"stale": "true"} | mine,
            )
        ],
        7: _leaving(user, mine),
        8: _caring(user, mine, today),
        9: _answering(user),
    }


def _month_visits(user: User, today: date) -> Part:
    first = today.replace(day=1)
    last = month_after(first) - timedelta(days=1)
    planned = Visit.objects.visible_to(user).filter(visitor=user, state=VisitState.PLANNED)
    start, end = (
        timezone.make_aware(datetime.combine(day, datetime.min.time()))
        for day in (first, last + timedelta(days=1))
    )
    return Part(
        _("Visits planned this month"),
        planned.filter(starts_at__gte=start, starts_at__lt=end),
        "visits:visit_list",
        {
            "visitor": user.pk,
            "state": VisitState.PLANNED.value,
            "starts_on__gte": first,
            "starts_on__lte": last,
        },
    )


def _leaving(user: User, mine: dict[str, int]) -> list[Part]:
    drafts = Report.objects.visible_to(user).drafts()
    return [
        Part(
            _("Open alerts"),
            Alert.objects.visible_to(user).open().filter(client__owner=user),
            "analytics:alert_list",
            {"open": "true"} | mine,
        ),
        Part(
            _("Suggestion reports to finish"),
            drafts.filter(kind=ReportKind.SUGGESTION, author=user),
            "accounts:report_list",
            {
                "kind": ReportKind.SUGGESTION.value,
                "state": ReportState.DRAFT.value,
                "author": user.pk,
            },
        ),
    ]


def _caring(user: User, mine: dict[str, int], today: date) -> list[Part]:
    until = today + timedelta(days=BIRTHDAYS_WITHIN)
    arrears = Alert.objects.visible_to(user).open().filter(rule=RuleCode.ARREARS)
    return [
        Part(
            _("Birthdays within a week"),
            Contact.objects.visible_to(user).birthdays_between(today, until),
            "accounts:contact_list",
            {"birthday_within": BIRTHDAYS_WITHIN},
        ),
        Part(
            _("Clients in arrears"),
            arrears.filter(client__owner=user),
            "analytics:alert_list",
            {"open": "true", "rule": RuleCode.ARREARS.value} | mine,
        ),
        Part(
            _("Values to judge"),
            ValueDue.objects.visible_to(user).due(today).filter(client__owner=user),
            "analytics:value_list",
            {"due": "true"} | mine,
        ),
    ]


def _answering(user: User) -> list[Part]:
    return [
        Part(
            _("Promises to keep"),
            ClientPromise.objects.visible_to(user).filter(made_by=user, state=PromiseState.OPEN),
            "accounts:promise_list",
            {"made_by": user.pk, "state": PromiseState.OPEN.value},
        ),
        Part(_("Open tasks"), Task.objects.visible_to(user).open(), "staff:task_list", {}),
    ]
