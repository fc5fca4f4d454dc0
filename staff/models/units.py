"""What happened to the tree."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models.people import Unit, User


class UnitMove(UUIDModel, ScopedModel):
    """A subtree hung somewhere else; kept so that it can be put back."""

    scope: ClassVar = ScopePaths(unit="unit")

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="moves")
    from_parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    to_parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    moved_at = models.DateTimeField(_("moved at"))
    moved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    undone_at = models.DateTimeField(_("put back at"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("move of a unit")
        verbose_name_plural = _("moves of units")

    def __str__(self) -> str:
        return f"{self.unit_id} {self.moved_at:%Y-%m-%d}"
