"""What a client is worth to us, judged by a person from figures, and when that is due again."""

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from analytics.choices import ValueGrade
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User

# What each factor weighs in the score, in per cent (ADR 0047).
FACTOR_WEIGHTS = {"existing": 40, "potential": 30, "revenue": 30}
MOST_POINTS = 5
# From what score on a client has which grade, the best first.
GRADE_FROM = (
    (80, ValueGrade.TOP),
    (60, ValueGrade.HIGH),
    (40, ValueGrade.MIDDLE),
    (0, ValueGrade.LOW),
)


def score_of(points: dict[str, int]) -> int:
    """Points of the three factors (1 to 5) as one figure from 0 to 100."""
    steps = MOST_POINTS - 1
    total = sum((points[name] - 1) * weight for name, weight in FACTOR_WEIGHTS.items())
    return (2 * total + steps) // (2 * steps)  # rounded half up, in whole numbers


def grade_of(score: int) -> ValueGrade:
    return next(grade for least, grade in GRADE_FROM if score >= least)


class ValueAssessmentQuerySet(ScopedQuerySet):
    def newest_first(self) -> Self:
        return self.order_by("-assessed_on", "-pk")

    def with_people(self) -> Self:
        return self.select_related("client", "client__owner", "assessed_by")


class ValueAssessment(UUIDModel, ScopedModel):
    """One judgement: three factors, the figures they were judged by, the reason (ARC-22).

    Never edited: a later judgement is another row. `mean_income` is a month's, over the `months`
    complete months up to `figures_month`; `growth` compares the newest three with the three
    before, null without them; `expected_income` is what a year may bring in all.
    """

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="assessments", verbose_name=_("client")
    )
    existing = models.PositiveSmallIntegerField(_("existing volume"))
    potential = models.PositiveSmallIntegerField(_("future development"))
    revenue = models.PositiveSmallIntegerField(_("likely comprehensive revenue"))
    score = models.PositiveSmallIntegerField(_("score"))
    grade = models.CharField(_("grade"), max_length=6, choices=ValueGrade.choices)
    reason = models.TextField(_("reason"))
    expected_income = models.DecimalField(
        _("expected income of a year"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    figures_month = models.DateField(_("month"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("months of the mean"), default=0)
    mean_income = models.DecimalField(
        _("mean income"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    active_members = models.PositiveIntegerField(_("active members"), null=True, blank=True)
    growth = models.DecimalField(_("growth"), max_digits=9, decimal_places=4, null=True, blank=True)
    assessed_on = models.DateField(_("judged on"))
    assessed_at = models.DateTimeField(_("judged at"))
    assessed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="assessments_made", verbose_name=_("judged by")
    )
    next_due_on = models.DateField(_("next due"), null=True, blank=True)

    objects = ValueAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("value assessment")
        verbose_name_plural = _("value assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "assessed_on"], name="%(app_label)s_%(class)s_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(existing__range=(1, 5), potential__range=(1, 5), revenue__range=(1, 5)),
                name="%(app_label)s_%(class)s_points",
            ),
            models.CheckConstraint(
                condition=Q(score__range=(0, 100)) & ~Q(reason=""),
                name="%(app_label)s_%(class)s_score_and_reason",
            ),
        ]
        indexes = [models.Index(fields=["assessed_on", "id"], name="analytics_assessment_by_day")]

    def __str__(self) -> str:
        return f"{self.assessed_on:%Y-%m-%d} {self.score}"

    def get_absolute_url(self) -> str:
        return reverse("analytics:assessment_detail", args=[self.pk])


class ValueDueQuerySet(ScopedQuerySet):
    def due(self, today: date) -> Self:
        return self.filter(due_on__lte=today)

    def with_people(self) -> Self:
        return self.select_related(
            "client", "client__owner", "client__unit", "newest", "newest__assessed_by"
        )


class ValueDue(UUIDModel, ScopedModel):
    """When a client's value is judged next; one row for each client that has a rhythm (ARC-22).

    Made anew from class, rhythm and newest assessment, so that lists need no comparison of dates.
    Clients nobody has judged yet are spread over their first round.
    """

    scope: ClassVar = Client.scope.via("client")

    client = models.OneToOneField(
        Client, on_delete=models.CASCADE, related_name="value_due", verbose_name=_("client")
    )
    newest = models.OneToOneField(
        ValueAssessment,
        on_delete=models.CASCADE,
        related_name="due",
        null=True,
        verbose_name=_("newest assessment"),
    )
    # From when on the first round counts: the day the client was first seen with a rhythm.
    since = models.DateField()
    due_on = models.DateField(_("due"))

    objects = ValueDueQuerySet.as_manager()

    class Meta:
        verbose_name = _("value to judge")
        verbose_name_plural = _("values to judge")
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=models.F("since")),
                name="%(app_label)s_%(class)s_after_begin",
            )
        ]
        indexes = [models.Index(fields=["due_on", "id"], name="analytics_valuedue_by_day")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.due_on:%Y-%m-%d}"

    def is_due(self, today: date) -> bool:
        return self.due_on <= today
