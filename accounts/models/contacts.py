"""The people at a client."""

from datetime import date
from typing import Any, ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    KEY_CONTACT_KINDS,
    Attachment,
    BuyingRole,
    ContactKind,
    DecisionLevel,
    Gender,
    Personality,
    Tier,
)
from accounts.models.clients import Client, SearchedQuerySet
from accounts.models.members import Member
from accounts.service_levels import (
    ServiceLevel,
    is_key_person,
    own_card,
    service_level,
    service_tier,
)
from crm.lib.birthdays import Birthday
from crm.lib.masking import masked_phone
from crm.lib.models import ScopedModel, UUIDModel


class ContactQuerySet(SearchedQuerySet):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def key_people(self) -> Self:
        """Contact persons, people in charge and top leaders of the client itself (CON-01)."""
        return self.active().filter(kind__in=KEY_CONTACT_KINDS, is_external=False)

    def birthdays_between(self, first: date, last: date) -> Self:
        """Birthdays from the first to the last day, by the stored date (CON-20)."""
        return self.active().filter(next_birthday__range=(first, last))

    def with_service_tier(self) -> Self:
        """Annotates `own_card` and `service_tier` (ARC-41..ARC-43); see also `service_level`."""
        return self.annotate(own_card=own_card(Member.objects.order_by())).annotate(
            service_tier=service_tier()
        )


