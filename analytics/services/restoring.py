"""Rows of the archive as they were before an import: made ones go, changed ones change back.

What somebody did since wins: a row that others refer to or edited stays, a field that was changed
again stays as it is. Both are reported.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model, QuerySet, UUIDField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import (
    ClassProposal,
    Client,
    Contact,
    Ownership,
    Representation,
    StatusChange,
)
from accounts.services.clients import client_keys
from accounts.services.completeness import keep_scores
from accounts.services.contacts import CONTACT_KEY_FIELDS, contact_keys
from accounts.signals import owners_changed
from analytics.importing.changes import fields_of, plain, same
from analytics.models import Alert, BillingImport, ImportChange
from analytics.selectors.undoing import in_use
from analytics.services.alerts import return_tasks
from staff.models import Notification, Task

BATCH = 1000
REPORTED = 200
KEYS: dict[type[Model], Callable[[Any], None]] = {
    Client: client_keys,
    Contact: lambda contact: contact_keys(contact, today=timezone.localdate()),
}
KEY_FIELDS: dict[type[Model], tuple[str, ...]] = {
    Client: ("sort_key", "search_text"),
    Contact: CONTACT_KEY_FIELDS,
}
OWNER = "owner_id"
CLASS = "client_class"
REPRESENTATIVE = "chief_representative_id"


@dataclass
class Report:
    """What an undo could not take back; the first REPORTED of each are named."""

    deleted: int = 0
    restored: int = 0
    in_use: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    conflicts: list[dict[str, str]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {
            "deleted": self.deleted,
            "restored": self.restored,
            "in_use": self.in_use[:REPORTED],
            "in_use_count": len(self.in_use),
            "edited": self.edited[:REPORTED],
            "edited_count": len(self.edited),
            "conflicts": self.conflicts[:REPORTED],
            "conflict_count": len(self.conflicts),
        }


class Restoring:
    """Takes back what one import did to clients and contacts."""

    def __init__(self, billing_import: BillingImport) -> None:
        self._import = billing_import
        self.report = Report()

    def restore(self) -> Report:
        for model in (Contact, Client):
            for changes in self._batches(model, is_created=False):
                self._change_back(model, changes)
            for changes in self._batches(model, is_created=True):
                self._take_away(model, changes)
        return self.report

    def _batches(
        self, model: type[Model], *, is_created: bool
    ) -> Iterator[dict[str, ImportChange]]:
        changes = self._import.changes.filter(
            model=model._meta.label_lower, is_created=is_created
        ).order_by("object_id")
        rows = list(changes)
        for start in range(0, len(rows), BATCH):
            yield {change.object_id: change for change in rows[start : start + BATCH]}

    # Changed rows -------------------------------------------------------------------------------

    def _change_back(self, model: Any, changes: dict[str, ImportChange]) -> None:
        rows = list(model.objects.filter(pk__in=list(changes)).order_by("pk").select_for_update())
        given_back = self._owners(rows, changes) if model is Client else set()
        fields = fields_of(model)
        touched = set()
        steps = []
        for row in rows:
            change = changes[str(row.pk)]
            status_before = row.status if model is Client else ""
            for name, value in (change.before or {}).items():
                is_free = name != OWNER or row.pk in given_back
                if is_free and _is_as_left(row, name, (change.after or {})[name]):
                    setattr(row, name, fields[name].to_python(value))
                    touched.add(fields[name].name)
                else:
                    self._report_conflict(row, fields[name].name)
            if model is Client and row.status != status_before:
                steps.append(self._step_back(row, status_before))
            KEYS[model](row)
            row.updated_at = timezone.now()
        if rows:
            model.objects.bulk_update(rows, [*sorted(touched), *KEY_FIELDS[model], "updated_at"])
        self.report.restored += len(rows)
        if model is Client:
            self._forget_histories(rows, changes)
        StatusChange.objects.bulk_create(steps)
        _keep_scores(rows)
        handed = [row for row in rows if row.pk in given_back]
        if owned := [row for row in handed if row.owner_id]:
            after = {row.pk: (changes[str(row.pk)].after or {})[OWNER] for row in owned}
            former = {pk: int(owner) for pk, owner in after.items() if owner}
            owners_changed.send(Client, clients=owned, now=timezone.now(), by=None, former=former)
        if left := [row for row in handed if not row.owner_id]:
            return_tasks(clients=left)

    def _step_back(self, client: Client, before: str) -> StatusChange:
        reason = gettext("Import #%(number)s undone") % {"number": self._import.number}
        return StatusChange(
            client=client, old=before, new=client.status, reason=reason, changed_at=timezone.now()
        )

    def _owners(self, rows: list[Client], changes: dict[str, ImportChange]) -> set[Any]:
        """Gives the ownerships back of clients that nobody handed over since; says which."""
        handed = [row for row in rows if OWNER in (changes[str(row.pk)].before or {})]
        mine = self._import.changes.filter(model=Ownership._meta.label_lower)
        made = set(mine.filter(is_created=True).values_list("object_id", flat=True))
        ended = list(mine.filter(is_created=False).values_list("object_id", flat=True))
        current = Ownership.objects.current().filter(client__in=handed)
        still = {each.client_id: each.pk for each in current if str(each.pk) in made}
        free = {
            row.pk
            for row in handed
            if (row.pk in still or row.owner_id is None)
            and _is_as_left(row, OWNER, (changes[str(row.pk)].after or {})[OWNER])
        }
        Ownership.objects.filter(pk__in=still.values(), client__in=free).delete()
        Ownership.objects.filter(pk__in=ended, client__in=free).update(ended_at=None)
        return free

    def _forget_histories(self, rows: list[Client], changes: dict[str, ImportChange]) -> None:
        """Where class or representative is as before, their history forgets the import, too."""
        back = self._given_back(rows, changes, CLASS)
        self._made(ClassProposal).filter(client__in=back).delete()
        back = self._given_back(rows, changes, REPRESENTATIVE)
        self._made(Representation).filter(client__in=back).delete()
        ended = self._import.changes.filter(
            model=Representation._meta.label_lower, is_created=False
        ).values(key=Cast("object_id", UUIDField()))
        Representation.objects.filter(pk__in=ended, client__in=back).update(ended_at=None)

    def _given_back(
        self, rows: list[Client], changes: dict[str, ImportChange], name: str
    ) -> list[Any]:
        """Clients whose field the import had changed, and which have it as before again."""
        before = {row.pk: changes[str(row.pk)].before or {} for row in rows}
        return [
            row.pk
            for row in rows
            if name in before[row.pk] and _is_as_left(row, name, before[row.pk][name])
        ]

    def _made(self, model: Any) -> QuerySet:
        """Rows of that model which the import made."""
        made = self._import.changes.filter(model=model._meta.label_lower, is_created=True)
        return model.objects.filter(pk__in=made.values(key=Cast("object_id", UUIDField())))

    def _report_conflict(self, row: Model, name: str) -> None:
        self.report.conflicts.append(
            {"model": row._meta.label_lower, "id": str(row.pk), "name": str(row), "field": name}
        )

    # Made rows ----------------------------------------------------------------------------------

    def _take_away(self, model: Any, changes: dict[str, ImportChange]) -> None:
        rows = list(model.objects.filter(pk__in=list(changes)).order_by("pk").select_for_update())
        held = in_use(model, changes, self._import)
        free = []
        for row in rows:
            if str(row.pk) in held:
                self.report.in_use.append(_named(row))
            elif _is_edited(row, changes[str(row.pk)]):
                self.report.edited.append(_named(row))
            else:
                free.append(row.pk)
        if model is Client:
            _forget_alerts(free)
        model.objects.filter(pk__in=free).delete()
        self.report.deleted += len(free)
        if model is Contact:
            _keep_scores(rows)


def _keep_scores(rows: list[Any]) -> None:
    """The completeness of these clients' archives, or of these contacts' clients."""
    clients = {row.pk if isinstance(row, Client) else row.client_id for row in rows}
    keep_scores(Client.objects.filter(pk__in=clients))


def _is_as_left(row: Model, name: str, left: Any) -> bool:
    return same(fields_of(type(row))[name], plain(getattr(row, name)), left)


def _is_edited(row: Model, change: ImportChange) -> bool:
    return not all(_is_as_left(row, name, left) for name, left in (change.after or {}).items())


def _named(row: Model) -> str:
    code = getattr(row, "code", "")
    return f"{row} ({code})" if code else str(row)


def _forget_alerts(clients: list[Any]) -> None:
    """Alerts of clients that go, which nobody touched (see `in_use`); their tasks and news too."""
    alerts = list(Alert.objects.filter(client__in=clients))
    Notification.objects.filter(link__in=[alert.get_absolute_url() for alert in alerts]).delete()
    tasks = [alert.task_id for alert in alerts if alert.task_id]
    Alert.objects.filter(pk__in=[alert.pk for alert in alerts]).delete()
    Task.objects.filter(pk__in=tasks).delete()
