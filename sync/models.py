"""Personal tokens of REST clients."""

from datetime import datetime
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models import User


class TokenScope(models.TextChoices):
    READ = "read", _("Read")
    WRITE = "write", _("Read and write")


class TokenQuerySet(ScopedQuerySet):
    def owned_by(self, person: User) -> Self:
        """Nobody handles another's tokens, however much they see."""
        return self.filter(owner=person)

    def usable(self, now: datetime) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=now)


@pghistory.track(exclude=["digest", "last_used_at"])
class Token(UUIDModel, ScopedModel):
    """A REST client's key: stored hashed, shown once, never more than its owner may do."""

    scope: ClassVar = ScopePaths(people=("owner",))

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(_("name"), max_length=64)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    access = models.CharField(
        _("access"), max_length=8, choices=TokenScope.choices, default=TokenScope.READ
    )
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name

    def is_usable(self, now: datetime) -> bool:
        """Not revoked, not expired, and its owner still works here; see also `usable`."""
        return self.revoked_at is None and now < self.expires_at and self.owner.is_active
