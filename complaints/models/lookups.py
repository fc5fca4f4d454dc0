"""Who looked for a client outside their own sight."""

from typing import ClassVar

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models import User


class ClientLookup(UUIDModel, ScopedModel):
    """One look that showed names of clients the person does not see otherwise (ORG-08)."""

    scope: ClassVar = ScopePaths(people=("person",), unit="person__unit")

    person = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="client_lookups", verbose_name=_("who")
    )
    text = models.CharField(_("looked for"), max_length=100)
    shown = models.PositiveSmallIntegerField(_("names shown"))
    looked_at = models.DateTimeField(_("when"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("look for a client")
        verbose_name_plural = _("looks for clients")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
        indexes = [
            models.Index(fields=["person", "looked_at"], name="complaints_lookup_of_person"),
            models.Index(fields=["looked_at", "id"], name="complaints_lookup_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.looked_at:%Y-%m-%d %H:%M}"
