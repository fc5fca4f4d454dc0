"""Tables of billing, facts and alerts."""

from analytics.models.alerts import Alert, AlertReading, RuleVersion
from analytics.models.billing import (
    BillingImport,
    BillingPeriod,
    ColumnMapping,
    ImportProblem,
    MemberBill,
    ProductBill,
)
from analytics.models.facts import ClientMonth
from analytics.models.quarantine import QuarantineLook

__all__ = [
    "Alert",
    "AlertReading",
    "BillingImport",
    "BillingPeriod",
    "ClientMonth",
    "ColumnMapping",
    "ImportProblem",
    "MemberBill",
    "ProductBill",
    "QuarantineLook",
    "RuleVersion",
]