@pghistory.track(exclude=["sort_key", "search_text", "line_number", "next_birthday", "updated_at"])
class Contact(UUIDModel, ScopedModel):
    """A person at a client (CON-01), or of another organisation who has a say there (CON-04)."""

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="contacts", verbose_name=_("client")
    )
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=64)
    # The same person at the client they came from: what is known there stays there.
    formerly = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        related_name="later",
        null=True,
        blank=True,
        verbose_name=_("formerly"),
    )
    gender = models.CharField(
        _("gender"), max_length=6, choices=Gender.choices, blank=True, default=""
    )
    title = models.CharField(_("title"), max_length=64, blank=True)
    department = models.CharField(_("department"), max_length=64, blank=True)
    expertise = models.CharField(_("expertise"), max_length=120, blank=True)
    duties = models.CharField(_("division of work"), max_length=200, blank=True)
    kind = models.CharField(
        _("kind"), max_length=12, choices=ContactKind.choices, default=ContactKind.CONTACT
    )
    decision_level = models.CharField(
        _("decision level"), max_length=8, choices=DecisionLevel.choices, blank=True, default=""
    )
    is_external = models.BooleanField(_("from outside the client"), default=False)
    organisation = models.CharField(_("other organisation"), max_length=120, blank=True)
    mobile = models.CharField(_("mobile"), max_length=20, blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    buying_roles = ArrayField(
        models.CharField(max_length=12, choices=BuyingRole.choices),
        verbose_name=_("buying roles"),
        default=list,
        blank=True,
    )
    is_decision_maker = models.BooleanField(_("real decision maker"), default=False)
    attachment = models.CharField(
        _("relation to us"), max_length=10, choices=Attachment.choices, blank=True, default=""
    )
    personality = models.CharField(
        _("personality"), max_length=12, choices=Personality.choices, blank=True, default=""
    )
    birth_month = models.PositiveSmallIntegerField(_("birth month"), null=True, blank=True)
    birth_day = models.PositiveSmallIntegerField(_("birth day"), null=True, blank=True)
    birth_year = models.PositiveSmallIntegerField(_("birth year"), null=True, blank=True)
    is_lunar_birthday = models.BooleanField(_("lunar birthday"), default=False)
    is_leap_month_birthday = models.BooleanField(_("born in a leap month"), default=False)
    nickname = models.CharField(_("nickname"), max_length=64, blank=True)
    form_of_address = models.CharField(_("form of address"), max_length=64, blank=True)
    preferences = models.TextField(_("preferences"), blank=True)
    hobbies = models.CharField(_("hobbies"), max_length=200, blank=True)
    favourite_words = models.CharField(_("favourite words and tone"), max_length=200, blank=True)
    own_line = models.CharField(_("own line, if not the mobile"), max_length=20, blank=True)
    own_tier = models.SmallIntegerField(
        _("own card"), choices=Tier.choices, default=Tier.NONE, db_default=Tier.NONE
    )
    is_active = models.BooleanField(_("still there"), default=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    left_reason = models.CharField(_("why they left"), max_length=200, blank=True)

    # Follow from the fields above: `accounts.services.contacts.contact_keys`.
    sort_key = models.CharField(max_length=200, editable=False)
    search_text = models.CharField(max_length=600, editable=False)
    line_number = models.BigIntegerField(null=True, editable=False)
    # The coming birthday by the solar calendar; a daily job moves those that are over.
    next_birthday = models.DateField(_("next birthday"), null=True, editable=False)
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
            models.CheckConstraint(
                condition=Q(is_leap_month_birthday=False) | Q(is_lunar_birthday=True),
                name="%(app_label)s_%(class)s_leap_is_lunar",
            ),
            models.CheckConstraint(
                condition=Q(organisation="") | Q(is_external=True),
                name="%(app_label)s_%(class)s_organisation_is_outside",
            ),
            models.CheckConstraint(
                condition=Q(left_on=None, left_reason="") | Q(is_active=False),
                name="%(app_label)s_%(class)s_left_is_not_there",
            ),
            models.CheckConstraint(
                condition=~Q(formerly=F("id")), name="%(app_label)s_%(class)s_not_own_past"
            ),
            models.UniqueConstraint(
                fields=["client", "name", "mobile"], name="%(app_label)s_%(class)s_once"
            ),
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(is_decision_maker=True, is_active=True),
                name="%(app_label)s_%(class)s_one_decision_maker",
            ),
        ]
        indexes = [
            GinIndex(
                fields=["search_text"], opclasses=["gin_trgm_ops"], name="accounts_contact_search"
            ),
            models.Index(fields=["sort_key", "id"], name="accounts_contact_by_name"),
            models.Index(
                fields=["next_birthday", "client"],
                condition=Q(is_active=True, next_birthday__isnull=False),
                name="accounts_contact_birthdays",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:contact_detail", args=[self.pk])

    @property
    def client_url(self) -> str:
        return reverse("accounts:client_detail", args=[self.client_id])

    @property
    def buying_role_labels(self) -> list[str]:
        return [str(BuyingRole(role).label) for role in self.buying_roles]

    # Numbers as most people see them (SEC-10).

    @property
    def masked_mobile(self) -> str:
        return masked_phone(self.mobile)

    @property
    def masked_landline(self) -> str:
        return masked_phone(self.phone)

    # Birthday ---------------------------------------------------------------------------------

    @property
    def birthday(self) -> str:
        """As files have it: 1975-08-15, 08-15, L08-15 for a lunar date, LL06-15 in a leap month."""
        marks = "L" * (self.is_lunar_birthday + self.is_leap_month_birthday)
        return f"{marks}{self._birth_date}" if self._birth_date else ""

    @property
    def spoken_birthday(self) -> str:
        if not (self.is_lunar_birthday and self._birth_date):
            return self._birth_date
        if self.is_leap_month_birthday:
            return gettext("lunar %(date)s, leap month") % {"date": self._birth_date}
        return gettext("lunar %(date)s") % {"date": self._birth_date}

    @property
    def _birth_date(self) -> str:
        if self.birth_month is None or self.birth_day is None:
            return ""
        year = f"{self.birth_year}-" if self.birth_year else ""
        return f"{year}{self.birth_month:02}-{self.birth_day:02}"

    def birthday_after(self, today: date) -> date | None:
        """The coming birthday, today included."""
        if self.birth_month is None or self.birth_day is None:
            return None
        return Birthday(
            self.birth_month, self.birth_day, self.is_lunar_birthday, self.is_leap_month_birthday
        ).next_from(today)

    def age(self, today: date) -> int | None:
        """Whole years; before this year's birthday one less (ARC-F28)."""
        if not self.birth_year:
            return None
        coming = self.birthday_after(today)
        has_been = coming is None or coming == today or coming.year > today.year
        return max(today.year - self.birth_year - (not has_been), 0)

    # Service ----------------------------------------------------------------------------------

    @property
    def is_key_person(self) -> bool:
        return is_key_person(kind=self.kind, is_external=self.is_external)

    @property
    def service_label(self) -> str:
        """The tier they are served at; empty when none."""
        tier = self.service_level.tier
        return str(tier.label) if tier else ""

    @property
    def service_level(self) -> ServiceLevel:
        """Of a contact read `with_service_tier`, with its client."""
        own: Any = getattr(self, "own_card", self.own_tier)
        return service_level(
            own=own, client_class=self.client.client_class, is_key=self.is_key_person
        )
