"""The people at a client."""

from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    BuyingRole,
    ContactKind,
    Personality,
)
from accounts.models.clients import Client, SearchedQuerySet
from crm.lib.models import ScopedModel, UUIDModel


class ContactQuerySet(SearchedQuerySet):
    def active(self) -> Self:
        return self.filter(is_active=True)


@pghistory.track(exclude=["sort_key", "search_text", "updated_at"])
class Contact(UUIDModel, ScopedModel):
    """A person at a client (CON-01)."""

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("client")
    )
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=64)
    title = models.CharField(_("title"), max_length=64, blank=True)
    department = models.CharField(_("department"), max_length=64, blank=True)
    kind = models.CharField(
        _("kind"), max_length=12, choices=ContactKind.choices, default=ContactKind.CONTACT
    )
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    buying_roles = ArrayField(
        models.CharField(max_length=12, choices=BuyingRole.choices),
        verbose_name=_("buying roles"),
        default=list,
        blank=True,
    )
    personality = models.CharField(
        _("personality"), max_length=12, choices=Personality.choices, blank=True, default=""
    )
    birth_month = models.PositiveSmallIntegerField(_("birth month"), null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(_("birth day"), null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("birth year"), null=True, blank=True)
    is_lunar_birthday = models.BooleanField(_("lunar birthday"), default=False)
    form_of_address = models.CharField(_("form of address"), max_length=64, blank=True)
    preferences = models.TextField(_("preferences"), blank=True)
    is_active = models.BooleanField(_("still there"), default=True)

    sort_key = models.CharField(max_length=200, editable=False)
    search_text = models.CharField(max_length=600, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_month=None, birth_day=None)
                | Q(
                    birth_month__isnull=False,
                    birth_day__isnull=False,
                    birth_month__range=(1, 12),
                    birth_day__range=(1, 31),
                ),
                name="%(app_label)s_%(class)s_birthday_whole",
            ),
            models.UniqueConstraint(
                fields=["client", "name", "mobile"], name="%(app_label)s_%(class)s_once"
            ),
        ]
        indexes = [
            GinIndex(
                fields=["search_text"], opclasses=["gin_trgm_ops"], name="accounts_contact_search"
            ),
            models.Index(fields=["sort_key", "id"], name="accounts_contact_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{self.client_url}#contact-{self.pk}"

    @property
    def client_url(self) -> str:
        return reverse("accounts:client_detail", args=[self.client_id])

    @property
    def birthday(self) -> str:
        """As files have it: 1975-08-15, 08-15, or L08-15 for a lunar date."""
        return f"L{self._birth_date}" if self.is_lunar_birthday else self._birth_date

    @property
    def spoken_birthday(self) -> str:
        if not (self.is_lunar_birthday and self._birth_date):
            return self._birth_date
        return gettext("lunar %(date)s") % {"date": self._birth_date}

    @property
    def _birth_date(self) -> str:
        if self.birth_month is None or self.birth_day is None:
            return ""
        year = f"{self.birth_year}-" if self.birth_year else ""
        return f"{year}{self.birth_month:02}-{self.birth_day:02}"
