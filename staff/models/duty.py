"""Who is on duty when (ORG-28)."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.lib.models import UUIDModel
from staff.models.people import Unit, User


@pghistory.track()
class DutyShift(UUIDModel):
    """A time in which somebody is the supervisor on duty of a unit and all below it."""

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="duty_shifts", verbose_name=_("unit")
    )
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="duty_shifts", verbose_name=_("on duty")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="%(app_label)s_%(class)s_ends_after_start",
            )
        ]
        indexes = [models.Index(fields=["ends_at"], name="staff_dutyshift_end")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_at:%Y-%m-%d %H:%M}"
