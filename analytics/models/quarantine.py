"""Who looked at the rows that were not loaded."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from analytics.choices import LookWay
from analytics.models.billing import BillingImport
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User


class QuarantineLook(UUIDModel, ScopedModel):
    """Quarantined rows name members' full numbers: each look at them leaves a trace (P34, P35)."""

    scope: ClassVar = BillingImport.scope.via("billing_import")

    billing_import = models.ForeignKey(
        BillingImport, on_delete=models.CASCADE, related_name="quarantine_looks"
    )
    way = models.CharField(_("way"), max_length=4, choices=LookWay.choices)
    rows = models.IntegerField(_("rows"))
    looked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="quarantine_looks")
    looked_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at quarantined rows")
        verbose_name_plural = _("looks at quarantined rows")

    def __str__(self) -> str:
        return f"{self.looked_at:%Y-%m-%d %H:%M} {self.way}"
