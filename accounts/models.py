"""Clients, who is responsible for them, the people there and their lines."""

from typing import ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    REPRESENTED_CLASSES,
    BuyingRole,
    ClientClass,
    ClientNature,
    ClientStatus,
    ContactKind,
    MemberStatus,
    Personality,
    Tier,
)
from crm.lib.masking import masked
from crm.lib.models import ScopedModel, UUIDModel, uuid7
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models import Unit, User


class SearchedQuerySet(ScopedQuerySet):
    """Rows with a `search_text` of names, codes, pinyin and initials."""

    def matching(self, text: str) -> Self:
        """All words occur (`zgyd` finds 中国移动)."""
        found = self
        for word in text.lower().split():
            found = found.filter(search_text__contains=word)
        return found


class ClientQuerySet(SearchedQuerySet):
    def without_representative(self) -> Self:
        """A and B clients that lack a chief representative (ORG-09)."""
        return self.filter(client_class__in=REPRESENTED_CLASSES, chief_representative=None)

    def unassigned(self) -> Self:
        return self.filter(owner=None)

    def with_people(self) -> Self:
        return self.select_related("owner", "unit", "chief_representative")


# The figures are copies made by each alert run; the runs themselves are their history.
@pghistory.track(
    exclude=["sort_key", "search_text", "income", "active_members", "figures_month", "updated_at"]
)
class Client(UUIDModel, ScopedModel):
    """A group client (集团客户) with exactly one responsible account manager at a time (ORG-02)."""

    scope: ClassVar = ScopePaths(people=("owner", "chief_representative"), unit="unit")

    code = models.CharField(_("client code"), max_length=32, unique=True)
    name = models.CharField(_("name"), max_length=200)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="clients", verbose_name=_("unit")
    )
    owner = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="owned_clients",
        null=True,
        blank=True,
        verbose_name=_("account manager"),
    )
    chief_representative = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="represented_clients",
        null=True,
        blank=True,
        verbose_name=_("chief representative"),
    )
    client_class = models.CharField(
        _("class"), max_length=1, choices=ClientClass.choices, blank=True, default=""
    )
    nature = models.CharField(
        _("nature"), max_length=12, choices=ClientNature.choices, blank=True, default=""
    )
    industry = models.CharField(_("industry"), max_length=64, blank=True)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=ClientStatus.choices,
        default=ClientStatus.SIGNED,
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=9, decimal_places=6, null=True, blank=True
    )
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    own_users = models.PositiveIntegerField(_("users on our network"), null=True, blank=True)
    other_users = models.PositiveIntegerField(_("users of other operators"), null=True, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    features = models.TextField(_("distinctive features"), blank=True)
    notes = models.TextField(_("notes"), blank=True)

    sort_key = models.CharField(max_length=200, editable=False)
    search_text = models.CharField(max_length=600, editable=False)
    # Not indexed, so that the monthly update of every client touches no index at all.
    income = models.DecimalField(
        _("income"), max_digits=14, decimal_places=2, default=0, db_default=0, editable=False
    )
    active_members = models.PositiveIntegerField(
        _("active members"), default=0, db_default=0, editable=False
    )
    figures_month = models.DateField(null=True, editable=False)

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ClientQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        constraints = [
            models.CheckConstraint(
                condition=~Q(code=""), name="%(app_label)s_%(class)s_code_not_empty"
            ),
            models.CheckConstraint(
                # Said in full: with one of them null the ranges alone would be unknown, not false.
                condition=Q(latitude=None, longitude=None)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="%(app_label)s_%(class)s_position_whole",
            ),
        ]
        indexes = [
            GinIndex(
                fields=["search_text"], opclasses=["gin_trgm_ops"], name="accounts_client_search"
            ),
            models.Index(fields=["sort_key", "id"], name="accounts_client_by_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:client_detail", args=[self.pk])

    @property
    def needs_representative(self) -> bool:
        return self.client_class in REPRESENTED_CLASSES and self.chief_representative_id is None

    @property
    def users_unlikely(self) -> bool:
        """More users than twice the staff: probably a typing error (ARC-F07)."""
        users = (self.own_users or 0) + (self.other_users or 0)
        return self.employees is not None and users > 2 * self.employees


class OwnershipQuerySet(ScopedQuerySet):
    def current(self) -> Self:
        return self.filter(ended_at=None)


class Ownership(UUIDModel, ScopedModel):
    """Who was responsible for a client, from when to when (ORG-02)."""

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="ownerships")
    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="ownerships")
    started_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    assigned_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="ownerships_given", null=True, blank=True
    )

    objects = OwnershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("ownership")
        verbose_name_plural = _("ownerships")
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(ended_at=None),
                name="%(app_label)s_%(class)s_one_current",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="%(app_label)s_%(class)s_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.started_at:%Y-%m-%d}"


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


class NewMemberId(models.Func):
    """A time-ordered UUID made by the database: members arrive by the million."""

    function = "crm_uuid7"
    template = "%(function)s()"
    output_field = models.UUIDField()


class Member(ScopedModel):
    """A line (手机号码) of a client, as its newest bill describes it."""

    scope: ClassVar = Client.scope.via("client")

    id = models.UUIDField(primary_key=True, default=uuid7, db_default=NewMemberId(), editable=False)
    msisdn = models.BigIntegerField(_("number"), unique=True)
    # Written by set-based SQL from bills that were joined with clients: no per-row check needed.
    client = models.ForeignKey(
        Client,
        on_delete=models.PROTECT,
        related_name="members",
        db_constraint=False,
        verbose_name=_("client"),
    )
    status = models.SmallIntegerField(_("status"), choices=MemberStatus.choices)
    tier = models.SmallIntegerField(_("tier"), choices=Tier.choices, default=Tier.NONE)
    joined_on = models.DateField(_("joined on"), null=True, blank=True)
    is_corporate_paid = models.BooleanField(_("corporate-paid"), default=False)
    created_at = models.DateTimeField(db_default=Now())

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")

    def __str__(self) -> str:
        return self.masked_number

    @property
    def masked_number(self) -> str:
        return masked(self.msisdn)


class NumberReveal(UUIDModel, ScopedModel):
    """Who looked at a member's full number, when and why (P35, SEC-10)."""

    scope: ClassVar = Client.scope.via("member__client")

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="reveals")
    revealed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="reveals")
    revealed_at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=200)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("number reveal")
        verbose_name_plural = _("number reveals")

    def __str__(self) -> str:
        return f"{self.revealed_at:%Y-%m-%d %H:%M} {self.revealed_by_id}"
