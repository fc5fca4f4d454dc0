"""Months against units: what has been loaded, what is missing, what happened to each month."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from analytics.choices import PeriodStepKind
from analytics.coverage import is_thin, percent_of
from analytics.models import BillingImport, BillingPeriod, PeriodCoverage, PeriodStep
from crm.lib.months import month_before
from staff.models import Unit, User

MONTHS = 24
Parents = Mapping[int, int | None]


@dataclass
class Tally:
    """Bills of one month and some units."""

    rows: int = 0
    clients: int = 0
    total: Decimal = Decimal(0)

    def add(self, rows: int, clients: int, total: Decimal) -> None:
        self.rows += rows
        self.clients += clients
        self.total += total


@dataclass(frozen=True)
class Column:
    """A unit of the board, with all below it.

    `is_own`: only its own clients, the units below have columns of their own; `is_deeper`: it has
    units below that can be looked at; `is_leaf`: it stands for itself.
    """

    unit: Unit
    is_leaf: bool
    is_own: bool = False
    is_deeper: bool = False


@dataclass(frozen=True)
class CoverageCell:
    """How much of a unit's month is there; per cent of the month before, None without one.

    `state`: complete, partial, missing, closed, or none when no bills were to be expected.
    """

    column: Column
    rows: int
    clients: int
    percent: int | None
    clients_percent: int | None
    state: str


@dataclass(frozen=True)
class Missing:
    """A unit that holds its month back."""

    unit: Unit
    rows: int
    expected: int
    percent: int


@dataclass(frozen=True)
class PeriodRow:
    """A month: state, files, bills and history; a cell for each unit of the board.

    `missing`: why it is held, of units in sight; `is_waiting`: somebody said that files will come.
    """

    period: BillingPeriod
    files: Sequence[BillingImport]
    tally: Tally
    cells: Sequence[CoverageCell]
    steps: Sequence[PeriodStep]
    missing: Sequence[Missing]

    @property
    def is_waiting(self) -> bool:
        return (
            self.period.is_held
            and self.steps[-1:] != []
            and (self.steps[-1].kind == PeriodStepKind.WAITING)
        )

    @property
    def last_reason(self) -> str:
        return self.steps[-1].reason if self.steps else ""


@dataclass(frozen=True)
class PeriodBoard:
    columns: Sequence[Column]
    rows: Sequence[PeriodRow]
    unit: Unit | None = None
    above: Unit | None = None
    held: Sequence[PeriodRow] = field(default_factory=list)


def period_board(user: User, *, unit: Unit | None = None) -> PeriodBoard:
    """The newest months against the cities the person may see, or the units just below `unit`.

    A fixed number of queries, and nothing is read from the bills themselves.
    """
    people = ("completed_by", "closed_by")
    periods = list(BillingPeriod.objects.select_related(*people).order_by("-month")[:MONTHS])
    units = _Units(user)
    columns = units.columns(unit)
    tallies = _tallies(user, [period.month for period in periods], units, columns)
    # A unit with others below it has a column for its own clients only when it has some.
    columns = [one for one in columns if one.is_leaf or tallies.of(one.unit)]
    files, steps = _files(user, periods), _steps(periods)
    rows = [
        PeriodRow(
            period=period,
            files=files.get(period.month, []),
            tally=tallies.whole(period.month),
            cells=[_cell(period, column, tallies.of(column.unit)) for column in columns],
            steps=steps.get(period.month, []),
            missing=units.missing(period),
        )
        for period in periods
    ]
    return PeriodBoard(
        columns=columns,
        rows=rows,
        unit=unit,
        above=units.above(unit),
        held=[row for row in rows if row.period.is_held],
    )


class _Units:
    """The tree, and which of it the person may see."""

    def __init__(self, user: User) -> None:
        self._all = {unit.pk: unit for unit in Unit.objects.order_by("code")}
        self._parents: Parents = {pk: unit.parent_id for pk, unit in self._all.items()}
        scope = user.row_scope()
        self._visible = set(self._all) if scope.everything else set(scope.unit_ids)

    def columns(self, unit: Unit | None) -> list[Column]:
        """Just below `unit`, or of the second level; a unit's own clients stand before them."""
        found = []
        tops = [unit.pk] if unit else [pk for pk in self._visible if self._is_top(pk)]
        for pk in sorted(tops, key=lambda pk: self._all[pk].code):
            children = self._children(pk)
            if unit is None and self._parents[pk] is not None:
                found.append(self._column(pk))
            else:
                found.append(Column(self._all[pk], is_leaf=not children, is_own=bool(children)))
                found += [self._column(child) for child in children]
        return found

    def _column(self, pk: int) -> Column:
        return Column(self._all[pk], is_leaf=True, is_deeper=bool(self._children(pk)))

    def _is_top(self, pk: int) -> bool:
        return self._parents[pk] not in self._visible

    def _children(self, pk: int) -> list[int]:
        return [child for child, parent in self._parents.items() if parent == pk]

    def above(self, unit: Unit | None) -> Unit | None:
        """Where one comes back to, when that is in sight."""
        if unit is None or unit.parent_id not in self._visible:
            return None
        above = self._all[unit.parent_id]
        return above if above.parent_id is not None else None

    def column_of(self, unit_id: int, columns: set[int]) -> int | None:
        """The nearest column at or above the unit."""
        at: int | None = unit_id
        while at is not None and at not in columns:
            at = self._parents[at]
        return at

    def missing(self, period: BillingPeriod) -> list[Missing]:
        return [
            Missing(
                self._all[one["unit_id"]],
                one["rows"],
                one["expected"],
                percent_of(one["rows"], one["expected"]) or 0,
            )
            for one in period.shortfalls
            if one["unit_id"] in self._visible and one["unit_id"] in self._all
        ]


