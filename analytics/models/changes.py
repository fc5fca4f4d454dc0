"""What an import changed in the archive."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from analytics.models.billing import BillingImport
from crm.lib.models import ScopedModel
from crm.lib.scoping import ScopedQuerySet


class ImportChange(ScopedModel):
    """One row that an import made, changed or deleted; kept as long as it can be undone.

    Made: `before` is null, `after` the whole row. Changed: the fields that differ, as they were
    and as they became. Deleted: `before` is the whole row, `after` null.
    """

    scope: ClassVar = BillingImport.scope.via("billing_import")

    billing_import = models.ForeignKey(
        BillingImport, on_delete=models.CASCADE, related_name="changes"
    )
    model = models.CharField(max_length=60)
    object_id = models.CharField(max_length=40)
    is_created = models.BooleanField(default=False)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("import change")
        verbose_name_plural = _("import changes")
        constraints = [
            models.UniqueConstraint(
                fields=["billing_import", "model", "object_id"],
                name="%(app_label)s_%(class)s_once",
            )
        ]
        indexes = [models.Index(fields=["model", "object_id"], name="analytics_change_of_object")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}"
