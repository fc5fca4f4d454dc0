"""How the fields of a client's archive are grouped on forms and pages (ARC-F01..F30).

A new field of the archive belongs into one of these groups; a test says when one is missing.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Group:
    """One part of the archive: its fields in the order of the form."""

    name: str
    label: str | Promise
    icon: str
    fields: tuple[str, ...]


GROUPS = (
    Group(
        "identity", _("Identity"), "building",
        (
            "name", "code", "unit", "nature", "industry", "industry_features",
            "superior", "founded_on", "is_high_end", "features", "notes",
        ),
    ),
    Group(
        "organisation", _("Organisation"), "users",
        ("business_scope", "internal_organisation", "social_position", "superior_policy"),
    ),
    Group(
        "people", _("People and lines"), "device-mobile", ("employees", "own_users", "other_users"),
    ),
    Group(
        "money", _("Money and policy"), "report-money",
        (
            "payment_method", "fee_reimbursement", "fee_reimbursement_note", "hoped_policy",
            "capital_allocation", "points", "credit",
        ),
    ),
    Group(
        "management", _("Management"), "list-check",
        (
            "organisation_setup", "production_process", "information_process",
            "geographic_distribution", "management_system", "leadership", "financial_system",
            "operating_condition", "product_market", "office_automation",
            "office_automation_note",
        ),
    ),
    Group(
        "place", _("Place"), "map-pin",
        ("address", "latitude", "longitude", "directions", "transport", "shops"),
    ),
    Group(
        "relation", _("Relation with us"), "calendar-event",
        (
            "contact_state", "info_source", "lead_source", "referring_client",
            "referring_colleague", "can_pay", "has_need", "can_decide", "accepts_marketing",
        ),
    ),
)  # fmt: skip
GROUP_NAMES = tuple(group.name for group in GROUPS)
# Numbers that come from files and programs; people look at them.
IMPORTED = ("points", "credit")
# The four tests of a potential client (ARC-02).
TESTS = ("can_pay", "has_need", "can_decide", "accepts_marketing")


def group_of(field: str) -> str:
    """The name of the group a field belongs to; empty for none."""
    return next((group.name for group in GROUPS if field in group.fields), "")
