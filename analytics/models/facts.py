"""What one month was for one client: the only input of the alert rules."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from crm.lib.models import ScopedModel
from crm.lib.scoping import ScopedQuerySet


class ClientMonthQuerySet(ScopedQuerySet):
    def in_month(self, month: date) -> Self:
        return self.filter(period=month)


class ClientMonth(ScopedModel):
    """Facts of a client in a complete month, in yuan and heads, made anew from the bills.

    `previous_*` and the movements are null without a complete previous month.
    How members count: `accounts.choices`, AMB-34, AMB-35, and docs/formats.md.
    """

    scope: ClassVar = Client.scope.via("client")

    pk = models.CompositePrimaryKey("client_id", "period")
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="months")
    period = models.DateField(_("month"))
    member_income = models.DecimalField(max_digits=14, decimal_places=2)
    product_income = models.DecimalField(max_digits=14, decimal_places=2)
    income = models.DecimalField(_("income"), max_digits=14, decimal_places=2)
    previous_income = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    arrears = models.DecimalField(_("arrears"), max_digits=14, decimal_places=2)
    previous_arrears = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    active = models.IntegerField(_("active members"))
    previous_active = models.IntegerField(null=True)
    pre_churn = models.IntegerField(_("pre-churn members"))
    lost = models.IntegerField(_("lost members"), null=True)
    churned = models.IntegerField(_("churned (KPI)"), null=True)
    moved_out = models.IntegerField(_("moved to other clients"), null=True)
    joined = models.IntegerField(_("moved in"), null=True)
    new = models.IntegerField(_("new members"), null=True)
    # False for a client that had rows last month and has none now: its drop is whole.
    has_rows = models.BooleanField(default=True)

    objects = ClientMonthQuerySet.as_manager()

    class Meta:
        verbose_name = _("client month")
        verbose_name_plural = _("client months")
        indexes = [models.Index(fields=["period"], name="analytics_clientmonth_period")]

    def __str__(self) -> str:
        return f"{self.period:%Y-%m} {self.income}"
