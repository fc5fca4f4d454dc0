"""What was done for a client: the service records of its archive (ARC-17, ARC-50)."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import MAIN_SERVICES
from accounts.models import Client, Contact, Member
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User

SERVICE_CHOICES = [(each.value, each.label) for each in MAIN_SERVICES]


class ServiceRecordQuerySet(ScopedQuerySet):
    def with_people(self) -> Self:
        return self.select_related("client", "contact", "member", "served_by")


@pghistory.track(exclude=["updated_at"])
class ServiceRecord(UUIDModel, ScopedModel):
    """One of the eight main services, for the client, one of its people or one of its lines."""

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="service_records", verbose_name=_("client")
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.SET_NULL, related_name="service_records", null=True, blank=True,
        verbose_name=_("for the contact"),
    )  # fmt: skip
    member = models.ForeignKey(
        Member, on_delete=models.SET_NULL, related_name="service_records", null=True, blank=True,
        verbose_name=_("for the line"),
    )  # fmt: skip
    service = models.CharField(_("service"), max_length=14, choices=SERVICE_CHOICES)
    served_on = models.DateField(_("date"))
    done = models.TextField(_("what was done"), max_length=2000)
    result = models.CharField(_("result"), max_length=300, blank=True)
    served_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="service_records", verbose_name=_("by whom")
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ServiceRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("service record")
        verbose_name_plural = _("service records")
        constraints = [
            models.CheckConstraint(condition=~Q(done=""), name="%(app_label)s_%(class)s_says_what"),
            models.CheckConstraint(
                condition=Q(contact=None) | Q(member=None),
                name="%(app_label)s_%(class)s_for_one",
            ),
        ]
        indexes = [
            models.Index(fields=["served_on", "id"], name="care_service_by_day"),
            models.Index(fields=["client", "-served_on"], name="care_service_of_client"),
        ]

    def __str__(self) -> str:
        return self.get_service_display()

    @property
    def whom(self) -> str:
        """For whom, as far as it was for somebody in particular; a line's number stays masked."""
        if self.contact:
            return self.contact.name
        return self.member.masked_number if self.member else ""
