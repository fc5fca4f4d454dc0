"""List tables of clients, contacts and members; pages and exports share them."""

from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import (
    BuyingRole,
    ClientStatus,
    ContactDirection,
    PromiseState,
    ProposalState,
    Tier,
)
from accounts.models import ClassProposal
from crm.lib.tables import (
    BadgeColumn,
    FigureColumn,
    LocalDayColumn,
    LocalTimeColumn,
    MoneyColumn,
    RowLinkColumn,
    SelectColumn,
    Table,
)
from crm.lib.text import listed

REASON_SHOWN = 90  # characters of a reason in a list; the page has all
CLASS_TONES: dict[Any, str] = {"A": "danger", "B": "warning", "C": "info"}
CLIENT_STATUS_TONES: dict[Any, str] = {
    ClientStatus.POTENTIAL: "neutral",
    ClientStatus.TARGET: "info",
    ClientStatus.SIGNED: "success",
    ClientStatus.PRE_CHURN: "warning",
    ClientStatus.CHURNED: "danger",
}
PROPOSAL_TONES: dict[Any, str] = {
    ProposalState.OPEN: "warning",
    ProposalState.APPROVED: "success",
    ProposalState.REFUSED: "danger",
    ProposalState.WITHDRAWN: "neutral",
    ProposalState.OVERTAKEN: "neutral",
}
PROMISE_TONES: dict[Any, str] = {
    PromiseState.WAITING: "warning",
    PromiseState.OPEN: "info",
    PromiseState.KEPT: "success",
    PromiseState.DECLINED: "danger",
}

DIRECTION_TONES: dict[Any, str] = {
    ContactDirection.OUTGOING: "neutral",
    ContactDirection.INCOMING: "info",
    ContactDirection.WALK_IN: "success",
}


class ClientTable(Table):
    personal: ClassVar = frozenset()

    name = RowLinkColumn(verbose_name=_("Client"), orderable=True)
    code = tables.Column(verbose_name=_("Code"))
    client_class = BadgeColumn(CLASS_TONES, verbose_name=_("Class"))
    owner = tables.Column(verbose_name=_("Account manager"))
    unit = tables.Column(verbose_name=_("Unit"))
    income = MoneyColumn(verbose_name=_("Income"), orderable=True)
    active_members = FigureColumn(verbose_name=_("Active members"), orderable=True)
    status = BadgeColumn(CLIENT_STATUS_TONES, verbose_name=_("Status"))
    completeness = FigureColumn(verbose_name=_("Complete, %"), orderable=True)
    archive_current_at = LocalDayColumn(verbose_name=_("Archive of"), orderable=True)


class PickedClientTable(ClientTable):
    """With boxes, for who may change many clients at once."""

    picked = SelectColumn()

    class Meta:
        sequence = ("picked", "...")


class ContactTable(Table):
    """Numbers are masked, here and in exports (SEC-10)."""

    personal: ClassVar = frozenset(
        {"name", "personality", "masked_mobile", "masked_landline", "spoken_birthday"}
    )

    name = RowLinkColumn(verbose_name=pgettext_lazy("of a person", "Name"), orderable=True)
    client = tables.Column(linkify=True, verbose_name=_("Client"))
    title = tables.Column(verbose_name=_("Title"))
    kind = tables.Column(verbose_name=_("Kind"))
    buying_roles = tables.Column(verbose_name=_("Buying roles"))
    personality = tables.Column(verbose_name=_("Personality"))
    service_tier = tables.Column(verbose_name=_("Served as"))
    masked_mobile = tables.Column(verbose_name=_("Mobile"), attrs={"td": {"class": "num"}})
    masked_landline = tables.Column(verbose_name=_("Phone"), attrs={"td": {"class": "num"}})
    spoken_birthday = tables.Column(verbose_name=_("Birthday"))

    def render_buying_roles(self, value: list[str]) -> str:
        return listed(BuyingRole(role).label for role in value)

    def render_service_tier(self, value: int) -> str:
        return str(Tier(value).label) if value else "—"


class ClassProposalTable(Table):
    """Changes of class that were proposed, decided or recorded."""

    personal: ClassVar = frozenset()

    client = RowLinkColumn(
        linkify=lambda record: record.get_absolute_url(), verbose_name=_("Client")
    )
    change = tables.Column(
        empty_values=(),
        accessor="pk",
        verbose_name=_("Change of class"),
        attrs={"td": {"class": "text-nowrap"}},
    )
    income = MoneyColumn(verbose_name=_("Income"))
    active_members = FigureColumn(verbose_name=_("Active members"))
    reason = tables.Column(verbose_name=_("Reason"))
    proposed_by = tables.Column(verbose_name=_("Proposed by"), default="–")
    proposed_at = LocalTimeColumn(verbose_name=_("Proposed"), orderable=True)
    state = BadgeColumn(PROPOSAL_TONES, verbose_name=_("State"))
    decided_by = tables.Column(verbose_name=_("Decided by"), default="–")

    def render_change(self, record: ClassProposal) -> str:
        return str(record)

    def render_reason(self, value: str) -> str:
        return Truncator(value).chars(REASON_SHOWN)

    def value_reason(self, value: str) -> str:
        return value


