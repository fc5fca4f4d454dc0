"""The printed archive of a client: always the same parts in the same order (ARC-10, ARC-18).

Apps register their sections in `ready()`. Each says whether a client may read it (SEC-02); what
does not say so is for us only.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import ON_NETWORK_STATUSES, MemberStatus, Tier
from accounts.models import Agreement, Anniversary, Area, Client, Department, Policy, Segment
from accounts.selectors.history import client_history, shown_fields
from crm.lib.documents.content import Block, Column, Document, Facts, Grid, Section, Text
from crm.lib.text import listed
from staff.documents import Order
from staff.models import User

HISTORY_SHOWN = 40
MEMBERS_SHOWN = 30
# What a client may read about itself; a field that is added later is not among it by accident.
CLIENT_MAY_READ = (
    "name", "nature", "industry", "address", "employees", "own_users", "founded_on",
)  # fmt: skip


class Part(models.IntegerChoices):
    """The handbook's order of filing: archive, proposal, agreement."""

    ARCHIVE = 1, gettext_lazy("Archive")
    PROPOSAL = 2, gettext_lazy("Proposals")
    AGREEMENT = 3, gettext_lazy("Agreements")


@dataclass(frozen=True)
class DossierContext:
    """Whose dossier, for whom, and whether colleagues or the client will read it."""

    client: Client
    user: User
    is_internal: bool
    now: datetime


@dataclass(frozen=True)
class DossierSection:
    """`position` within the part; `build` gives None when there is nothing worth a heading."""

    title: str | Promise
    part: Part
    position: int
    build: Callable[[DossierContext], Sequence[Block] | None]
    client_may_read: bool = False


SECTIONS: dict[str, DossierSection] = {}


def register(name: str, section: DossierSection) -> None:
    SECTIONS[name] = section


def build_dossier(order: Order) -> Document:
    context = DossierContext(
        client=order.subject,
        user=order.by,
        is_internal=order.options.get("audience") != "client",
        now=order.now,
    )
    client = context.client
    return Document(
        title=client.name,
        subtitle=_("Client dossier") if context.is_internal else _("Client information"),
        confidentiality=_confidentiality(context),
        printed_by=order.by.full_name,
        printed_at=order.now,
        facts=_heading(context),
        sections=[section for part in Part for section in _part(part, context)],
    )


def people_in(order: Order) -> int:
    """How many people and lines the dossier names."""
    client: Client = order.subject
    contacts = client.contacts.visible_to(order.by).active().count()
    members: Any = client.members.all()
    return contacts + members.visible_to(order.by)[:MEMBERS_SHOWN].count()


def _confidentiality(context: DossierContext) -> str:
    if context.is_internal:
        return _("Confidential: internal, not to be given to clients")
    return _("Confidential: for %(client)s only") % {"client": context.client.name}


def _heading(context: DossierContext) -> list[tuple[str, str]]:
    client = context.client
    pairs = [
        (_("Client code"), client.code),
        (_("Account manager"), client.owner.full_name if client.owner else ""),
    ]
    if context.is_internal:
        representative = client.chief_representative
        pairs += [
            (_("Class"), client.client_class),
            (_("Chief representative"), representative.full_name if representative else ""),
            (_("Unit"), client.unit.name),
        ]
    return pairs


def _part(part: Part, context: DossierContext) -> list[Section]:
    """The part's heading and sections; a part without any still has its place."""
    chosen = sorted(
        (
            section
            for section in SECTIONS.values()
            if section.part == part and (context.is_internal or section.client_may_read)
        ),
        key=lambda section: section.position,
    )
    built = [(section, section.build(context)) for section in chosen]
    sections = [Section(str(section.title), blocks) for section, blocks in built if blocks]
    nothing = [] if sections else [Text(_("Nothing on file."), is_quiet=True)]
    return [Section(str(part.label), nothing, level=1), *sections]


# Sections of this app -----------------------------------------------------------------------------


def basic_section(context: DossierContext) -> list[Block]:
    """Every field of the archive for us; for the client only what it may read."""
    client = context.client
    fields = [
        field
        for field in Client._meta.concrete_fields
        if field.editable and (context.is_internal or field.name in CLIENT_MAY_READ)
    ]
    return [Facts([(_label(field), shown(client, field)) for field in fields])]


def _label(field: Any) -> str:
    text = str(field.verbose_name)
    return text[:1].upper() + text[1:]


def shown(record: models.Model, field: Any) -> str:
    """A field's value as people read it."""
    value = getattr(record, field.name)
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        names = dict(getattr(field.base_field, "flatchoices", ()))
        return listed(names.get(each, each) for each in value)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    return str(value)


