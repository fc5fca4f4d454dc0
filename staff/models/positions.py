"""Positions people hold: data, not code (ORG-32)."""

from datetime import date
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models.named import TwoNames
from staff.models.people import Unit, User


class PositionQuerySet(models.QuerySet):
    def in_use(self) -> Self:
        return self.filter(is_active=True)


@pghistory.track()
class Position(UUIDModel, TwoNames):
    """A position of the company; some make their holder eligible as chief representative (ORG-09)."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    can_represent = models.BooleanField(_("may be chief representative"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = PositionQuerySet.as_manager()

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")


class AppointmentQuerySet(ScopedQuerySet):
    def held_on(self, day: date) -> Self:
        """In force on that day; the last day counts."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=day), started_on__lte=day)


@pghistory.track()
class Appointment(UUIDModel, ScopedModel):
    """Who holds which position where, from when to when."""

    scope: ClassVar = ScopePaths(people=("person",), unit="person__unit")

    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="appointments")
    position = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        related_name="appointments",
        verbose_name=_("position"),
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="appointments", verbose_name=_("unit")
    )
    started_on = models.DateField(_("from"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["person", "position", "unit"],
                condition=Q(ended_on=None),
                name="%(app_label)s_%(class)s_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position_id} {self.started_on:%Y-%m-%d}"
