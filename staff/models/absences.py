"""Who is away, and who stands in (ORG-30)."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.choices import OPEN_ABSENCE_STATES, AbsenceKind, AbsenceState
from staff.models.people import User


class AbsenceQuerySet(ScopedQuerySet):
    def in_force(self, day: date) -> Self:
        """Approved and on that day; first and last day count. It begins and ends by itself."""
        return self.filter(state=AbsenceState.APPROVED, starts_on__lte=day, ends_on__gte=day)

    def standing(self) -> Self:
        """Asked for or approved, and not taken back."""
        return self.filter(state__in=OPEN_ABSENCE_STATES)

    def touching(self, starts_on: date, ends_on: date) -> Self:
        """Those with a day in common with that time."""
        return self.filter(starts_on__lte=ends_on, ends_on__gte=starts_on)


@pghistory.track()
class Absence(UUIDModel, ScopedModel):
    """A time in which somebody is away; while approved and on, the deputy sees their work."""

    scope: ClassVar = ScopePaths(people=("person", "deputy"), unit="person__unit")

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="deputyships",
        null=True,
        blank=True,
        verbose_name=_("deputy"),
    )
    kind = models.CharField(
        _("kind"), max_length=10, choices=AbsenceKind.choices, default=AbsenceKind.LEAVE
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=AbsenceState.choices, default=AbsenceState.REQUESTED
    )
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
            ),
            models.CheckConstraint(
                # Said twice: a null deputy would make the comparison unknown, which passes.
                condition=Q(deputy=None) | ~Q(deputy=F("person")),
                name="%(app_label)s_%(class)s_deputy_is_another",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="%(app_label)s_%(class)s_decision_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["deputy", "ends_on"], name="staff_absence_deputy"),
            models.Index(fields=["person", "ends_on"], name="staff_absence_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("staff:absence_detail", args=[self.pk])

    @property
    def is_undecided(self) -> bool:
        return self.state == AbsenceState.REQUESTED

    @property
    def is_standing(self) -> bool:
        """See also `standing`."""
        return self.state in OPEN_ABSENCE_STATES
