"""What a handover would do, before it is done, and what became of one."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db.models import Count

from accounts.models import Client, ClientQuerySet, Handover, HandoverItem, HandoverMove
from accounts.portfolio import WORK_FIGURES
from accounts.splitting import Plan
from staff.models import User


@dataclass(frozen=True)
class ShareRow:
    """What one person would get (or, without a person, what stays), and has then.

    `work` follows the labels of the preview. `after` counts all clients of the person, also those
    out of the asker's sight: the warning would be wrong otherwise.
    """

    person: User | None
    clients: int
    members: int
    income: Decimal
    work: Sequence[int]
    after: int

    @property
    def is_too_many(self) -> bool:
        return self.person is not None and self.after > settings.PORTFOLIO_CLIENTS


@dataclass(frozen=True)
class PlannedClient:
    client: Client
    target_id: int | None
    work: Sequence[int]


@dataclass(frozen=True)
class Preview:
    labels: Sequence[str]
    shares: Sequence[ShareRow]
    staying: ShareRow
    total: ShareRow
    rows: Sequence[PlannedClient]

    @property
    def is_too_many(self) -> bool:
        return any(share.is_too_many for share in self.shares)


@dataclass(frozen=True)
class Aftermath:
    """What an undo left as it was, because somebody changed it since; only what is in sight."""

    clients: Sequence[HandoverItem]
    work: Sequence[HandoverMove]


def clients_of(source: User, by: User) -> ClientQuerySet:
    """The clients of a person that another may hand over, the largest first."""
    return Client.objects.visible_to(by).filter(owner=source).order_by("-income", "code")


def portfolio_sizes(people: Iterable[User]) -> dict[int, int]:
    """How many clients each of them is responsible for."""
    rows = Client.objects.filter(owner__in=[person.pk for person in people])
    return dict(rows.values_list("owner").annotate(n=Count("pk")).order_by())


def preview(clients: ClientQuerySet, targets: Sequence[User], plan: Plan, source: User) -> Preview:
    """Figures of each share; one query for each kind of work, whatever the number of clients."""
    counted = [figure.count(clients) for figure in WORK_FIGURES.values()]
    rows = [
        PlannedClient(client, plan.get(client.pk), [work.get(client.pk, 0) for work in counted])
        for client in clients
    ]
    sizes = portfolio_sizes([*targets, source])
    shares = [_share(rows, person, sizes.get(person.pk, 0)) for person in targets]
    given = sum(share.clients for share in shares)
    staying = _sum([row for row in rows if row.target_id is None], None, 0)
    return Preview(
        labels=[str(figure.label) for figure in WORK_FIGURES.values()],
        shares=shares,
        staying=staying,
        total=_sum(rows, source, sizes.get(source.pk, 0) - given),
        rows=rows,
    )


def _share(rows: Sequence[PlannedClient], person: User, has: int) -> ShareRow:
    theirs = [row for row in rows if row.target_id == person.pk]
    return _sum(theirs, person, has + len(theirs))


def _sum(rows: Sequence[PlannedClient], person: User | None, after: int) -> ShareRow:
    return ShareRow(
        person=person,
        clients=len(rows),
        members=sum(row.client.active_members for row in rows),
        income=sum((row.client.income for row in rows), Decimal(0)),
        work=[sum(column) for column in zip(*(row.work for row in rows), strict=True)]
        or [0] * len(WORK_FIGURES),
        after=after,
    )


def aftermath(handover: Handover, user: User) -> Aftermath:
    items = HandoverItem.objects.visible_to(user).filter(share__handover=handover).kept()
    moves = HandoverMove.objects.visible_to(user).filter(handover=handover).kept()
    return Aftermath(
        clients=list(items.select_related("client").order_by("client__sort_key", "pk")),
        work=list(moves.select_related("client", "receiver").order_by("day", "pk")),
    )


def in_sight(shares: Iterable[UUID], user: User) -> Mapping[UUID, int]:
    """How many clients of each share the person sees: what the link to the list opens (P2)."""
    rows = HandoverItem.objects.visible_to(user).filter(share__in=list(shares))
    return dict(rows.values_list("share").annotate(n=Count("pk")).order_by())
