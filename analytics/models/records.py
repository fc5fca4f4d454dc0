"""What members paid, had done, and used: analysis of the last months and days (ANA-03, 10, 11)."""

from typing import ClassVar, Self

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from accounts.choices import PaymentMethod
from accounts.models import Client, Member
from analytics.choices import PaymentType
from crm.lib.models import ScopedModel
from crm.lib.scoping import ScopedQuerySet


def member_key(related_name: str) -> models.ForeignKey:
    """Rows are joined with members before they are written: no per-row check needed."""
    return models.ForeignKey(
        Member,
        on_delete=models.CASCADE,
        related_name=related_name,
        db_constraint=False,
        db_index=False,  # the first column of a key
    )


class OperationQuerySet(ScopedQuerySet):
    def newest_first(self) -> Self:
        """Those without a time come after the others of their day."""
        time = models.F("operated_time").desc(nulls_last=True)
        return self.order_by("-operated_on", time, "-pk")


class Operation(ScopedModel):
    """One line of a record: when by the operator's clock, and from which import.

    `operated_time` is null when the file tells only the day.
    """

    operated_on = models.DateField(_("date"))
    operated_time = models.TimeField(_("time"), null=True, blank=True)
    payment_method = models.SmallIntegerField(
        _("payment method"), choices=PaymentMethod.choices, default=PaymentMethod.UNKNOWN
    )
    import_number = models.IntegerField()
    line = models.IntegerField()

    objects = OperationQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def when(self) -> str:
        """The moment as the file tells it, in nobody's time zone."""
        time = f" {self.operated_time:%H:%M}" if self.operated_time else ""
        return f"{self.operated_on:%Y-%m-%d}{time}"


class Payment(Operation):
    """A line of a member's payment record (缴费记录, ANA-11)."""

    scope: ClassVar = Client.scope.via("member__client")

    member = member_key("payments")
    operation_type = models.CharField(_("type"), max_length=12, choices=PaymentType.choices)
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=2)
    serial_number = models.CharField(_("serial number"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "member", "operated_on", "operated_time", "operation_type", "amount",
                    "serial_number",
                ],
                nulls_distinct=False,
                name="%(app_label)s_%(class)s_once",
            )
        ]  # fmt: skip
        indexes = [BrinIndex(fields=["import_number"], name="analytics_payment_import")]

    def __str__(self) -> str:
        return f"{self.operated_on} {self.operation_type} {self.amount}"


class BusinessHandling(Operation):
    """Something done for a member at the counter or elsewhere (业务办理记录, ANA-10)."""

    scope: ClassVar = Client.scope.via("member__client")

    member = member_key("handlings")
    operation_type = models.CharField(_("type"), max_length=64)
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    place = models.CharField(_("place"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("business handling")
        verbose_name_plural = _("business handlings")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "operated_on", "operated_time", "operation_type", "amount"],
                nulls_distinct=False,
                name="%(app_label)s_%(class)s_once",
            )
        ]
        indexes = [BrinIndex(fields=["import_number"], name="analytics_handling_import")]

    def __str__(self) -> str:
        return f"{self.operated_on} {self.operation_type}"


class DailyUsageQuerySet(ScopedQuerySet):
    def current(self) -> Self:
        """Of each member and day the row of the newest import."""
        newer = DailyUsage.objects.filter(
            member=OuterRef("member"),
            day=OuterRef("day"),
            import_number__gt=OuterRef("import_number"),
        )
        return self.filter(~Exists(newer))


class DailyUsage(ScopedModel):
    """What a member used on one day, as one import says (日用量, ANA-03).

    Imports stand beside each other, the newest counts: without it the one before counts again.
    """

    scope: ClassVar = Client.scope.via("member__client")

    pk = models.CompositePrimaryKey("member_id", "day", "import_number")
    member = member_key("usage_days")
    day = models.DateField(_("day"))
    import_number = models.IntegerField()
    line = models.IntegerField()
    sms = models.IntegerField(_("SMS"), default=0)
    voice_minutes = models.DecimalField(_("voice minutes"), max_digits=8, decimal_places=2)
    data_mb = models.DecimalField(_("data (MB)"), max_digits=12, decimal_places=3)

    objects = DailyUsageQuerySet.as_manager()

    class Meta:
        verbose_name = _("daily usage")
        verbose_name_plural = _("daily usage")
        indexes = [
            models.Index(fields=["day"], name="analytics_usage_day"),
            BrinIndex(fields=["import_number"], name="analytics_usage_import"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.voice_minutes} {self.data_mb}"
