"""Rows of contacts, members and their entitlements that their constraints refuse."""

from collections.abc import Callable
from datetime import date, time
from decimal import Decimal

from accounts.models import Contact, Tip
from tests.architecture.violations.common import NOON, twice
from tests.factories.accounts import (
    ClientFactory,
    ContactFactory,
    ContactLogFactory,
    ContactNoteFactory,
    ContactRelationFactory,
    ContactWindowFactory,
    MemberFactory,
    NoteFactory,
    TipFactory,
)
from tests.factories.members import (
    EntitlementFactory,
    EntitlementUseFactory,
    OwnerChangeFactory,
    RecordLookFactory,
    TierGrantFactory,
    TierTermFactory,
)


def same_contact() -> None:
    first = ContactFactory()
    Contact.objects.create(client=first.client, name=first.name, mobile=first.mobile)


def second_decision_maker() -> None:
    first = ContactFactory(is_decision_maker=True)
    ContactFactory(client=first.client, is_decision_maker=True)


def own_past() -> None:
    contact = ContactFactory()
    contact.formerly = contact
    contact.save()


def second_boss() -> None:
    first = ContactRelationFactory()
    ContactRelationFactory(person=first.person)


def relation_to_oneself() -> None:
    contact = ContactFactory()
    ContactRelationFactory(person=contact, other=contact)


def relation_the_other_way_round() -> None:
    first, second = sorted((ContactFactory(), ContactFactory()), key=lambda each: each.pk)
    ContactRelationFactory(person=second, other=first, kind="kin")


def same_relation() -> None:
    first = ContactRelationFactory(kind="introduced_by")
    ContactRelationFactory(person=first.person, other=first.other, kind="introduced_by")


def same_tip() -> None:
    Tip.objects.all().delete()
    for _ in range(2):
        Tip.objects.create(subject="personality", value="silent", text_en="a", text_zh="b")


def same_use(**holder) -> Callable[[], object]:
    def violate() -> None:
        first = EntitlementUseFactory(**{name: make() for name, make in holder.items()})
        EntitlementUseFactory(
            entitlement=first.entitlement, member=first.member, contact=first.contact
        )

    return violate


def same_term() -> None:
    TierTermFactory(member=TierTermFactory().member)


VIOLATIONS: dict[str, list[Callable[[], object]]] = {
    "accounts_contact_birthday_whole": [
        lambda: ContactFactory(birth_month=8),
        lambda: ContactFactory(birth_day=15),
        lambda: ContactFactory() and Contact.objects.update(birth_month=13, birth_day=1),
        lambda: ContactFactory() and Contact.objects.update(birth_month=1, birth_day=32),
    ],
    "accounts_contact_once": [same_contact],
    "accounts_ownerchange_identity_checked": [
        lambda: OwnerChangeFactory(note=""),
        lambda: OwnerChangeFactory(document_tail=""),
        lambda: OwnerChangeFactory(new_owner=""),
    ],
    "accounts_entitlement_verified_by_somebody": [
        lambda: EntitlementFactory(verified_by="Somebody"),
        lambda: EntitlementFactory(verified_on=date(2026, 7, 6)),
    ],
    "accounts_entitlement_limits_positive": [
        lambda: EntitlementFactory(quantity=0),
        lambda: EntitlementFactory(value=Decimal(0)),
    ],
    "accounts_entitlement_needs_card": [lambda: EntitlementFactory(tier=0)],
    "accounts_entitlementuse_one_holder": [
        lambda: EntitlementUseFactory(contact=ContactFactory()),
        lambda: EntitlementUseFactory(member=None, client=ClientFactory()),
    ],
    "accounts_entitlementuse_year_of_use": [lambda: EntitlementUseFactory(year=2025)],
    "accounts_entitlementuse_positive": [
        lambda: EntitlementUseFactory(number=0),
        lambda: EntitlementUseFactory(amount=Decimal(0)),
    ],
    "accounts_entitlementuse_cancelled_whole": [
        lambda: EntitlementUseFactory(cancelled_at=NOON),
        lambda: EntitlementUseFactory(cancel_reason="By mistake"),
    ],
    "accounts_entitlementuse_once_by_member": [same_use(member=MemberFactory)],
    "accounts_entitlementuse_once_by_contact": [
        same_use(member=lambda: None, contact=ContactFactory)
    ],
    "accounts_recordlook_has_reason": [lambda: RecordLookFactory(reason="")],
    "accounts_tierterm_once": [same_term],
    "accounts_tiergrant_whole_months": [
        lambda: TierGrantFactory(from_month=date(2026, 6, 1), until_month=date(2026, 5, 1)),
        lambda: TierGrantFactory(from_month=date(2026, 6, 2)),
        lambda: TierGrantFactory(until_month=date(2026, 12, 31)),
        lambda: TierGrantFactory(tier=0),
    ],
    "accounts_tiergrant_one_year": [lambda: TierGrantFactory(until_month=date(2027, 1, 1))],
    "accounts_contact_one_decision_maker": [second_decision_maker],
    "accounts_contact_not_own_past": [own_past],
    "accounts_contact_leap_is_lunar": [
        lambda: ContactFactory() and Contact.objects.update(is_leap_month_birthday=True)
    ],
    "accounts_contact_organisation_is_outside": [
        lambda: ContactFactory() and Contact.objects.update(organisation="Design institute")
    ],
    "accounts_contact_left_is_not_there": [
        lambda: ContactFactory(left_on=date(2026, 7, 1)),
        lambda: ContactFactory(left_reason="Retired"),
    ],
    "accounts_contactnote_says_it": [lambda: ContactNoteFactory(text="")],
    "accounts_contactwindow_ends_later": [lambda: ContactWindowFactory(ends=time(9))],
    "accounts_contactwindow_real_days": [
        lambda: ContactWindowFactory(weekdays=[]),
        lambda: ContactWindowFactory(weekdays=[0]),
    ],
    "accounts_contactrelation_two_people": [relation_to_oneself],
    "accounts_contactrelation_symmetric_once": [relation_the_other_way_round],
    "accounts_contactrelation_once": [same_relation],
    "accounts_contactrelation_one_boss": [second_boss],
    "accounts_tip_once": [same_tip],
    "accounts_tip_says_it": [
        lambda: TipFactory(value="new", text_en=""),
        lambda: TipFactory(value="new", text_zh=""),
    ],
    "accounts_contactlog_content_not_empty": [lambda: ContactLogFactory(content="")],
    "accounts_contactlog_walk_in_is_in_person": [
        lambda: ContactLogFactory(direction="walk_in", channel="phone"),
        lambda: ContactLogFactory(direction="outgoing", channel="visit"),
    ],
    "accounts_contactlog_day_has_step": [lambda: ContactLogFactory(next_step_on=date(2026, 7, 10))],
    "accounts_note_text_not_empty": [lambda: NoteFactory(text="")],
    "accounts_member_msisdn_key": [twice(MemberFactory, msisdn=13_800_000_001)],
}