def people_section(context: DossierContext) -> list[Block]:
    """Who is who; numbers masked like in every other file (ADR 0027)."""
    contacts = context.client.contacts.visible_to(context.user).active()
    rows = contacts.order_by("kind", "sort_key", "pk")
    if not context.is_internal:
        columns = [Column(_("Name")), Column(_("Title")), Column(_("Department"))]
        return [
            Grid(columns, [[c.name, c.title, c.department] for c in rows], _("No contacts yet"))
        ]
    columns = [
        Column(label)
        for label in (
            _("Name"),
            _("Title"),
            _("Kind"),
            _("Mobile"),
            _("Buying roles"),
            _("Birthday"),
        )
    ]
    roles = dict(contacts.model._meta.get_field("buying_roles").base_field.flatchoices)
    grid = [
        [
            contact.name,
            contact.title,
            contact.get_kind_display(),
            contact.masked_mobile or contact.masked_landline,
            listed(roles.get(role, role) for role in contact.buying_roles),
            contact.spoken_birthday,
        ]
        for contact in rows
    ]
    return [Grid(columns, grid, _("No contacts yet"))]


def members_section(context: DossierContext) -> list[Block]:
    """Counts; for us also by state, and the first lines, their numbers masked (SEC-10)."""
    members = context.client.members.visible_to(context.user)
    states = dict(members.values_list("status").annotate(n=Count("pk")).order_by())
    paid = members.aggregate(n=Count("pk", filter=Q(is_corporate_paid=True)))["n"]
    active = sum(states.get(status, 0) for status in ON_NETWORK_STATUSES)
    pairs = [(_("Active members"), f"{active:,}"), (_("Corporate-paid"), f"{paid:,}")]
    if not context.is_internal:  # who seems about to leave is our own judgement
        return [Facts(pairs)]
    tiers = dict(
        members.exclude(tier=Tier.NONE).values_list("tier").annotate(n=Count("pk")).order_by()
    )
    pairs += [(str(MemberStatus(s).label), f"{n:,}") for s, n in sorted(states.items())]
    pairs += [(str(Tier(t).label), f"{n:,}") for t, n in sorted(tiers.items(), reverse=True)]
    return [Facts(pairs), _lines(members)]


def _lines(members: Any) -> Grid:
    rows = members.order_by("-tier", "pk")[:MEMBERS_SHOWN]
    return Grid(
        [Column(_("Number")), Column(_("Status")), Column(_("Tier")), Column(_("Joined on"))],
        [
            [m.masked_number, m.get_status_display(), m.get_tier_display(), _day(m.joined_on)]
            for m in rows
        ],
        _("No members yet"),
        note=_("At most %(number)s lines, the highest cards first.") % {"number": MEMBERS_SHOWN},
    )


def _day(day: Any) -> str:
    return f"{day:%Y-%m-%d}" if day else ""


def lists_section(context: DossierContext) -> list[Block] | None:
    """The lists of the archive that have a row: departments, anniversaries, policies and so on."""
    grids = [
        _items(model, context, [field.name for field in shown_fields(model)])
        for model in (Department, Anniversary, Policy, Segment, Area)
    ]
    return [block for grid, title in grids if grid.rows for block in (Text(title), grid)] or None


def agreements_section(context: DossierContext) -> list[Block] | None:
    """Agreements by product, the newest first (ARC-F22)."""
    names = ("product", "group_number", "short_numbers", "signed_on", "valid_from", "valid_until")
    grid, _title = _items(Agreement, context, names)
    return [grid] if grid.rows else None


def _items(
    model: type[models.Model], context: DossierContext, names: Sequence[str]
) -> tuple[Grid, str]:
    fields: list[Any] = [
        field
        for name in names
        if (field := model._meta.get_field(name)).editable and name != "removed_at"
    ]
    rows: Any = model._default_manager.all()
    live = rows.visible_to(context.user).filter(client=context.client).live()
    return (
        Grid(
            [Column(_label(field)) for field in fields],
            [
                [shown(row, field) for field in fields]
                for row in live.order_by("-created_at", "-pk")
            ],
        ),
        str(model._meta.verbose_name_plural),
    )


def history_section(context: DossierContext) -> list[Block]:
    """Who was responsible, and what was changed in the archive."""
    client = context.client
    ownerships = client.ownerships.visible_to(context.user).select_related("owner")
    changes = [
        [
            f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M}",
            entry.actor,
            "\n".join(f"{c.label}: {c.old} → {c.new}" for c in entry.changes) or entry.title,
        ]
        for entry in client_history(client).entries[:HISTORY_SHOWN]
    ]
    return [
        Grid(
            [
                Column(_("Account manager")),
                Column(_("from")),
                Column(_("until")),
                Column(_("Reason")),
            ],
            [
                [
                    ownership.owner.full_name,
                    _day(timezone.localtime(ownership.started_at)),
                    _day(ownership.ended_at and timezone.localtime(ownership.ended_at)),
                    ownership.reason,
                ]
                for ownership in ownerships.order_by("-started_at", "-pk")
            ],
            _("Nobody was responsible yet."),
        ),
        Grid(
            [Column(_("When")), Column(_("Who")), Column(_("What"))], changes, _("No changes yet.")
        ),
    ]