class ClassQueueTable(ClassProposalTable):
    """The same for people who decide: with boxes to tick."""

    select = SelectColumn(when=lambda record: record.is_open)

    class Meta:
        sequence = ("select", "...")


class TextColumn(tables.Column):
    """A long text, cut on the page and whole in a file."""

    def render(self, value: str) -> str:
        return Truncator(value).chars(REASON_SHOWN)

    def value(self, value: str) -> str:
        return value


def record_link() -> RowLinkColumn:
    """The client's name, leading to the record about it."""
    return RowLinkColumn(
        accessor="client",
        linkify=lambda record: record.get_absolute_url(),
        verbose_name=_("Client"),
    )


class MajorChangeTable(Table):
    personal: ClassVar = frozenset()

    client = record_link()
    kind = tables.Column(verbose_name=_("Kind"))
    text = TextColumn(verbose_name=_("What changed"))
    happened_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Happened on"), orderable=True)
    reported_at = LocalTimeColumn(verbose_name=_("Reported"), orderable=True)
    days_to_report = FigureColumn(verbose_name=_("Days to the report"))
    hours_to_report = FigureColumn(verbose_name=_("Hours since we knew"))
    reported_by = tables.Column(verbose_name=_("Reported by"))
    answered_by = tables.Column(verbose_name=_("Acknowledged by"), default="–")


class InstructionTable(Table):
    personal: ClassVar = frozenset()

    client = record_link()
    text = TextColumn(verbose_name=_("Instruction"))
    due_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Due"), orderable=True)
    given_by = tables.Column(verbose_name=_("Given by"))
    given_to = tables.Column(verbose_name=_("Given to"))
    given_at = LocalTimeColumn(verbose_name=_("Given"), orderable=True)
    answer = TextColumn(verbose_name=_("Done"), default="–")


class EscalationTable(Table):
    personal: ClassVar = frozenset()

    client = record_link()
    level = tables.Column(verbose_name=_("Level"))
    reason = TextColumn(verbose_name=_("Reason"))
    escalated_by = tables.Column(verbose_name=_("Escalated by"))
    escalated_at = LocalTimeColumn(verbose_name=_("Escalated"), orderable=True)
    answer = TextColumn(verbose_name=_("Answer"), default="–")


class PromiseTable(Table):
    personal: ClassVar = frozenset({"contact"})

    client = record_link()
    text = TextColumn(verbose_name=_("Promise"))
    contact = tables.Column(verbose_name=_("Promised to"), default="–")
    due_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Due"), orderable=True)
    made_by = tables.Column(verbose_name=_("Promised by"))
    made_at = LocalTimeColumn(verbose_name=_("Promised"), orderable=True)
    state = BadgeColumn(PROMISE_TONES, verbose_name=_("State"))


class RepresentationTable(Table):
    """Who represents whom now, and when the next visit is due (ORG-11)."""

    personal: ClassVar = frozenset()

    client = RowLinkColumn(
        accessor="client",
        linkify=lambda record: record.client.get_absolute_url(),
        verbose_name=_("Client"),
    )
    client_class = BadgeColumn(
        CLASS_TONES, accessor="client__client_class", verbose_name=_("Class")
    )
    unit = tables.Column(accessor="client__unit", verbose_name=_("Unit"))
    representative = tables.Column(verbose_name=_("Chief representative"))
    started_at = LocalTimeColumn(
        verbose_name=pgettext_lazy("of a representative", "Since"), orderable=True
    )
    last_visit_on = tables.DateColumn(format="Y-m-d", verbose_name=_("Last visit"), default="–")
    visit_due_on = tables.DateColumn(
        format="Y-m-d", verbose_name=_("Next visit due"), orderable=True
    )


class UnrepresentedTable(ClientTable):
    """A and B clients without a chief representative, to be ticked."""

    select = SelectColumn()

    class Meta:
        sequence = ("select", "...")


class ContactLogTable(Table):
    """The diary; who was spoken with is a person of the archive or a name."""

    personal: ClassVar = frozenset({"contact", "content"})

    happened_at = LocalTimeColumn(
        verbose_name=_("When"),
        orderable=True,
        linkify=True,
        attrs={"a": {"class": "row-link"}, "td": {"class": "row-title num"}},
    )
    client = tables.Column(linkify=True, verbose_name=_("Client"))
    direction = BadgeColumn(DIRECTION_TONES, verbose_name=_("Direction"))
    channel = tables.Column(verbose_name=_("Channel"))
    purpose = tables.Column(verbose_name=_("Purpose"))
    contact = tables.Column(verbose_name=_("Contact"), accessor="who")
    content = tables.Column(
        verbose_name=_("What came out of it"), attrs={"td": {"class": "cell-text"}}
    )
    next_step = tables.Column(verbose_name=_("Next step"))
    logged_by = tables.Column(verbose_name=_("Person"))
