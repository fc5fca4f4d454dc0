"""The supervisor's dashboard: every number with the address of exactly the rows it counts (P2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.holdings import overloaded
from accounts.models import Client
from accounts.selectors.handovers import portfolio_sizes
from analytics.choices import AWAITING_VISIT_STATES, OPEN_ALERT_STATES, AlertState, RuleCode
from analytics.models import Alert, BillingPeriod, ClientMonth
from analytics.models.alerts import AlertQuerySet
from crm.lib.charts import Chart, Series
from crm.lib.months import month_after
from crm.lib.scoping import ScopedQuerySet
from staff.models import Unit, User
from visits.choices import VisitState
from visits.models import Visit, VisitQuerySet

MONTHS = 13
Rows = TypeVar("Rows", bound=ScopedQuerySet)
# Days since an alert was raised, both ends included; None is open-ended.
AGES: tuple[tuple[int, int | None], ...] = ((0, 2), (3, 7), (8, 30), (31, None))


@dataclass(frozen=True)
class Cell:
    """A number and where it leads."""

    value: int | Decimal
    url: str


@dataclass(frozen=True)
class AlertRow:
    label: str
    cells: Sequence[Cell]
    total: Cell


@dataclass(frozen=True)
class TeamRow:
    """One account manager."""

    person: User
    clients: Cell
    is_overloaded: bool
    income: Decimal
    change: Decimal | None
    open_alerts: Cell
    overdue_alerts: Cell
    visits_done: Cell
    visits_due: Cell
    overdue_records: Cell


@dataclass(frozen=True)
class Dashboard:
    month: date | None
    income: Decimal
    previous_income: Decimal | None
    active: int
    previous_active: int | None
    trend: Sequence[Chart]
    age_labels: Sequence[str]
    alerts_by_state: Sequence[AlertRow]
    alerts_by_rule: Sequence[Cell]
    rule_chart: Chart
    open_alerts: Cell
    overdue_alerts: Cell
    visits_done: Cell
    visits_due: Cell
    overdue_records: Cell
    unassigned: Cell
    without_representative: Cell
    overloaded: Cell | None  # people with too many clients; None for those who list no people
    team: Sequence[TeamRow]


@dataclass(frozen=True)
class Scope:
    """Whose dashboard, of which unit, on which day."""

    user: User
    unit: Unit | None
    unit_ids: Sequence[int]
    today: date

    def rows(self, rows: Rows, path: str) -> Rows:
        """Of these rows, those the person may see, in the unit that was chosen."""
        rows = rows.visible_to(self.user)
        return rows.filter(**{f"{path}__in": self.unit_ids}) if self.unit else rows

    def url(self, name: str, **parameters: object) -> str:
        if self.unit:
            parameters["unit"] = self.unit.code
        kept = {key: value for key, value in parameters.items() if value is not None}
        return f"{reverse(name)}?{urlencode(kept, doseq=True)}"


def dashboard(user: User, *, unit: Unit | None, now: datetime) -> Dashboard:
    ids = (
        list(
            Unit.objects.descendants(unit, include_self=True)
            .order_by()
            .values_list("pk", flat=True)
        )
        if unit
        else []
    )
    scope = Scope(user, unit, ids, timezone.localtime(now).date())
    months = _months(scope)
    alerts = scope.rows(Alert.objects.all(), "client__unit")
    visits = scope.rows(Visit.objects.all(), "client__unit")
    last = months[-1] if months else None
    by_rule = _alerts_by_rule(scope, alerts)
    done, due, overdue = _visit_cells(scope, visits)
    return Dashboard(
        month=last["period"] if last else None,
        income=last["income"] if last else Decimal(0),
        previous_income=last["before"] if last else None,
        active=last["active"] if last else 0,
        previous_active=last["active_before"] if last else None,
        trend=_trend(scope, months),
        age_labels=[_age_label(*age) for age in AGES],
        alerts_by_state=_alerts_by_state(scope, alerts),
        alerts_by_rule=by_rule,
        rule_chart=_rule_chart(by_rule),
        open_alerts=Cell(alerts.open().count(), scope.url("analytics:alert_list", open="true")),
        overdue_alerts=Cell(
            alerts.overdue(scope.today).count(),
            scope.url("analytics:alert_list", overdue="true"),
        ),
        visits_done=done,
        visits_due=due,
        overdue_records=overdue,
        unassigned=_client_cell(scope, "unassigned"),
        without_representative=_client_cell(scope, "without_representative"),
        overloaded=_overloaded_cell(scope),
        team=_team(scope, last["period"] if last else None),
    )


def _months(scope: Scope) -> list[Any]:
    """Sums of the last complete months, oldest first."""
    periods = BillingPeriod.objects.complete().order_by("-month").values_list("month", flat=True)
    newest = list(periods[:MONTHS])
    facts = scope.rows(ClientMonth.objects.filter(period__in=newest), "client__unit")
    return list(
        facts.values("period")
        .annotate(
            income=Sum("income"),
            active=Sum("active"),
            lost=Sum("lost"),
            new=Sum("new"),
            # Of the month before in the calendar; None when that one is not complete.
            before=Sum("previous_income"),
            active_before=Sum("previous_active"),
        )
        .order_by("period")
    )


def _trend(scope: Scope, months: list[Any]) -> list[Chart]:
    labels = [f"{month['period']:%Y-%m}" for month in months]
    return [
        Chart(
            "income-trend",
            _("Income"),
            labels,
            [Series(_("Income"), [month["income"] for month in months])],
            unit="¥",
        ),
        Chart(
            "member-trend",
            _("Members"),
            labels,
            [
                Series(_("Active"), [month["active"] for month in months]),
            ],
        ),
        Chart(
            "movement-trend",
            _("New and lost members"),
            labels,
            [
                Series(_("New"), [month["new"] for month in months]),
                Series(_("Lost"), [month["lost"] for month in months]),
            ],
            kind="bar",
        ),
    ]


def _age_label(first: int, last: int | None) -> str:
    if last is None:
        return _("over %(days)s days") % {"days": first - 1}
    return _("%(first)s–%(last)s days") % {"first": first, "last": last}


def _alerts_by_state(scope: Scope, alerts: AlertQuerySet) -> list[AlertRow]:
    """Open alerts by state and age; the age counts calendar days as the list's filter does."""
    counted: dict[tuple[str, int], int] = {}
    for row in alerts.open().values("state", day=TruncDate("created_at")).annotate(n=Count("pk")):
        age = (scope.today - row["day"]).days
        bucket = next(i for i, (_first, last) in enumerate(AGES) if last is None or age <= last)
        counted[(row["state"], bucket)] = counted.get((row["state"], bucket), 0) + row["n"]
    rows = []
    for state in OPEN_ALERT_STATES:
        cells = [
            Cell(
                counted.get((state, bucket), 0),
                scope.url("analytics:alert_list", state=state, age_min=first, age_max=last),
            )
            for bucket, (first, last) in enumerate(AGES)
        ]
        total = Cell(
            sum(int(c.value) for c in cells), scope.url("analytics:alert_list", state=state)
        )
        rows.append(AlertRow(str(AlertState(state).label), cells, total))
    return rows


