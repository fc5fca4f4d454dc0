"""What makes a client an A, B or C, and the yearly suggestions that come of it."""

from decimal import Decimal
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import ClientClass
from accounts.models import ClassProposal, Client
from analytics.choices import SuggestionState
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import Unit, User


class CriteriaVersionQuerySet(models.QuerySet):
    def current(self) -> Self:
        """The newest version of each unit, unless it takes the setting back."""
        newest = self.order_by("unit", "-version").distinct("unit")
        return self.filter(pk__in=newest.values("pk"), is_removed=False).order_by("unit")


class CriteriaVersion(models.Model):
    """From what income and members on a client is an A or a B (AMB-06, ADR 0026).

    Never edited: a change is a new version. Without a unit it is the general setting; of several
    units at or above a client the nearest counts. Income is the mean of the last `months`
    complete months, members are those of the newest. Everybody below B is a C.
    """

    # With everything below it.
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="criteria_versions",
        null=True,
        blank=True,
        verbose_name=_("unit"),
    )
    version = models.PositiveIntegerField(_("version"))
    months = models.PositiveSmallIntegerField(_("months of the mean"))
    a_income = models.DecimalField(_("income of A from"), max_digits=14, decimal_places=2)
    a_members = models.PositiveIntegerField(_("members of A from"))
    b_income = models.DecimalField(_("income of B from"), max_digits=14, decimal_places=2)
    b_members = models.PositiveIntegerField(_("members of B from"))
    needs_both = models.BooleanField(_("income and members"), default=False)
    # True: from here on the unit follows the wider setting again.
    is_removed = models.BooleanField(_("taken back"), default=False)
    reason = models.TextField(_("reason"), blank=True)
    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="criteria_versions", null=True, blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CriteriaVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("class criteria")
        verbose_name_plural = _("class criteria")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "version"],
                name="%(app_label)s_%(class)s_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(months__range=(1, 12)), name="%(app_label)s_%(class)s_within_a_year"
            ),
            models.CheckConstraint(
                condition=Q(b_income__gte=0, a_income__gte=F("b_income"))
                & Q(a_members__gte=F("b_members")),
                name="%(app_label)s_%(class)s_a_above_b",
            ),
            models.CheckConstraint(
                condition=Q(is_removed=False) | Q(unit__isnull=False),
                name="%(app_label)s_%(class)s_general_stays",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.version}"

    @property
    def is_general(self) -> bool:
        return self.unit_id is None

    def class_for(self, income: Decimal, members: int) -> ClientClass:
        """The class of a client with this mean income and so many active members."""
        if self._reaches(income >= self.a_income, members >= self.a_members):
            return ClientClass.A
        if self._reaches(income >= self.b_income, members >= self.b_members):
            return ClientClass.B
        return ClientClass.C

    def _reaches(self, by_income: bool, by_members: bool) -> bool:
        return (by_income and by_members) if self.needs_both else (by_income or by_members)


class ClassSuggestionQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(state=SuggestionState.OPEN)

    def with_people(self) -> Self:
        return self.select_related(
            "client", "client__owner", "client__unit", "criteria", "decided_by"
        )


@pghistory.track(exclude=["income", "active_members", "until_month", "criteria"])
class ClassSuggestion(UUIDModel, ScopedModel):
    """Another class for a client, by its figures (AMB-06); one open for each client."""

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client,
        on_delete=models.CASCADE,
        related_name="class_suggestions",
        verbose_name=_("client"),
    )
    from_class = models.CharField(
        _("class so far"), max_length=1, choices=ClientClass.choices, blank=True, default=""
    )
    to_class = models.CharField(_("suggested class"), max_length=1, choices=ClientClass.choices)
    income = models.DecimalField(_("mean income"), max_digits=14, decimal_places=2)
    active_members = models.PositiveIntegerField(_("active members"))
    until_month = models.DateField(_("until month"))
    criteria = models.ForeignKey(
        CriteriaVersion, on_delete=models.PROTECT, related_name="suggestions"
    )
    state = models.CharField(
        _("state"),
        max_length=10,
        choices=SuggestionState.choices,
        default=SuggestionState.OPEN,
    )
    made_at = models.DateTimeField(_("suggested"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="suggestions_decided",
        null=True,
        blank=True,
        verbose_name=_("decided by"),
    )
    reason = models.TextField(_("reason"), blank=True)
    proposal = models.OneToOneField(
        ClassProposal,
        on_delete=models.SET_NULL,
        related_name="suggestion",
        null=True,
        blank=True,
    )

    objects = ClassSuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("class suggestion")
        verbose_name_plural = _("class suggestions")
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(state=SuggestionState.OPEN),
                name="%(app_label)s_%(class)s_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(from_class=F("to_class")),
                name="%(app_label)s_%(class)s_changes_class",
            ),
            models.CheckConstraint(
                condition=Q(state=SuggestionState.OPEN, decided_at=None)
                | (~Q(state=SuggestionState.OPEN) & Q(decided_at__isnull=False)),
                name="%(app_label)s_%(class)s_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=SuggestionState.DISMISSED) | ~Q(reason=""),
                name="%(app_label)s_%(class)s_dismissed_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["income", "id"], name="analytics_suggestion_by_income"),
            models.Index(fields=["client", "until_month"], name="analytics_suggestion_client"),
        ]

    def __str__(self) -> str:
        return f"{self.from_class or '–'} → {self.to_class}"

    @property
    def is_open(self) -> bool:
        return self.state == SuggestionState.OPEN
