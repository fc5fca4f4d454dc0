"""Visits, from the outline to the record."""

from datetime import date, datetime
from typing import ClassVar, Self

import pghistory
from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import ClientAttitude
from accounts.models import Client, Contact
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import Task, User
from visits.choices import VisitMode, VisitPurpose, VisitState


class VisitQuerySet(ScopedQuerySet):
    def planned(self) -> Self:
        return self.filter(state=VisitState.PLANNED)

    def done(self) -> Self:
        return self.filter(state=VisitState.DONE)

    def between(self, start: datetime, end: datetime) -> Self:
        return self.filter(starts_at__gte=start, starts_at__lt=end)

    def without_record(self, now: datetime) -> Self:
        """Past their time and not yet logged (VIS-60)."""
        return self.planned().filter(starts_at__lt=now)

    def overdue(self, today: date) -> Self:
        """The record was due before today (VIS-61, VIS-62)."""
        return self.planned().filter(record_due_on__lt=today)

    def with_people(self) -> Self:
        return self.select_related("client", "visitor", "contact")


@pghistory.track(exclude=["updated_at"])
class Visit(UUIDModel, ScopedModel):
    """One meeting with a client, at the door or by phone."""

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="visits", verbose_name=_("client")
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        related_name="visits",
        null=True,
        blank=True,
        verbose_name=_("contact"),
    )
    visitor = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="visits", verbose_name=_("visitor")
    )
    # The to-do this visit answers, whoever raised it (an alert, a case, later a renewal).
    task = models.ForeignKey(
        Task, on_delete=models.SET_NULL, related_name="visits", null=True, blank=True
    )
    mode = models.CharField(
        _("mode"), max_length=8, choices=VisitMode.choices, default=VisitMode.DOOR
    )
    purpose = models.CharField(_("purpose"), max_length=16, choices=VisitPurpose.choices)
    outline = models.TextField(_("outline"), validators=[MinLengthValidator(2)], blank=True)
    starts_at = models.DateTimeField(_("appointment"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    short_notice_reason = models.CharField(_("reason for short notice"), max_length=200, blank=True)
    is_unplanned = models.BooleanField(_("without appointment"), default=False)

    state = models.CharField(
        _("state"), max_length=10, choices=VisitState.choices, default=VisitState.PLANNED
    )
    record_due_on = models.DateField(_("record due"))
    held_at = models.DateTimeField(_("held at"), null=True, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    client_attitude = models.CharField(
        _("client attitude"),
        max_length=16,
        choices=ClientAttitude.choices,
        blank=True,
        default="",
    )
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    next_step_on = models.DateField(_("next step on"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("recorded at"), null=True, blank=True)
    cancelled_reason = models.CharField(_("reason of cancellation"), max_length=200, blank=True)

    created_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="visits_created", null=True
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=VisitState.DONE)
                | (~Q(summary="") & ~Q(next_step="") & Q(recorded_at__isnull=False)),
                name="%(app_label)s_%(class)s_done_has_record",
            ),
            models.CheckConstraint(
                condition=~Q(state=VisitState.CANCELLED) | ~Q(cancelled_reason=""),
                name="%(app_label)s_%(class)s_cancelled_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="visits_visit_by_start"),
            models.Index(fields=["visitor", "starts_at"], name="visits_visit_by_visitor"),
            models.Index(
                fields=["record_due_on"], condition=Q(state="planned"), name="visits_visit_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%Y-%m-%d} {self.get_purpose_display()}"

    def get_absolute_url(self) -> str:
        return reverse("visits:visit_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == VisitState.PLANNED

    def is_overdue(self, today: date) -> bool:
        """See also `VisitQuerySet.overdue`."""
        return self.is_open and self.record_due_on < today
