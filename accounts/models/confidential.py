"""What only some may read of a contact, and who read it (CON-07)."""

from typing import ClassVar

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models.clients import Client
from accounts.models.contacts import Contact
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User


@pghistory.track(exclude=["updated_at"])
class ConfidentialProfile(UUIDModel, ScopedModel):
    """A table of its own, so that no list, export, search or API of contacts can carry it."""

    scope: ClassVar = Client.scope.via("contact__client")

    contact = models.OneToOneField(
        Contact, on_delete=models.CASCADE, related_name="confidential", verbose_name=_("contact")
    )
    personal_information = models.TextField(_("personal information"), blank=True)
    negotiation_style = models.TextField(_("negotiation style"), blank=True)
    work_background = models.TextField(_("work background"), blank=True)
    relations = models.TextField(_("relations"), blank=True)
    business_partners = models.TextField(_("the client's important business partners"), blank=True)
    family = models.TextField(_("family"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("confidential profile")
        verbose_name_plural = _("confidential profiles")

    def __str__(self) -> str:
        return f"confidential {self.contact_id}"


class ConfidentialLook(UUIDModel, ScopedModel):
    """Who read a confidential profile, when and why."""

    scope: ClassVar = Client.scope.via("contact__client")

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="confidential_looks"
    )
    looked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="confidential_looks")
    looked_at = models.DateTimeField(_("at"))
    reason = models.CharField(_("reason"), max_length=200)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at a confidential profile")
        verbose_name_plural = _("looks at confidential profiles")
        indexes = [
            models.Index(fields=["contact", "-looked_at"], name="accounts_confidentiallook_new")
        ]

    def __str__(self) -> str:
        return f"{self.looked_at:%Y-%m-%d %H:%M} {self.looked_by_id}"
