"""Files that programs hand over: uploads in pieces, files dropped into a folder."""

from datetime import datetime
from typing import ClassVar, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from analytics.choices import ImportKind
from analytics.models.billing import BillingImport
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models import User


class BillingUploadQuerySet(ScopedQuerySet):
    def current(self, now: datetime) -> Self:
        return self.filter(expires_at__gt=now)

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)

    def open(self) -> Self:
        return self.filter(billing_import=None)


class BillingUpload(UUIDModel, ScopedModel):
    """A file that comes in chunks over REST; its author's only. Whole, it becomes an import."""

    scope: ClassVar = ScopePaths(people=("created_by",))

    file_name = models.CharField(_("file name"), max_length=200)
    size = models.BigIntegerField(_("size"), validators=[MinValueValidator(1)])
    sha256 = models.CharField(_("checksum"), max_length=64)
    kind = models.CharField(_("kind"), max_length=16, choices=ImportKind.choices)
    period = models.DateField(_("month, when the file does not say"), null=True, blank=True)
    creates_clients = models.BooleanField(_("create unknown clients"), default=False)
    completes_period = models.BooleanField(_("the month is complete with this file"), default=False)
    received = models.BigIntegerField(_("bytes received"), default=0)
    billing_import = models.ForeignKey(
        BillingImport, on_delete=models.CASCADE, related_name="uploads", null=True, blank=True
    )
    created_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="uploads")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))

    objects = BillingUploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("upload")
        verbose_name_plural = _("uploads")
        constraints = [
            models.CheckConstraint(
                condition=Q(received__gte=0, received__lte=F("size")),
                name="%(app_label)s_%(class)s_received_within_size",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_whole(self) -> bool:
        return self.received == self.size


class DroppedFile(UUIDModel, ScopedModel):
    """A file of the drop folder that was handed in: which delivery became which import."""

    scope: ClassVar = BillingImport.scope.via("billing_import")

    # The folder below `taken/`; unique, so that no delivery is handed in twice.
    delivery = models.CharField(_("delivery"), max_length=64, unique=True)
    billing_import = models.ForeignKey(
        BillingImport, on_delete=models.CASCADE, related_name="deliveries"
    )
    is_repeat = models.BooleanField(_("the same content came before"), default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("dropped file")
        verbose_name_plural = _("dropped files")

    def __str__(self) -> str:
        return self.delivery
