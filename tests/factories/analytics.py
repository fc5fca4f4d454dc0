"""Billing months, imports, facts and alerts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory, FileField

from accounts.choices import MemberStatus, PaymentMethod, Tier
from analytics import facts
from analytics.choices import FeeCategory, ImportKind, PaymentType, PeriodState, RuleCode
from analytics.models import (
    Alert,
    AlertReading,
    BillingImport,
    BillingPeriod,
    BillingUpload,
    BusinessHandling,
    ClassSuggestion,
    ClientMonth,
    CriteriaVersion,
    DailyUsage,
    DroppedFile,
    MemberBill,
    Payment,
    PeriodCoverage,
    ProductBill,
    QuarantineLook,
    RuleVersion,
    ValueAssessment,
    ValueDue,
)
from tests.factories.accounts import ClientFactory, MemberFactory
from tests.factories.staff import UnitFactory, UserFactory

MONTH = date(2026, 6, 1)
PREVIOUS_MONTH = date(2026, 5, 1)


class BillingPeriodFactory(DjangoModelFactory):
    """An open month; `complete=True`, `held=True`, `closed=True` for the other states."""

    class Meta:
        model = BillingPeriod
        django_get_or_create = ["month"]

    class Params:
        complete = factory.Trait(
            state=PeriodState.COMPLETE, completed_at=datetime(2026, 7, 3, tzinfo=UTC)
        )
        held = factory.Trait(state=PeriodState.HELD, held_at=datetime(2026, 7, 3, tzinfo=UTC))
        closed = factory.Trait(
            state=PeriodState.CLOSED,
            completed_at=datetime(2026, 7, 3, tzinfo=UTC),
            computed_at=datetime(2026, 7, 3, tzinfo=UTC),
            closed_at=datetime(2026, 7, 4, tzinfo=UTC),
        )

    month = MONTH


class PeriodCoverageFactory(DjangoModelFactory):
    """A hundred bills of ten clients of one unit."""

    class Meta:
        model = PeriodCoverage

    period = MONTH
    unit = factory.SubFactory(UnitFactory)
    rows = 100
    clients = 10
    total = Decimal("1000.00")


class BillingImportFactory(DjangoModelFactory):
    """A member bill with a header and one line that waits for the worker."""

    class Meta:
        model = BillingImport

    kind = ImportKind.MEMBER_BILL
    file_name = "bills.csv"
    file = FileField(
        filename="bills.csv",
        data=b"period,client_code,msisdn,status,total\n2026-06,C00001,13800000001,active,10.00\n",
    )
    created_by = factory.SubFactory(UserFactory)


class BillingUploadFactory(DjangoModelFactory):
    """Announced, no byte here yet."""

    class Meta:
        model = BillingUpload

    kind = ImportKind.MEMBER_BILL
    file_name = "bills.csv"
    size = 100
    sha256 = "0" * 64
    created_by = factory.SubFactory(UserFactory)
    expires_at = datetime(2099, 1, 1, tzinfo=UTC)


class DroppedFileFactory(DjangoModelFactory):
    class Meta:
        model = DroppedFile

    delivery = factory.Sequence(lambda n: f"20260703-020000-{n:012x}")
    billing_import = factory.SubFactory(BillingImportFactory)


class QuarantineLookFactory(DjangoModelFactory):
    class Meta:
        model = QuarantineLook

    billing_import = factory.SubFactory(BillingImportFactory)
    way = "csv"
    rows = 1
    looked_by = factory.SubFactory(UserFactory)


class ProductBillFactory(DjangoModelFactory):
    class Meta:
        model = ProductBill

    period = MONTH
    client = factory.SubFactory(ClientFactory)
    product_code = factory.Sequence(lambda n: f"P{n:03}")
    category = FeeCategory.INTERNET_LINE
    amount = Decimal("100.00")
    import_number = 1
    line = factory.Sequence(lambda n: n + 2)


class PaymentFactory(DjangoModelFactory):
    class Meta:
        model = Payment

    member = factory.SubFactory(MemberFactory)
    operated_on = date(2026, 6, 12)
    operation_type = PaymentType.TRANSFER
    amount = Decimal("150.00")
    serial_number = factory.Sequence(lambda n: f"S{n:06}")
    import_number = 1
    line = factory.Sequence(lambda n: n + 2)


class BusinessHandlingFactory(DjangoModelFactory):
    class Meta:
        model = BusinessHandling

    member = factory.SubFactory(MemberFactory)
    operated_on = date(2026, 6, 12)
    operation_type = factory.Sequence(lambda n: f"GPRS package {n}")
    import_number = 1
    line = factory.Sequence(lambda n: n + 2)


class DailyUsageFactory(DjangoModelFactory):
    class Meta:
        model = DailyUsage

    member = factory.SubFactory(MemberFactory)
    day = date(2026, 6, 30)
    voice_minutes = Decimal("12.50")
    data_mb = Decimal("100.250")
    sms = 3
    import_number = 1
    line = factory.Sequence(lambda n: n + 2)


class ClientMonthFactory(DjangoModelFactory):
    """An uneventful month: same income, same members as the month before."""

    class Meta:
        model = ClientMonth

    client = factory.SubFactory(ClientFactory)
    period = MONTH
    income = Decimal("1000.00")
    member_income = factory.SelfAttribute("income")
    product_income = Decimal("0.00")
    previous_income = Decimal("1000.00")
    arrears = Decimal("0.00")
    previous_arrears = Decimal("0.00")
    active = 20
    previous_active = 20
    pre_churn = 0
    lost = 0
    churned = 0
    moved_out = 0
    joined = 0
    new = 0


class RuleVersionFactory(DjangoModelFactory):
    """A rule's settings; version 1 of each rule is there from the start."""

    class Meta:
        model = RuleVersion
        django_get_or_create = ["rule", "client_class", "unit", "version"]

    rule = RuleCode.REVENUE_DROP
    client_class = ""
    unit = None
    version = 1
    percent = Decimal(30)
    is_strict = True
    due_working_days = 5


