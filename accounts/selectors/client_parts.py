"""What this app itself shows on a client's page (`accounts.page_parts`)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import CharField, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.choices import ClientStatus, ContactChannel, ContactDirection
from accounts.models import Client, Contact, ContactLog, Note, Ownership
from accounts.page_parts import (
    Entry,
    HeadRow,
    HeadWarning,
    Moment,
    TimelineQuery,
    Touch,
    tasks_about,
)
from crm.lib.columns import CappedCount
from staff.models import Task, User

ClientEvent: Any = Client.pgh_event_model  # type: ignore[attr-defined]
# As text, and never null, so that it compares with itself out of JSON.
REPRESENTATIVE = Coalesce(Cast("chief_representative_id", CharField()), Value(""))


# Header -----------------------------------------------------------------------------------------


def columns(user: User, now: datetime) -> dict[str, Any]:
    contacts = Contact.objects.visible_to(user).active().filter(client=OuterRef("pk"))
    callable_ones = contacts.exclude(mobile="").order_by("kind", "sort_key", "pk")
    logs = ContactLog.objects.visible_to(user).filter(client=OuterRef("pk"))
    newest = logs.order_by("-happened_at", "-pk")
    return {
        "accounts_last_log": Subquery(
            newest.values(row=JSONObject(pk="pk", at="happened_at", channel="channel"))[:1]
        ),
        "accounts_contacts": CappedCount(contacts),
        # Read anew: something on the page may have filled the archive meanwhile.
        "accounts_completeness": F("completeness"),
        "accounts_archive_at": F("archive_current_at"),
        "accounts_call": Subquery(
            callable_ones.values(call=JSONObject(name="name", number="mobile"))[:1]
        ),
    }


def warnings(row: HeadRow) -> Iterator[HeadWarning]:
    client = row.client
    if client.owner_id is None:
        assign = row.user.has_perm("accounts.assign_owner")
        yield HeadWarning(
            _("Nobody is responsible for this client."),
            reverse("accounts:client_assign", args=[client.pk]) if assign else "",
            _("Hand over"),
        )
    if client.needs_representative:
        yield HeadWarning(
            _("Class A and B clients need a chief representative; this one has none.")
        )
    if client.users_unlikely:
        yield HeadWarning(
            _("More users than twice the employees: please check the numbers."),
            reverse("accounts:client_edit", args=[client.pk])
            if row.user.has_perm("accounts.edit_client")
            else "",
            _("Edit"),
        )

    if text := _archive_lacks(row):
        yield HeadWarning(
            text,
            f"{reverse('accounts:client_archive', args=[client.pk])}#completeness",
            _("What is missing"),
        )


def _archive_lacks(row: HeadRow) -> str:
    """That the archive is thin or old (ARC-13, ARC-19); empty when it is neither."""
    days = (row.now - row.columns["accounts_archive_at"]).days
    percent = row.columns["accounts_completeness"]
    values = {"percent": percent, "days": days}
    is_thin, is_stale = percent < settings.THIN_ARCHIVE, days > settings.STALE_PROFILE_DAYS
    if is_thin and is_stale:
        return (
            _("The archive is %(percent)s %% complete and nobody updated it for %(days)s days.")
            % values
        )
    if is_thin:
        return _("The archive is only %(percent)s %% complete.") % values
    return _("Nobody updated the archive for %(days)s days.") % values if is_stale else ""


def touches(row: HeadRow) -> Iterator[Touch]:
    if last := row.columns["accounts_last_log"]:
        at = parse_datetime(last["at"])
        assert at  # noqa: S101 -- the database wrote it
        url = reverse("accounts:contact_log_detail", args=[UUID(last["pk"])])
        yield Touch(timezone.localtime(at), ContactChannel(last["channel"]).label, url)


def badges(row: HeadRow) -> Mapping[str, int]:
    return {"people": row.columns["accounts_contacts"], "members": row.client.active_members}


# Timeline ---------------------------------------------------------------------------------------


def owner_changes(query: TimelineQuery) -> Iterable[Entry]:
    rows = Ownership.objects.visible_to(query.user).filter(client=query.client)
    rows = query.newest(rows, "owner", at="started_at", person="assigned_by")
    for row in rows.select_related("owner", "assigned_by"):
        yield Entry(
            Moment(row.started_at, "owner", row.pk),
            "change",
            _("Account manager: %(person)s") % {"person": row.owner.full_name},
            reverse("accounts:client_people", args=[query.client.pk]),
            row.reason,
            row.assigned_by.full_name if row.assigned_by else "",
            "users",
        )


def _actor_name() -> Any:
    """Who made an audited change: the audit trail keeps the person's number as JSON."""
    number = Cast(KeyTextTransform("actor", OuterRef("pgh_context__metadata")), IntegerField())
    return Subquery(User.objects.filter(pk=number).values("full_name"))