@dataclass(frozen=True)
class _Tallies:
    """Sums by unit of a column, then by month."""

    by_unit: Mapping[int, Mapping[date, Tally]]

    def of(self, unit: Unit) -> Mapping[date, Tally]:
        return self.by_unit.get(unit.pk, {})

    def whole(self, month: date) -> Tally:
        whole = Tally()
        for months in self.by_unit.values():
            if month in months:
                whole.add(**vars(months[month]))
        return whole


def _tallies(
    user: User, months: Sequence[date], units: _Units, columns: Iterable[Column]
) -> _Tallies:
    """Sums of the months, and of the one before the oldest."""
    ids = {column.unit.pk for column in columns}
    wanted = [*months, *(month_before(month) for month in months[-1:])]
    stored = PeriodCoverage.objects.visible_to(user).filter(period__in=wanted)
    found: dict[int, dict[date, Tally]] = {}
    for row in stored:
        column = units.column_of(row.unit_id, ids)
        if column is not None:
            tally = found.setdefault(column, {}).setdefault(row.period, Tally())
            tally.add(row.rows, row.clients, row.total)
    return _Tallies(found)


def _cell(period: BillingPeriod, column: Column, months: Mapping[date, Tally]) -> CoverageCell:
    now = months.get(period.month, Tally())
    before = months.get(month_before(period.month), Tally())
    if now.rows:
        state = "partial" if is_thin(now.rows, before.rows) else "complete"
    else:
        state = "missing" if any(month < period.month for month in months) else "none"
    if period.is_closed and state != "none":
        state = "closed"
    return CoverageCell(
        column=column,
        rows=now.rows,
        clients=now.clients,
        percent=percent_of(now.rows, before.rows),
        clients_percent=percent_of(now.clients, before.clients),
        state=state,
    )


def _files(user: User, periods: Sequence[BillingPeriod]) -> dict[date, list[BillingImport]]:
    months = {period.month for period in periods}
    files: dict[date, list[BillingImport]] = {}
    loaded = BillingImport.objects.visible_to(user).loaded().filter(periods__overlap=list(months))
    for billing_import in loaded.order_by("number"):
        for month in months.intersection(billing_import.periods):
            files.setdefault(month, []).append(billing_import)
    return files


def _steps(periods: Sequence[BillingPeriod]) -> dict[date, list[PeriodStep]]:
    """The history of each month, the oldest step first."""
    steps: dict[date, list[PeriodStep]] = {}
    for step in PeriodStep.objects.filter(period__in=periods).select_related("by").order_by("pk"):
        steps.setdefault(step.period_id, []).append(step)
    return steps


def missing_of(period: BillingPeriod, user: User) -> list[Missing]:
    """Why a month is held, of the units the person may see."""
    return _Units(user).missing(period)


def clients_percent(period: BillingPeriod) -> int | None:
    """Clients with member bills this month, per cent of last month's; None without a last month."""
    before = month_before(period.month)
    clients = dict.fromkeys((period.month, before), 0)
    for month, count in PeriodCoverage.objects.filter(period__in=clients).values_list(
        "period", "clients"
    ):
        clients[month] += count
    return percent_of(clients[period.month], clients[before])
