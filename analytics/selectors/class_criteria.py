"""Which criteria count for whom, and what they make of the clients' figures."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.db.models import Count, Max, Q, Sum

from accounts.choices import ClientClass, ClientStatus
from accounts.models import Client
from analytics.models import BillingPeriod, ClientMonth, CriteriaVersion
from analytics.models.facts import ClientMonthQuerySet
from staff.models import Unit, User

CENT = Decimal("0.01")
SHOWN = 50
# Clients that are ours: prospects have no bills, churned ones no service to differ.
JUDGED_STATUSES = (ClientStatus.TARGET, ClientStatus.SIGNED)


class Criteria:
    """The version that counts for each unit: the nearest one at or above it, else the general."""

    def __init__(
        self, versions: Iterable[CriteriaVersion], parents: Mapping[int, int | None]
    ) -> None:
        self._by_unit = {version.unit_id: version for version in versions}
        self._parents = parents

    @property
    def versions(self) -> list[CriteriaVersion]:
        return list(self._by_unit.values())

    def of(self, unit_id: int | None) -> CriteriaVersion:
        while unit_id is not None and unit_id not in self._by_unit:
            unit_id = self._parents[unit_id]
        return self._by_unit[unit_id]

    def with_trial(self, trial: CriteriaVersion) -> "Criteria":
        """The same with a trial version in its place, or without it when it takes one back."""
        others = [version for version in self.versions if version.unit_id != trial.unit_id]
        return Criteria(others if trial.is_removed else [*others, trial], self._parents)


def criteria_in_force() -> Criteria:
    parents = dict(Unit.objects.order_by().values_list("pk", "parent_id"))
    return Criteria(CriteriaVersion.objects.current().select_related("unit"), parents)


def history() -> list[CriteriaVersion]:
    """All versions, the newest first."""
    return list(CriteriaVersion.objects.select_related("unit", "created_by").order_by("-pk"))


@dataclass(frozen=True)
class Judged:
    """One client's mean income and members, and the class they make it."""

    client_id: UUID
    unit_id: int
    from_class: str
    to_class: ClientClass
    income: Decimal
    active: int
    until: date
    criteria: CriteriaVersion


def judged(criteria: Criteria, facts: ClientMonthQuerySet) -> Iterator[Judged]:
    """Clients with facts in every month of their window: who is newer is not judged yet.

    One grouped query for each length of a window; nothing for lengths that no months fill.
    """
    complete = BillingPeriod.objects.complete().order_by("-month").values_list("month", flat=True)
    for length in sorted({version.months for version in criteria.versions}):
        window = list(complete[:length])
        if len(window) == length:
            yield from _of_window(criteria, facts, window)


def _of_window(
    criteria: Criteria, facts: ClientMonthQuerySet, window: Sequence[date]
) -> Iterator[Judged]:
    newest, length = window[0], len(window)
    rows = (
        facts.filter(period__in=window, client__status__in=JUDGED_STATUSES)
        .order_by()
        .values_list("client", "client__unit", "client__client_class")
        .annotate(
            known=Count("period"),
            total=Sum("income"),
            members=Max("active", filter=Q(period=newest)),
        )
    )
    for client_id, unit_id, letter, known, total, members in rows.iterator(chunk_size=5000):
        version = criteria.of(unit_id)
        if version.months != length or known < length:
            continue
        income = (total / length).quantize(CENT, rounding=ROUND_HALF_UP)
        yield Judged(
            client_id=client_id,
            unit_id=unit_id,
            from_class=letter,
            to_class=version.class_for(income, members),
            income=income,
            active=members,
            until=newest,
            criteria=version,
        )


@dataclass(frozen=True)
class Preview:
    """What trial criteria make of the clients in sight.

    `classes`: letter, clients now, clients then; `moves`: from, to and how many, the first
    clients of them by income.
    """

    judged: int
    classes: Sequence[tuple[str, int, int]]
    moves: Sequence[tuple[str, str, int]]
    examples: Sequence[tuple[Client, str, str, Decimal]]


def preview(trial: CriteriaVersion, *, user: User) -> Preview:
    """The newest complete months with the trial version in force; nothing is written."""
    criteria = criteria_in_force().with_trial(trial)
    rows = list(judged(criteria, ClientMonth.objects.visible_to(user)))
    moved = [row for row in rows if row.from_class != row.to_class]
    before = Counter(row.from_class for row in rows)
    after = Counter(str(row.to_class) for row in rows)
    moves = Counter((row.from_class, str(row.to_class)) for row in moved)
    moved.sort(key=lambda row: (-row.income, row.client_id))
    clients = Client.objects.visible_to(user).in_bulk([row.client_id for row in moved[:SHOWN]])
    return Preview(
        judged=len(rows),
        classes=[(letter, before[letter], after[letter]) for letter in ("A", "B", "C", "")],
        moves=[(was, then, count) for (was, then), count in sorted(moves.items())],
        examples=[
            (clients[row.client_id], row.from_class, str(row.to_class), row.income)
            for row in moved[:SHOWN]
        ],
    )
