"""What happens to the tables of this app when two clients or contacts become one (ADR 0052).

Rows simply follow. Said here: what if a constraint allows one of two only, and what does not
follow at all.
"""

from django.db.models import Max, Model, Q

from accounts.choices import DIRECTED_RELATIONS, ChangeState, PairKind, ProposalState
from accounts.models import (
    Anniversary,
    Area,
    BulkItem,
    ChangeRequest,
    ClassProposal,
    Client,
    ClientFile,
    CollectionCount,
    ConfidentialProfile,
    Contact,
    ContactRelation,
    Department,
    EntitlementUse,
    HandoverItem,
    Ownership,
    RecentClient,
    Report,
    Representation,
    Segment,
    SuspectedPair,
)
from crm.lib.merging import BY, NOW, Merging, Rule, absorbed, declare, ended, fill, keep_one

EVERY = Q(pk__isnull=False)
# Kept by services, or decided by steps of their own; the survivor's stay.
STAYING = {
    "code", "unit", "owner", "chief_representative", "client_class", "status", "latitude",
    "longitude", "client", "formerly", "is_decision_maker", "is_active", "is_external", "left_on", "left_reason",
}  # fmt: skip
LEAD = ("lead_source", "referring_client", "referring_colleague")
BIRTHDAY = (
    "birth_month", "birth_day", "birth_year", "is_lunar_birthday", "is_leap_month_birthday",
)  # fmt: skip


def _columns(model: type[Model]) -> dict[str, tuple[str, ...]]:
    return {
        field.name: (field.attname,)
        for field in model._meta.concrete_fields
        if field.editable
        and not field.primary_key
        and field.name not in {*STAYING, *LEAD, *BIRTHDAY}
    }


# What may come from either of two records -> its columns, which go together.
CLIENT_CHOICES = _columns(Client) | {
    "latitude": ("latitude", "longitude"),
    "lead_source": ("lead_source", "referring_client_id", "referring_colleague_id"),
}
CONTACT_CHOICES = _columns(Contact) | {
    # Only who is from outside is of another organisation.
    "organisation": ("organisation", "is_external"),
    "birthday": BIRTHDAY,
}
CONFIDENTIAL = tuple(
    (field.attname,)
    for field in ConfidentialProfile._meta.concrete_fields
    if field.get_internal_type() == "TextField"
)


def one_person(merging: Merging, row: Contact, other: Contact) -> None:
    """The same name and number at both clients is one person; else there is a second decision
    maker (CON-06)."""
    if (row.name, row.mobile) == (other.name, other.mobile):
        merging.absorb(row, other)
        fill(merging, other, row, CONTACT_CHOICES.values())
    else:
        merging.change(row, is_decision_maker=False)


def in_order(merging: Merging, loser: Contact, survivor: Contact) -> None:
    """A relation that reads the same both ways names the lower id first."""
    rows = ContactRelation.objects.exclude(kind__in=DIRECTED_RELATIONS)
    for row in rows.filter(Q(person=loser) | Q(other=loser)):
        far = row.other_id if row.person_id == loser.pk else row.person_id
        if far == survivor.pk:
            continue
        first, second = sorted((far, survivor.pk))
        if rows.filter(kind=row.kind, person=first, other=second).exists():
            merging.set_aside(row)
        else:
            merging.change(row, person_id=first, other_id=second)


def counted_on(merging: Merging, row: EntitlementUse, other: EntitlementUse) -> None:
    """Both were given out, so both count: the loser's are numbered after the survivor's."""
    uses = EntitlementUse.objects.filter(
        entitlement=row.entitlement_id,
        year=row.year,
        contact__in=[row.contact_id, other.contact_id],
    )
    merging.change(row, number=uses.aggregate(last=Max("number"))["last"] + 1)


def declare_rules() -> None:
    declare(Department, "client", Rule(absorbed()))
    for item in (Anniversary, CollectionCount, Segment, Area, ClientFile):
        declare(item, "client", Rule(ended(removed_at=NOW)))
    declare(Ownership, "client", Rule(ended(ended_at=NOW)))
    declare(Representation, "client", Rule(ended(ended_at=NOW)))
    declare(
        ChangeRequest,
        "client",
        Rule(ended(state=ChangeState.WITHDRAWN, decided_at=NOW, decided_by_id=BY)),
    )
    declare(ClassProposal, "client", Rule(ended(state=ProposalState.OVERTAKEN, decided_at=NOW)))
    # Its undo would give the survivor what the other one had.
    declare(BulkItem, "client", Rule(aside=EVERY))
    declare(HandoverItem, "client", Rule(keep_one))
    declare(RecentClient, "client", Rule(keep_one))
    declare(Report, "about", Rule(keep_one))
    declare(Contact, "client", Rule(one_person))
    declare(ConfidentialProfile, "contact", Rule(absorbed(*CONFIDENTIAL)))
    declare(ContactRelation, "person", Rule(keep_one, prepare=in_order))
    declare(ContactRelation, "other", Rule(keep_one))
    declare(EntitlementUse, "contact", Rule(counted_on))
    # Pairs are in the order of ids; the nightly search finds anew what is still alike.
    for side in ("first", "second"):
        declare(SuspectedPair, side, Rule(aside=Q(kind=PairKind.CLIENT)))
        declare(SuspectedPair, f"{side}_contact", Rule(aside=EVERY))
