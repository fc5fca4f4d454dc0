"""Clients that a person opened lately."""

from typing import ClassVar

from django.db import models

from accounts.models.clients import Client
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User


class RecentClient(UUIDModel, ScopedModel):
    """When a person last opened a client's page; offered to them where they search."""

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="openings")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recent_clients")
    opened_at = models.DateTimeField()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "client"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.opened_at:%Y-%m-%d %H:%M}"
