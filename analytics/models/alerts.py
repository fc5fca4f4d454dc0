"""Alerts, the monthly readings behind them, and the settings each reading was made with."""

from datetime import date
from decimal import Decimal
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import ClientClass
from accounts.models import Client
from analytics.choices import (
    AWAITING_VISIT_STATES,
    OPEN_ALERT_STATES,
    AlertCause,
    AlertState,
    Revision,
    RuleCode,
)
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import Task, Unit, User
from visits.models import Visit


class RuleVersionQuerySet(models.QuerySet):
    def current(self) -> Self:
        """The newest version of each rule, class and unit, unless it takes the setting back."""
        newest = self.order_by("rule", "client_class", "unit", "-version").distinct(
            "rule", "client_class", "unit"
        )
        current = self.filter(pk__in=newest.values("pk"), is_removed=False)
        return current.order_by("rule", "client_class", "unit")

    def of(self, rule: str, client_class: str, unit: Unit | None) -> Self:
        """All versions of one setting."""
        return self.filter(rule=rule, client_class=client_class, unit=unit)


class RuleVersion(models.Model):
    """Threshold, operator and deadline of a rule; never edited, a change is a new version.

    Without class and unit it is the general setting. Which one counts for a client:
    `analytics.rules.Settings`.
    """

    rule = models.CharField(_("rule"), max_length=16, choices=RuleCode.choices)
    client_class = models.CharField(
        _("class"), max_length=1, choices=ClientClass.choices, blank=True, default=""
    )
    # With everything below it.
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="rule_versions",
        null=True,
        blank=True,
        verbose_name=_("unit"),
    )
    version = models.PositiveIntegerField(_("version"))
    is_enabled = models.BooleanField(_("on"), default=True)
    percent = models.DecimalField(_("per cent"), max_digits=6, decimal_places=2)
    is_strict = models.BooleanField(_("strictly more than"), default=False)
    minimum = models.DecimalField(_("at least"), max_digits=12, decimal_places=2, default=0)
    due_working_days = models.PositiveSmallIntegerField(_("visit within (working days)"))
    # True: from here on class and unit follow the wider setting again.
    is_removed = models.BooleanField(_("taken back"), default=False)
    reason = models.TextField(_("reason"), blank=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="rule_versions", null=True, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RuleVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule version")
        verbose_name_plural = _("rule versions")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "client_class", "unit", "version"],
                name="%(app_label)s_%(class)s_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(percent__gte=0), name="%(app_label)s_%(class)s_percent_positive"
            ),
            models.CheckConstraint(
                condition=Q(is_removed=False) | ~Q(client_class="") | Q(unit__isnull=False),
                name="%(app_label)s_%(class)s_general_stays",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} v{self.version}"

    @property
    def is_general(self) -> bool:
        return not self.client_class and self.unit_id is None


class AlertQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_ALERT_STATES)

    def overdue(self, today: date) -> Self:
        """The visit was due before today and has not taken place."""
        return self.filter(state__in=AWAITING_VISIT_STATES, due_on__lt=today)

    def by_money_at_risk(self) -> Self:
        return self.order_by("-money_at_risk", "pk")

    def with_people(self) -> Self:
        return self.select_related("client", "client__owner", "client__chief_representative")


@pghistory.track(exclude=["updated_at"])
class Alert(UUIDModel, ScopedModel):
    """A client slipping under one rule, from the first reading to the four items of CHN-22."""

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="alerts", verbose_name=_("client")
    )
    rule = models.CharField(_("rule"), max_length=16, choices=RuleCode.choices)
    state = models.CharField(
        _("state"), max_length=16, choices=AlertState.choices, default=AlertState.OPEN
    )
    first_period = models.DateField(_("first month"))
    latest_period = models.DateField(_("latest month"))
    money_at_risk = models.DecimalField(
        _("money at risk"), max_digits=14, decimal_places=2, default=Decimal(0)
    )
    due_on = models.DateField(_("visit due"))
    task = models.ForeignKey(
        Task, on_delete=models.SET_NULL, related_name="alerts", null=True, blank=True
    )
    visit = models.ForeignKey(
        Visit, on_delete=models.SET_NULL, related_name="alerts", null=True, blank=True
    )
    survey = models.TextField(_("survey"), blank=True)
    cause = models.CharField(_("cause"), max_length=12, choices=AlertCause.choices, blank=True)
    action = models.TextField(_("action"), blank=True)
    revision = models.CharField(
        _("after a corrected bill"), max_length=12, choices=Revision.choices, blank=True
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="alerts_acknowledged", null=True, blank=True
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="alerts_closed", null=True, blank=True
    )
    created_at = models.DateTimeField(_("raised"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "rule"],
                condition=Q(state__in=OPEN_ALERT_STATES),
                name="%(app_label)s_%(class)s_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(state=AlertState.CLOSED)
                | (~Q(survey="") & ~Q(cause="") & ~Q(action="") & Q(closed_at__isnull=False)),
                name="%(app_label)s_%(class)s_closed_with_four_items",
            ),
        ]
        indexes = [
            models.Index(fields=["-money_at_risk", "id"], name="analytics_alert_by_money"),
            models.Index(fields=["state", "due_on"], name="analytics_alert_due"),
        ]

    def __str__(self) -> str:
        return f"{self.get_rule_display()} {self.latest_period:%Y-%m}"

    def get_absolute_url(self) -> str:
        return reverse("analytics:alert_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_ALERT_STATES

    def is_overdue(self, today: date) -> bool:
        """See also `AlertQuerySet.overdue`."""
        return self.state in AWAITING_VISIT_STATES and self.due_on < today

    @property
    def missing_items(self) -> list[str]:
        """Which of survey, visit, cause and action are still to be recorded (CHN-22)."""
        items = {
            "survey": self.survey,
            "visit": self.visit_id,
            "cause": self.cause,
            "action": self.action,
        }
        return [name for name, value in items.items() if not value]


class AlertReadingQuerySet(ScopedQuerySet):
    def holding(self) -> Self:
        return self.filter(holds=True)


@pghistory.track()
class AlertReading(ScopedModel):
    """One month's figures of one alert. Client, rule and month are unique: nothing doubles (P18)."""

    scope: ClassVar = Client.scope.via("client")

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="readings")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="readings")
    rule = models.CharField(max_length=16, choices=RuleCode.choices)
    period = models.DateField(_("month"))
    # False once a corrected bill took the ground away.
    holds = models.BooleanField(default=True)
    previous = models.DecimalField(_("previous"), max_digits=14, decimal_places=2)
    current = models.DecimalField(_("current"), max_digits=14, decimal_places=2)
    ratio = models.DecimalField(_("ratio"), max_digits=20, decimal_places=4, null=True)
    money_at_risk = models.DecimalField(
        _("money at risk"), max_digits=14, decimal_places=2, default=Decimal(0)
    )
    rule_version = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="readings")

    objects = AlertReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("alert reading")
        verbose_name_plural = _("alert readings")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "rule", "period"], name="%(app_label)s_%(class)s_once"
            )
        ]
        indexes = [models.Index(fields=["period"], name="analytics_reading_period")]

    def __str__(self) -> str:
        return f"{self.rule} {self.period:%Y-%m}"
