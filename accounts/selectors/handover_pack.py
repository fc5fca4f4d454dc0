"""What the person who takes clients over has to know, as one document.

Apps register their sections in `ready()`. Each gets all clients at once and asks each of its tables
once, whatever their number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.functional import Promise as LazyText
from django.utils.translation import gettext as _

from accounts.models import (
    Anniversary,
    Client,
    ClientQuerySet,
    Contact,
    Escalation,
    Handover,
    HandoverItem,
    HandoverShare,
    Instruction,
    Promise,
)
from crm.lib.birthdays import Birthday
from crm.lib.documents.content import Block, Column, Document, Grid, Section
from staff.documents import Order
from staff.models import User


@dataclass(frozen=True)
class PackContext:
    """`clients`: those of the handover that `user` sees, whoever has them by now."""

    clients: ClientQuerySet
    user: User
    now: datetime  # in the reader's time zone

    @property
    def today(self) -> date:
        return self.now.date()


@dataclass(frozen=True)
class PackSection:
    """`build` gives None when there is nothing worth a heading."""

    title: str | LazyText
    position: int
    build: Callable[[PackContext], Sequence[Block] | None]


SECTIONS: dict[str, PackSection] = {}


def register(name: str, section: PackSection) -> None:
    SECTIONS[name] = section


def build_pack(order: Order) -> Document:
    """Of a whole handover, or of what one person got of it."""
    subject = order.subject
    handover = subject if isinstance(subject, Handover) else subject.handover
    context = PackContext(clients_in(subject, order.by), order.by, order.now)
    ranked = sorted(SECTIONS.values(), key=lambda section: section.position)
    built = [(str(section.title), section.build(context)) for section in ranked]
    return Document(
        title=title_of(subject),
        subtitle=_("Handover pack"),
        confidentiality=_("Confidential: internal, not to be given to clients"),
        printed_by=order.by.full_name,
        printed_at=order.now,
        facts=[
            (_("Handed over"), f"{handover.handed_over_at:%Y-%m-%d}"),
            (_("By"), handover.handed_over_by.full_name),
            (_("Reason"), handover.reason),
            (_("Clients"), f"{context.clients.count():,}"),
        ],
        sections=[Section(title, blocks) for title, blocks in built if blocks],
    )


def people_in(order: Order) -> int:
    """How many people the pack names: those whose birthday is near."""
    context = PackContext(clients_in(order.subject, order.by), order.by, order.now)
    return len(_birthdays(context, _last_day_of_care(context)))


def title_of(subject: Handover | HandoverShare) -> str:
    if isinstance(subject, Handover):
        return _("Clients of %(person)s") % {"person": subject.source.full_name}
    return _("From %(source)s to %(target)s") % {
        "source": subject.handover.source.full_name,
        "target": subject.target.full_name,
    }


def clients_in(subject: Handover | HandoverShare, user: User) -> ClientQuerySet:
    items = HandoverItem.objects.visible_to(user)
    if isinstance(subject, Handover):
        items = items.filter(share__handover=subject)
    else:
        items = items.filter(share=subject)
    return Client.objects.visible_to(user).filter(pk__in=items.values("client"))


# The sections of this app -----------------------------------------------------------------------


def clients_section(context: PackContext) -> list[Block]:
    """Every client with its class and money, the largest first."""
    columns = [
        Column(_("Client")),
        Column(_("Client code")),
        Column(_("Class")),
        Column(_("Status")),
        Column(_("Income"), is_figure=True),
        Column(_("Members"), is_figure=True),
        Column(_("Account manager")),
        Column(_("Chief representative")),
    ]
    rows = [
        [
            client.name,
            client.code,
            client.client_class or "–",
            client.get_status_display(),
            f"{client.income:,}",
            f"{client.active_members:,}",
            client.owner.full_name if client.owner else "",
            client.chief_representative.full_name if client.chief_representative else "",
        ]
        for client in context.clients.with_people().without_texts().order_by("-income", "pk")
    ]
    return [Grid(columns, rows, _("None of these clients is in your sight any more."))]


def promises_section(context: PackContext) -> list[Block]:
    """What the clients still wait for (ORG-19)."""
    open_ones = Promise.objects.visible_to(context.user).unsettled()
    promises = open_ones.filter(client__in=context.clients).select_related("client", "made_by")
    rows = [
        [
            f"{promise.due_on:%Y-%m-%d}",
            promise.client.name,
            promise.text,
            promise.made_by.full_name,
            promise.get_state_display(),
        ]
        for promise in promises.order_by("due_on", "pk")
    ]
    labels = (_("Due"), _("Client"), _("Promise"), _("Promised by"), _("State"))
    return [Grid([Column(label) for label in labels], rows, _("No open promises"))]


def instructions_section(context: PackContext) -> list[Block]:
    """Of chief representatives and supervisors, not answered yet (ORG-12)."""
    asked = Instruction.objects.visible_to(context.user).open().filter(client__in=context.clients)
    rows = [
        [f"{each.due_on:%Y-%m-%d}", each.client.name, each.text, each.given_by.full_name]
        for each in asked.select_related("client", "given_by").order_by("due_on", "pk")
    ]
    labels = (_("Due"), _("Client"), _("Instruction"), _("Given by"))
    return [Grid([Column(label) for label in labels], rows, _("No open instructions"))]


def escalations_section(context: PackContext) -> list[Block]:
    """Calls for help that wait for an answer (ORG-18)."""
    calls = Escalation.objects.visible_to(context.user).open().filter(client__in=context.clients)
    rows = [
        [
            f"{each.escalated_at:%Y-%m-%d}",
            each.client.name,
            each.get_level_display(),
            each.reason,
            each.escalated_by.full_name,
        ]
        for each in calls.select_related("client", "escalated_by").order_by("escalated_at", "pk")
    ]
    labels = (_("Day"), _("Client"), _("Level"), _("Reason"), _("By"))
    return [Grid([Column(label) for label in labels], rows, _("No open escalations"))]


def care_section(context: PackContext) -> list[Block]:
    """Birthdays of people and days the clients celebrate, the next ones first (CON-20, ARC-F21)."""
    last = _last_day_of_care(context)
    days = sorted(_birthdays(context, last) + _anniversaries(context, last))
    labels = (_("Day"), _("Client"), _("Occasion"))
    empty = _("No birthdays or anniversaries in the next %(days)s days") % {
        "days": settings.HANDOVER_CARE_DAYS
    }
    rows = [[f"{day:%Y-%m-%d}", client, what] for day, client, what in days]
    return [Grid([Column(label) for label in labels], rows, empty)]


def _last_day_of_care(context: PackContext) -> date:
    return context.today + timedelta(days=settings.HANDOVER_CARE_DAYS)


def _birthdays(context: PackContext, last: date) -> list[tuple[date, str, str]]:
    people = Contact.objects.visible_to(context.user).filter(client__in=context.clients)
    soon = people.birthdays_between(context.today, last).select_related("client")
    return [
        (
            person.next_birthday,
            person.client.name,
            _("Birthday of %(person)s") % {"person": person.name},
        )
        for person in soon
        if person.next_birthday
    ]


def _anniversaries(context: PackContext, last: date) -> list[tuple[date, str, str]]:
    days = Anniversary.objects.visible_to(context.user).live().filter(client__in=context.clients)
    found = []
    for each in days.select_related("client"):
        day = each.day
        if each.is_recurring:
            day = Birthday(month=day.month, day=day.day).next_from(context.today) or day
        if context.today <= day <= last:
            found.append((day, each.client.name, str(each)))
    return found