def _alerts_by_rule(scope: Scope, alerts: AlertQuerySet) -> list[Cell]:
    counted = dict(alerts.open().values_list("rule").annotate(n=Count("pk")).order_by())
    return [
        Cell(counted.get(rule, 0), scope.url("analytics:alert_list", rule=rule, open="true"))
        for rule in RuleCode.values
    ]


def _rule_chart(by_rule: Sequence[Cell]) -> Chart:
    return Chart(
        "alerts-by-rule",
        _("Open alerts by rule"),
        [str(rule.label) for rule in RuleCode],
        [Series(_("Open alerts"), [int(cell.value) for cell in by_rule])],
        kind="bar",
        urls=[cell.url for cell in by_rule],
    )


def _month_bounds(today: date) -> tuple[date, date]:
    first = today.replace(day=1)
    return first, month_after(first) - timedelta(days=1)


def _in_month(visits: VisitQuerySet, today: date) -> VisitQuerySet:
    first, last = _month_bounds(today)
    start = timezone.make_aware(datetime.combine(first, datetime.min.time()))
    end = timezone.make_aware(datetime.combine(last + timedelta(days=1), datetime.min.time()))
    return visits.between(start, end)


def _visit_url(scope: Scope, **parameters: object) -> str:
    first, last = _month_bounds(scope.today)
    return scope.url("visits:visit_list", starts_on__gte=first, starts_on__lte=last, **parameters)


