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
from analytics.models.changes import ImportChange
from analytics.models.facts import ClientMonth
from analytics.models.quarantine import QuarantineLook

__all__ = [
    "Alert",
    "AlertReading",
    "BillingImport",
    "BillingPeriod",
    "ClientMonth",
    "ColumnMapping",
    "ImportChange",
    "ImportProblem",
    "MemberBill",
    "ProductBill",
    "QuarantineLook",
    "RuleVersion",
]
