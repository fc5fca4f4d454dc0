"""What counts in the completeness of a client's archive, and how much (ARC-12, ARC-13).

The one place for it: pages, lists and jobs ask here. Settings may change weights
(`COMPLETENESS_WEIGHTS`); the conditions are written once and become SQL.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Round
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.catalogue import group_of
from accounts.choices import BuyingRole, ContactKind
from accounts.models import Anniversary, Client, Contact, Department

HERE = OuterRef("pk")


@dataclass(frozen=True)
class Criterion:
    """One thing an archive should have. `group` of the form, or empty for people and lists."""

    name: str
    weight: int
    label: str | Promise
    condition: Q | Exists

    @property
    def group(self) -> str:
        return group_of(self.name)


def _filled(name: str, weight: int = 1) -> Criterion:
    """A field of the client: any text, any number, any choice."""
    field: Any = Client._meta.get_field(name)
    is_missing = Q(**{name: ""}) if field.empty_strings_allowed else Q(**{f"{name}__isnull": True})
    return Criterion(name, weight, field.verbose_name, ~is_missing)


def _people() -> QuerySet[Contact]:
    return Contact.objects.filter(client=HERE, is_active=True).order_by()


IN_CHARGE = (ContactKind.IN_CHARGE, ContactKind.TOP_LEADER)
CRITERIA = (
    _filled("nature", 3), _filled("industry", 3), _filled("address", 3), _filled("employees", 3),
    _filled("features", 4), _filled("own_users", 2), _filled("other_users", 2),
    _filled("business_scope", 2), _filled("industry_features"), _filled("founded_on"),
    _filled("social_position"), _filled("superior_policy"), _filled("payment_method", 2),
    _filled("fee_reimbursement", 2), _filled("hoped_policy"), _filled("capital_allocation"),
    _filled("organisation_setup"), _filled("production_process"), _filled("information_process"),
    _filled("geographic_distribution"), _filled("management_system"), _filled("leadership"),
    _filled("financial_system"), _filled("operating_condition"), _filled("product_market"),
    _filled("office_automation"), _filled("directions"), _filled("contact_state"),
    Criterion(
        "internal_organisation", 2, _("internal organisation"),
        ~Q(internal_organisation="")
        | Q(Exists(Department.objects.filter(client=HERE, removed_at=None))),
    ),
    Criterion(
        "anniversary", 1, _("an anniversary"),
        Exists(Anniversary.objects.filter(client=HERE, removed_at=None)),
    ),
    Criterion("contact", 3, _("a contact"), Exists(_people())),
    Criterion(
        "in_charge", 2, _("the person in charge or a top leader"),
        Exists(_people().filter(kind__in=IN_CHARGE)),
    ),
    Criterion(
        "decider", 2, _("who decides"),
        Exists(_people().filter(buying_roles__contains=[BuyingRole.DECIDER])),
    ),
)  # fmt: skip
# What must be known before a potential client becomes a target (ARC-06).
BASIC = ("nature", "industry", "address", "employees", "contact")


def weight_of(criterion: Criterion) -> int:
    return int(settings.COMPLETENESS_WEIGHTS.get(criterion.name, criterion.weight))


def counted() -> list[Criterion]:
    """Those that weigh anything, in order."""
    return [criterion for criterion in CRITERIA if weight_of(criterion)]


def score() -> Combinable:
    """Per cent of the weights that a client's archive has, as an expression on Client."""
    have: Combinable = Value(0)
    for criterion in counted():
        have = have + Case(
            When(criterion.condition, then=Value(weight_of(criterion))), default=Value(0)
        )
    total = sum(weight_of(criterion) for criterion in counted()) or 1
    return Cast(Round(Value(100.0) * Cast(have, IntegerField()) / Value(total)), IntegerField())


@dataclass(frozen=True)
class Missing:
    """What an archive lacks, and how many per cent it would add."""

    criterion: Criterion
    percent: int


def missing(client: Client) -> list[Missing]:
    """The heaviest first; one query."""
    total = sum(weight_of(criterion) for criterion in counted()) or 1
    lacking = _lacking(client, [criterion.name for criterion in counted()])
    found = [
        Missing(criterion, round(100 * weight_of(criterion) / total))
        for criterion in counted()
        if criterion.name in lacking
    ]
    return sorted(found, key=lambda each: -each.percent)


def missing_basics(client: Client) -> list[Criterion]:
    """What is still needed before the client may become a target (ARC-06)."""
    lacking = _lacking(client, BASIC)
    return [criterion for criterion in CRITERIA if criterion.name in lacking]


def with_basics(clients: QuerySet[Client]) -> QuerySet[Client]:
    """Those that lack nothing of it; see also `missing_basics`."""
    wanted = [criterion.condition for criterion in CRITERIA if criterion.name in BASIC]
    return clients.filter(*wanted)


def _lacking(client: Client, names: object) -> set[str]:
    wanted = [criterion for criterion in CRITERIA if criterion.name in names]  # type: ignore[operator]
    flags = {
        f"has_{criterion.name}": Case(When(criterion.condition, then=True), default=False)
        for criterion in wanted
    }
    row = Client.objects.filter(pk=client.pk).annotate(**flags).values(*flags).get()
    return {name.removeprefix("has_") for name, is_there in row.items() if not is_there}
