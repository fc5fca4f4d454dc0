"""Who looked at, printed or took out what one line was used for."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import RecordWay
from accounts.models.clients import Client
from accounts.models.members import Member
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User

# A trace that could be edited would be none (P34).
APPEND_ONLY = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


class RecordLook(UUIDModel, ScopedModel):
    """One look at a line's call-detail-like records, with its reason (SEC-05)."""

    scope: ClassVar = Client.scope.via("member__client")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="record_looks")
    way = models.CharField(_("how"), max_length=8, choices=RecordWay.choices)
    reason = models.CharField(_("reason"), max_length=200)
    looked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="record_looks")
    looked_at = models.DateTimeField(_("at"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at records")
        verbose_name_plural = _("looks at records")
        triggers = APPEND_ONLY
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="%(app_label)s_%(class)s_has_reason"
            )
        ]
        indexes = [models.Index(fields=["looked_at", "id"], name="accounts_recordlook_newest")]

    def __str__(self) -> str:
        return f"{self.way} {self.looked_at:%Y-%m-%d %H:%M}"
