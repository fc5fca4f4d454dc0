"""Billing months: how far each one is, what happened to it, how much of each unit is there."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from analytics.choices import COMPLETE_PERIOD_STATES, PeriodState, PeriodStepKind
from crm.lib.models import ScopedModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models import Unit, User


class BillingPeriodQuerySet(models.QuerySet):
    def complete(self) -> Self:
        """With facts: complete ones and closed ones."""
        return self.filter(state__in=COMPLETE_PERIOD_STATES)

    def held(self) -> Self:
        return self.filter(state=PeriodState.HELD)


@pghistory.track(exclude=["computed_at"])
class BillingPeriod(models.Model):
    """A billing month (账期), kept as its first day. Only complete months are compared (CHN-47).

    Held: a program wanted to complete it, but bills seem to be missing (ADR 0010).
    Closed: complete, and no file and no computation may change it any more (ADR 0014).
    """

    month = models.DateField(_("month"), primary_key=True)
    state = models.CharField(
        _("state"), max_length=10, choices=PeriodState.choices, default=PeriodState.OPEN
    )
    # Why it is held, {"unit", "rows", "expected"} for each unit, the unit by its id; empty when
    # there is no month before to compare with.
    shortfalls = models.JSONField(default=list, blank=True)
    held_at = models.DateTimeField(_("held at"), null=True, blank=True)
    completed_at = models.DateTimeField(_("completed at"), null=True, blank=True)
    completed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="periods_completed", null=True, blank=True
    )
    computed_at = models.DateTimeField(_("alerts computed at"), null=True, blank=True)
    # Member bills of old months go, their facts stay; such a month can no longer change.
    bills_dropped_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="periods_closed", null=True, blank=True
    )

    objects = BillingPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("billing period")
        verbose_name_plural = _("billing periods")
        constraints = [
            models.CheckConstraint(
                condition=Q(month__day=1), name="%(app_label)s_%(class)s_first_day"
            ),
            models.CheckConstraint(
                condition=Q(state__in=COMPLETE_PERIOD_STATES, completed_at__isnull=False)
                | (~Q(state__in=COMPLETE_PERIOD_STATES) & Q(completed_at=None)),
                name="%(app_label)s_%(class)s_complete_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state=PeriodState.HELD, held_at__isnull=False)
                | (~Q(state=PeriodState.HELD) & Q(held_at=None)),
                name="%(app_label)s_%(class)s_held_has_time",
            ),
            models.CheckConstraint(
                condition=Q(state=PeriodState.CLOSED, closed_at__isnull=False)
                | (~Q(state=PeriodState.CLOSED) & Q(closed_at=None)),
                name="%(app_label)s_%(class)s_closed_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def is_complete(self) -> bool:
        """See also `BillingPeriodQuerySet.complete`."""
        return self.state in COMPLETE_PERIOD_STATES

    @property
    def is_held(self) -> bool:
        return self.state == PeriodState.HELD

    @property
    def is_closed(self) -> bool:
        return self.state == PeriodState.CLOSED


class PeriodStep(models.Model):
    """One thing that happened to a month: when, by whom, why. Only ever added to."""

    period = models.ForeignKey(BillingPeriod, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=PeriodStepKind.choices)
    at = models.DateTimeField()
    # None: the monthly job, a command, or a file nobody in particular handed in.
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="period_steps", null=True, blank=True
    )
    reason = models.TextField(_("reason"), blank=True)

    class Meta:
        verbose_name = _("step of a month")
        verbose_name_plural = _("steps of a month")
        indexes = [models.Index(fields=["period", "id"], name="analytics_periodstep_of")]

    def __str__(self) -> str:
        return f"{self.period_id:%Y-%m} {self.kind}"


class PeriodCoverage(ScopedModel):
    """How many member bills a month has of one unit's own clients; subtrees are added up later."""

    scope: ClassVar = ScopePaths(unit="unit")

    period = models.DateField(_("month"))
    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="coverages")
    rows = models.IntegerField(_("rows"))
    clients = models.IntegerField(_("clients"))
    total = models.DecimalField(_("sum"), max_digits=16, decimal_places=2)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("coverage of a month")
        verbose_name_plural = _("coverages of months")
        constraints = [
            models.UniqueConstraint(fields=["period", "unit"], name="%(app_label)s_%(class)s_once")
        ]

    def __str__(self) -> str:
        return f"{self.period:%Y-%m} {self.rows}"
