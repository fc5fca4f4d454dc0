"""Tables of billing, facts and alerts."""

from analytics.models.alerts import Alert, AlertReading, RuleVersion
from analytics.models.assessments import ValueAssessment, ValueDue
from analytics.models.billing import (
    BillingImport,
    ColumnMapping,
    ImportProblem,
    MemberBill,
    ProductBill,
)
from analytics.models.changes import ImportChange
from analytics.models.class_suggestions import ClassSuggestion, CriteriaVersion
from analytics.models.facts import ClientMonth
from analytics.models.handover import BillingUpload, DroppedFile
from analytics.models.periods import BillingPeriod, PeriodCoverage, PeriodStep
from analytics.models.quarantine import QuarantineLook
from analytics.models.records import BusinessHandling, DailyUsage, Payment

__all__ = [
    "Alert",
    "AlertReading",
    "BillingImport",
    "BillingPeriod",
    "BillingUpload",
    "BusinessHandling",
    "ClassSuggestion",
    "ClientMonth",
    "ColumnMapping",
    "CriteriaVersion",
    "DailyUsage",
    "DroppedFile",
    "ImportChange",
    "ImportProblem",
    "MemberBill",
    "Payment",
    "PeriodCoverage",
    "PeriodStep",
    "ProductBill",
    "QuarantineLook",
    "RuleVersion",
    "ValueAssessment",
    "ValueDue",
]