def archive_changes(query: TimelineQuery) -> Iterable[Entry]:
    """Changes of class, status and chief representative, out of the audit trail."""
    # The event before, by a subquery: a window would lose its first row to the filters below.
    earlier = ClientEvent.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
    old = JSONObject(client_class="client_class", status="status", representative=REPRESENTATIVE)
    events = (
        ClientEvent.objects.filter(pgh_obj=query.client.pk)
        .annotate(
            actor=Cast(KeyTextTransform("actor", "pgh_context__metadata"), IntegerField()),
            actor_name=_actor_name(),
            representative=REPRESENTATIVE,
            representative_name=F("chief_representative__full_name"),
            old=Subquery(earlier.order_by("-pgh_id").values(row=old)[:1]),
        )
        .filter(
            ~Q(client_class=KeyTextTransform("client_class", "old"))
            | ~Q(status=KeyTextTransform("status", "old"))
            | ~Q(representative=KeyTextTransform("representative", "old")),
            old__isnull=False,
        )
    )
    rows = query.newest(events, "archive", at="pgh_created_at", person="actor", pk="pgh_id")
    url = reverse("accounts:client_history", args=[query.client.pk])
    for row in rows:
        changed = " · ".join(_changed(row))
        moment = Moment(row.pgh_created_at, "archive", row.pgh_id)
        yield Entry(moment, "change", changed, url, "", row.actor_name or "", "edit")


def _changed(row: Any) -> Iterator[str]:
    old = row.old
    if row.client_class != old["client_class"]:
        yield _("Class: %(old)s → %(new)s") % {
            "old": old["client_class"] or "–",
            "new": row.client_class or "–",
        }
    if row.status != old["status"]:
        yield _("Status: %(old)s → %(new)s") % {
            "old": ClientStatus(old["status"]).label,
            "new": ClientStatus(row.status).label,
        }
    if row.representative != old["representative"]:
        yield _("Chief representative: %(person)s") % {"person": row.representative_name or "–"}


def tasks_done(query: TimelineQuery) -> Iterable[Entry]:
    """To-dos about the client that were ticked off, whichever app raised them."""
    rows = Task.objects.visible_to(query.user).filter(tasks_about(query.client))
    rows = query.newest(rows.exclude(done_at=None), "task", at="done_at", person="assignee")
    for row in rows.select_related("assignee"):
        moment = Moment(row.done_at, "task", row.pk)
        yield Entry(
            moment, "task", str(row), row.link, "", row.assignee.full_name, "list-check", "success"
        )


CHANNEL_ICONS = {
    ContactChannel.PHONE: "phone",
    ContactChannel.VISIT: "login",
    ContactChannel.SMS: "note",
    ContactChannel.EMAIL: "note",
}


def contact_entries(query: TimelineQuery) -> Iterable[Entry]:
    rows = ContactLog.objects.visible_to(query.user).filter(client=query.client)
    rows = query.newest(rows, "contact", at="happened_at", person="logged_by")
    for row in rows.select_related("contact", "logged_by"):
        way = (
            row.get_direction_display()
            if row.direction == ContactDirection.WALK_IN
            else row.get_channel_display()
        )
        yield Entry(
            Moment(row.happened_at, "contact", row.pk),
            "contact",
            " · ".join(filter(None, [way, row.get_purpose_display(), row.who])),
            row.get_absolute_url(),
            f"{row.content}\n→ {row.next_step}" if row.next_step else row.content,
            row.logged_by.full_name,
            CHANNEL_ICONS.get(row.channel, "users"),
            "danger" if row.is_major else "info",
            [_("Major issue")] if row.is_major else [],
        )


def note_entries(query: TimelineQuery) -> Iterable[Entry]:
    rows = Note.objects.visible_to(query.user).kept().filter(client=query.client)
    rows = query.newest(rows, "note", at="created_at", person="author")
    for row in rows.select_related("author"):
        yield Entry(
            Moment(row.created_at, "note", row.pk),
            "note",
            _("Note"),
            row.get_absolute_url(),
            row.text,
            row.author.full_name,
            "note",
            "warning" if row.is_pinned else "neutral",
            [_("Pinned")] if row.is_pinned else [],
        )


def tasks(client: Client) -> Q:
    """Next steps that were promised in logged contacts."""
    return Q(pk__in=ContactLog.objects.filter(client=client).values("task"))
