"""Writes about chief representatives (ORG-09, ORG-11)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import RhythmKind
from accounts.exceptions import NotEligible, NothingChanged
from accounts.models import Client, Representation
from accounts.selectors.rhythms import due_after, rhythms
from crm.lib.services import service
from staff.models import User
from staff.selectors.positions import eligible_representatives
from staff.services.work import notify


@service
def assign_representative(
    *, client: Client, representative: User | None, reason: str, now: datetime, by: User | None
) -> Client:
    """Another chief representative, or none; the history keeps who it was."""
    eligible = eligible_representatives(timezone.localtime(now).date())
    if representative and not eligible.filter(pk=representative.pk).exists():
        raise NotEligible(
            _("%(person)s holds none of the positions that may represent clients.")
            % {"person": representative.full_name}
        )
    client = Client.objects.select_for_update(of=("self",)).with_people().get(pk=client.pk)
    before = client.chief_representative
    if before == representative:
        raise NothingChanged(_("This is the client's chief representative already."))
    client.chief_representative = representative
    client.save(update_fields=["chief_representative", "updated_at"])
    keep_representations(clients=[client], reason=reason, now=now, by=by)
    people = [before, representative, client.owner]
    notify(
        recipients=[person for person in people if person and person != by],
        kind="representative-assigned" if representative else "representative-ended",
        key=f"representative:{client.pk}:{now.isoformat()}",
        params={
            "client": client.name,
            "person": representative.full_name if representative else "",
        },
        link=client.get_absolute_url(),
        by=by,
    )
    return client


@service
def assign_representatives(
    *, clients: Sequence[Client], representative: User, reason: str, now: datetime, by: User
) -> int:
    """The same person for several clients; says for how many it is new."""
    changed = [client for client in clients if client.chief_representative_id != representative.pk]
    for client in changed:
        assign_representative(
            client=client, representative=representative, reason=reason, now=now, by=by
        )
    return len(changed)


@service
def keep_representations(
    *, clients: Sequence[Client], reason: str, now: datetime, by: User | None
) -> tuple[list[Representation], list[Representation]]:
    """The history follows `chief_representative` of these clients, saved already.

    Gives the rows that ended and the new ones; used by the roster import, too.
    """
    stood = list(Representation.objects.current().filter(client__in=clients).select_for_update())
    people = {client.pk: client.chief_representative_id for client in clients}
    ended = [row for row in stood if people[row.client_id] != row.representative_id]
    for row in ended:
        row.ended_at = max(now, row.started_at)
    Representation.objects.bulk_update(ended, ["ended_at"])
    kept = {row.client_id for row in stood} - {row.client_id for row in ended}
    months, today = rhythms(), timezone.localtime(now).date()
    begun = Representation.objects.bulk_create(
        [
            Representation(
                client=client,
                representative=client.chief_representative,
                started_at=now,
                reason=reason,
                assigned_by=by,
                visit_due_on=due_after(
                    today, months.get((RhythmKind.REPRESENTATIVE, client.client_class))
                ),
            )
            for client in clients
            if client.chief_representative_id and client.pk not in kept
        ],
        batch_size=1000,
    )
    return ended, begun


@service
def note_visit(*, client: Client, visitor: User, day: date, by: User | None) -> None:
    """A visit of the chief representative took place: the next one is due a rhythm later."""
    current = Representation.objects.current().select_for_update(of=("self",))
    row = current.filter(client=client, representative=visitor).first()
    if row and (row.last_visit_on is None or row.last_visit_on < day):
        row.last_visit_on = day
        _reschedule([row], {client.pk: client.client_class})


def reschedule(clients: Sequence[Client]) -> None:
    """Due dates follow the class; part of changing it."""
    rows = Representation.objects.current().filter(client__in=clients)
    _reschedule(list(rows), {client.pk: client.client_class for client in clients})


def reschedule_class(client_class: str) -> None:
    """Due dates follow a changed rhythm."""
    rows = list(Representation.objects.current().filter(client__client_class=client_class))
    _reschedule(rows, {row.client_id: client_class for row in rows})


def _reschedule(rows: list[Representation], classes: dict) -> None:
    months = rhythms()
    for row in rows:
        since = row.last_visit_on or timezone.localtime(row.started_at).date()
        rhythm = months.get((RhythmKind.REPRESENTATIVE, classes[row.client_id]))
        row.visit_due_on = due_after(since, rhythm)
    Representation.objects.bulk_update(rows, ["last_visit_on", "visit_due_on"], batch_size=1000)
