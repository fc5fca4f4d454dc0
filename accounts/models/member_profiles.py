"""What people know about a line that its bills do not tell."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import AffectionGift, IdentityDocument
from accounts.models.clients import Client
from accounts.models.members import Member
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User


@pghistory.track(exclude=["updated_at"])
class MemberProfile(ScopedModel):
    """Facts about a line that somebody entered; lines nobody wrote about have no row."""

    scope: ClassVar = Client.scope.via("member__client")

    member = models.OneToOneField(
        Member, on_delete=models.CASCADE, related_name="profile", primary_key=True
    )
    registered_owner = models.CharField(_("registered owner"), max_length=64, blank=True)
    actual_user = models.CharField(_("actual user"), max_length=64, blank=True)
    transfer_waiver = models.CharField(
        _("why it stays with another owner"), max_length=200, blank=True
    )
    is_key_member = models.BooleanField(_("key member"), default=False)
    affection = models.CharField(
        _("affection service"), max_length=10, choices=AffectionGift.choices, blank=True, default=""
    )
    affection_note = models.CharField(_("wish in detail"), max_length=200, blank=True)
    notes = models.TextField(_("notes"), blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("member profile")
        verbose_name_plural = _("member profiles")

    def __str__(self) -> str:
        return f"{self.registered_owner} / {self.actual_user}"

    @property
    def owner_differs(self) -> bool:
        """Registered to one person, used by another; of stored rows `in_other_name`."""
        known = self.registered_owner and self.actual_user
        return bool(known) and self.registered_owner != self.actual_user

    @property
    def needs_transfer(self) -> bool:
        return self.owner_differs and not self.transfer_waiver


class OwnerChange(UUIDModel, ScopedModel):
    """A line got another registered owner, and how the person's identity was checked (SEC-11)."""

    scope: ClassVar = Client.scope.via("member__client")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="owner_changes")
    old_owner = models.CharField(_("owner before"), max_length=64, blank=True)
    new_owner = models.CharField(_("new owner"), max_length=64)
    document = models.CharField(_("document seen"), max_length=16, choices=IdentityDocument.choices)
    # Enough to find the copy in the archive; the whole number is nobody's business here.
    document_tail = models.CharField(_("last four characters of its number"), max_length=4)
    note = models.CharField(_("identity check"), max_length=200)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="owner_changes")
    checked_at = models.DateTimeField(_("checked at"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of owner")
        verbose_name_plural = _("changes of owner")
        constraints = [
            models.CheckConstraint(
                condition=~Q(note="") & ~Q(document_tail="") & ~Q(new_owner=""),
                name="%(app_label)s_%(class)s_identity_checked",
            )
        ]

    def __str__(self) -> str:
        return f"{self.old_owner or '–'} → {self.new_owner}"
