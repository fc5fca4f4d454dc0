"""Rows of bills, alerts and their rules that their constraints refuse."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from analytics.models import Alert, ColumnMapping, ImportChange, ImportProblem, RuleVersion
from tests.architecture.violations.common import NOON
from tests.factories.accounts import ClientFactory, MemberFactory
from tests.factories.analytics import (
    AlertFactory,
    BillingImportFactory,
    BillingPeriodFactory,
    BillingUploadFactory,
    BusinessHandlingFactory,
    ClassSuggestionFactory,
    CriteriaVersionFactory,
    DailyUsageFactory,
    PaymentFactory,
    PeriodCoverageFactory,
    ProductBillFactory,
    ValueAssessmentFactory,
    ValueDueFactory,
)


def second_suggestion() -> None:
    ClassSuggestionFactory(client=ClassSuggestionFactory().client)


def same_criteria() -> None:
    first = CriteriaVersionFactory()
    first.pk = None
    first.save(force_insert=True)


def same_rule_version() -> None:
    first = RuleVersion.objects.first()
    first.pk = None
    first.save(force_insert=True)


def negative_per_cent() -> None:
    first = RuleVersion.objects.first()
    first.pk, first.version, first.percent = None, 9, Decimal("-0.01")
    first.save(force_insert=True)


def general_taken_back() -> None:
    first = RuleVersion.objects.first()
    first.pk, first.version, first.is_removed = None, 9, True
    first.save(force_insert=True)


def second_open_alert() -> None:
    AlertFactory(client=AlertFactory().client, reading=None)


def same_reading() -> None:
    AlertFactory(client=AlertFactory().client, state="withdrawn")


def same_problem() -> None:
    done = BillingImportFactory()
    for _ in range(2):
        ImportProblem.objects.create(billing_import=done, code="missing", column="total")


def same_mapping() -> None:
    for _ in range(2):
        ColumnMapping.objects.create(kind="member_bill", fingerprint="0" * 64, updated_at=NOON)


def same_change() -> None:
    done = BillingImportFactory()
    for _ in range(2):
        ImportChange.objects.create(billing_import=done, model="accounts.client", object_id="1")


def same_product() -> None:
    first = ProductBillFactory()
    ProductBillFactory(client=first.client, product_code=first.product_code)


def same_payment() -> None:
    first = PaymentFactory()  # without a time, which counts like any other
    PaymentFactory(member=first.member, serial_number=first.serial_number)


def same_handling() -> None:
    first = BusinessHandlingFactory()  # without a time and an amount
    BusinessHandlingFactory(member=first.member, operation_type=first.operation_type)


def same_usage() -> None:
    DailyUsageFactory._meta.model.objects.bulk_create(
        DailyUsageFactory.build_batch(2, member=MemberFactory())
    )


def same_coverage() -> None:
    PeriodCoverageFactory(unit=PeriodCoverageFactory().unit)


VIOLATIONS: dict[str, list[Callable[[], object]]] = {
    "analytics_valueassessment_once_a_day": [
        lambda: ValueAssessmentFactory.create_batch(2, client=ClientFactory())
    ],
    "analytics_valueassessment_points": [
        lambda: ValueAssessmentFactory(existing=0),
        lambda: ValueAssessmentFactory(potential=6),
        lambda: ValueAssessmentFactory(revenue=6),
    ],
    "analytics_valueassessment_score_and_reason": [
        lambda: ValueAssessmentFactory(score=101),
        lambda: ValueAssessmentFactory(reason=""),
    ],
    "analytics_valuedue_after_begin": [lambda: ValueDueFactory(due_on=date(2026, 1, 4))],
    "analytics_valuedue_client_id_key": [
        lambda: ValueDueFactory.create_batch(2, client=ClientFactory())
    ],
    "analytics_valuedue_newest_id_key": [
        lambda: ValueDueFactory.create_batch(2, newest=ValueAssessmentFactory())
    ],
    "analytics_ruleversion_once": [same_rule_version],
    "analytics_ruleversion_general_stays": [general_taken_back],
    "analytics_ruleversion_percent_positive": [negative_per_cent],
    "analytics_criteriaversion_once": [same_criteria],
    "analytics_criteriaversion_within_a_year": [
        lambda: CriteriaVersionFactory(version=2, months=0),
        lambda: CriteriaVersionFactory(version=2, months=13),
    ],
    "analytics_criteriaversion_a_above_b": [
        lambda: CriteriaVersionFactory(version=2, a_income=9),
        lambda: CriteriaVersionFactory(version=2, a_members=9),
        lambda: CriteriaVersionFactory(version=2, b_income=-1),
    ],
    "analytics_criteriaversion_general_stays": [
        lambda: CriteriaVersionFactory(version=2, is_removed=True)
    ],
    "analytics_classsuggestion_one_open": [second_suggestion],
    "analytics_classsuggestion_changes_class": [lambda: ClassSuggestionFactory(from_class="A")],
    "analytics_classsuggestion_ended_has_time": [
        lambda: ClassSuggestionFactory(state="accepted"),
        lambda: ClassSuggestionFactory(decided_at=NOON),
    ],
    "analytics_classsuggestion_dismissed_has_reason": [
        lambda: ClassSuggestionFactory(state="dismissed", decided_at=NOON)
    ],
    "analytics_alert_one_open": [second_open_alert],
    "analytics_alert_closed_with_four_items": [
        lambda: AlertFactory(state="closed", closed_at=NOON, reading=None),
        lambda: Alert.objects.update(state="closed") if AlertFactory() else None,
    ],
    "analytics_alertreading_once": [same_reading],
    "analytics_billingperiod_first_day": [lambda: BillingPeriodFactory(month=date(2026, 6, 2))],
    "analytics_billingperiod_complete_has_time": [
        lambda: BillingPeriodFactory(state="complete"),
        lambda: BillingPeriodFactory(completed_at=NOON),
    ],
    "analytics_billingupload_received_within_size": [
        lambda: BillingUploadFactory(size=5, received=6),
        lambda: BillingUploadFactory(received=-1),
    ],
    "analytics_billingperiod_held_has_time": [
        lambda: BillingPeriodFactory(state="held"),
        lambda: BillingPeriodFactory(held_at=NOON),
    ],
    "analytics_billingperiod_closed_has_time": [
        lambda: BillingPeriodFactory(state="closed", completed_at=NOON),
        lambda: BillingPeriodFactory(closed_at=NOON),
    ],
    "analytics_periodcoverage_once": [same_coverage],
    "analytics_importproblem_once": [same_problem],
    "analytics_columnmapping_once": [same_mapping],
    "analytics_importchange_once": [same_change],
    "analytics_productbill_once": [same_product],
    "analytics_payment_once": [same_payment],
    "analytics_businesshandling_once": [same_handling],
    "analytics_dailyusage_pkey": [same_usage],
}