def _visit_cells(scope: Scope, visits: VisitQuerySet) -> tuple[Cell, Cell, Cell]:
    """Done this month, still planned this month, and records overdue."""
    counted = _in_month(visits, scope.today).aggregate(
        done=Count("pk", filter=Q(state=VisitState.DONE)),
        due=Count("pk", filter=Q(state=VisitState.PLANNED)),
    )
    return (
        Cell(counted["done"], _visit_url(scope, state=VisitState.DONE)),
        Cell(counted["due"], _visit_url(scope, state=VisitState.PLANNED)),
        Cell(visits.overdue(scope.today).count(), scope.url("visits:visit_list", overdue="true")),
    )


def _client_cell(scope: Scope, which: str) -> Cell:
    rows = getattr(scope.rows(Client.objects.all(), "unit"), which)()
    return Cell(rows.count(), scope.url("accounts:client_list", **{which: "true"}))


def _overloaded_cell(scope: Scope) -> Cell | None:
    """People with more clients than one can look after (ORG-22)."""
    if not scope.user.has_perm("staff.view_people"):
        return None
    people = overloaded(scope.rows(User.objects.all(), "unit"))
    return Cell(people.count(), scope.url("staff:person_list", overloaded="true"))


def _team(scope: Scope, month: date | None) -> list[TeamRow]:
    """One row per owner of visible clients; a grouped query per kind of figure."""
    clients = dict(
        scope.rows(Client.objects.exclude(owner=None), "unit")
        .values_list("owner")
        .annotate(n=Count("pk"))
        .order_by()
    )
    facts = scope.rows(
        ClientMonth.objects.filter(period__in=[month] if month else []), "client__unit"
    )
    income = {
        row["client__owner"]: row
        for row in facts.values("client__owner").annotate(
            income=Sum("income"), before=Sum(Coalesce(F("previous_income"), Decimal(0)))
        )
    }
    alerts = _by_owner(
        scope.rows(Alert.objects.open(), "client__unit"),
        open=Count("pk"),
        overdue=Count("pk", filter=Q(due_on__lt=scope.today, state__in=AWAITING_VISIT_STATES)),
    )
    visits = scope.rows(Visit.objects.all(), "client__unit")
    month_visits = {
        row["visitor"]: row
        for row in _in_month(visits, scope.today)
        .values("visitor")
        .annotate(
            done=Count("pk", filter=Q(state=VisitState.DONE)),
            due=Count("pk", filter=Q(state=VisitState.PLANNED)),
        )
    }
    late = dict(
        visits.overdue(scope.today).values_list("visitor").annotate(n=Count("pk")).order_by()
    )
    people = list(User.objects.filter(pk__in=clients).order_by("full_name", "pk"))
    sizes = portfolio_sizes(people)
    return [
        _team_row(scope, person, clients, sizes, income, alerts, month_visits, late)
        for person in people
    ]


def _by_owner(rows: AlertQuerySet, **figures: Count) -> dict[int, Any]:
    return {row["client__owner"]: row for row in rows.values("client__owner").annotate(**figures)}


def _team_row(
    scope: Scope,
    person: User,
    clients: dict[int, int],
    sizes: dict[int, int],
    income: dict[int, Any],
    alerts: dict[int, Any],
    visits: dict[int, Any],
    late: dict[int, int],
) -> TeamRow:
    money = income.get(person.pk, {})
    before = money.get("before")
    alert, visit = alerts.get(person.pk, {}), visits.get(person.pk, {})
    owner = person.pk
    return TeamRow(
        person=person,
        clients=Cell(clients[owner], scope.url("accounts:client_list", owner=owner)),
        is_overloaded=sizes[owner] > settings.PORTFOLIO_CLIENTS,
        income=money.get("income") or Decimal(0),
        change=(money["income"] - before) / before if before else None,
        open_alerts=Cell(
            alert.get("open", 0), scope.url("analytics:alert_list", owner=owner, open="true")
        ),
        overdue_alerts=Cell(
            alert.get("overdue", 0), scope.url("analytics:alert_list", owner=owner, overdue="true")
        ),
        visits_done=Cell(
            visit.get("done", 0), _visit_url(scope, visitor=owner, state=VisitState.DONE)
        ),
        visits_due=Cell(
            visit.get("due", 0), _visit_url(scope, visitor=owner, state=VisitState.PLANNED)
        ),
        overdue_records=Cell(
            late.get(owner, 0), scope.url("visits:visit_list", visitor=owner, overdue="true")
        ),
    )