class AlertReadingFactory(DjangoModelFactory):
    """The figures of one month: 1000.00 yuan before, 600.00 now."""

    class Meta:
        model = AlertReading

    alert = factory.SubFactory("tests.factories.analytics.AlertFactory", reading=None)
    client = factory.SelfAttribute("alert.client")
    rule = factory.SelfAttribute("alert.rule")
    period = factory.SelfAttribute("alert.latest_period")
    previous = Decimal("1000.00")
    current = Decimal("600.00")
    ratio = Decimal("0.4000")
    money_at_risk = factory.SelfAttribute("alert.money_at_risk")
    rule_version = factory.SubFactory(RuleVersionFactory, rule=factory.SelfAttribute("..rule"))


class AlertFactory(DjangoModelFactory):
    """An open revenue alert with one reading; `reading__current=...` sets that one's figures."""

    class Meta:
        model = Alert
        skip_postgeneration_save = True

    client = factory.SubFactory(ClientFactory)
    rule = RuleCode.REVENUE_DROP
    first_period = factory.SelfAttribute("latest_period")
    latest_period = MONTH
    money_at_risk = Decimal("400.00")
    due_on = date(2026, 7, 10)
    reading = factory.RelatedFactory(AlertReadingFactory, factory_related_name="alert")


def add_member_bill(**fields) -> MemberBill:
    """One row; the month's partition is made when needed. `msisdn` and `client` must be given."""
    money = dict.fromkeys((*FeeCategory.values, "discount", "total", "arrears"), 0)
    defaults = money | {
        "period": MONTH,
        "import_number": 1,
        "line": 2,
        "points": 0,
        "status": MemberStatus.ACTIVE,
        "tier": Tier.NONE,
        "payment_method": PaymentMethod.UNKNOWN,
        "is_corporate_paid": False,
    }
    row = defaults | fields
    facts.ensure_partition(row["period"])
    return MemberBill.objects.create(**row)


class CriteriaVersionFactory(DjangoModelFactory):
    """Criteria of a unit; version 1 of the general ones is there from the start."""

    class Meta:
        model = CriteriaVersion
        django_get_or_create = ["unit", "version"]

    unit = None
    version = 1
    months = 3
    a_income = Decimal(50_000)
    a_members = 500
    b_income = Decimal(10_000)
    b_members = 100


class ClassSuggestionFactory(DjangoModelFactory):
    """A client without a class that its income makes an A."""

    class Meta:
        model = ClassSuggestion

    client = factory.SubFactory(ClientFactory)
    to_class = "A"
    income = Decimal("60000.00")
    active_members = 300
    until_month = MONTH
    criteria = factory.SubFactory(CriteriaVersionFactory)
    made_at = datetime(2026, 7, 6, 1, tzinfo=UTC)


class ValueAssessmentFactory(DjangoModelFactory):
    """Middling in everything; the row only."""

    class Meta:
        model = ValueAssessment

    client = factory.SubFactory(ClientFactory)
    existing = 3
    potential = 3
    revenue = 3
    score = 50
    grade = "middle"
    reason = "Steady bills, no plans."
    assessed_on = date(2026, 7, 6)
    assessed_at = datetime(2026, 7, 6, 1, tzinfo=UTC)
    assessed_by = factory.SubFactory(UserFactory)


class ValueDueFactory(DjangoModelFactory):
    """Due long ago, never judged."""

    class Meta:
        model = ValueDue

    client = factory.SubFactory(ClientFactory)
    since = date(2026, 1, 5)
    due_on = date(2026, 4, 5)
