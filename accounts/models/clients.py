"""Clients and who is responsible for them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Self

import pghistory
from django.apps import apps
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, Q, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    PROSPECT_STATUSES,
    REPRESENTED_CLASSES,
    ClientClass,
    ClientNature,
    ClientStatus,
)
from accounts.models.archive import ClientArchive
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.pinyin import search_patterns
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models import Unit, User

# How the codes of clients begin that the billing system does not know yet.
PROVISIONAL = "P-"
ARCHIVE_TEXTS = tuple(
    field.name for field in ClientArchive._meta.local_fields if isinstance(field, models.TextField)
)

ALL_TESTS = Q(can_pay=True, has_need=True, can_decide=True, accepts_marketing=True)


def _stale_before(now: datetime) -> datetime:
    return now - timedelta(days=settings.STALE_PROFILE_DAYS)


class SearchedQuerySet(ScopedQuerySet):
    """Rows with a `search_text` of names, codes, pinyin and initials."""

    def matching(self, text: str) -> Self:
        """All words occur (`zgyd` finds 中国移动); those of one or two letters begin a word."""
        return self._containing(search_patterns(text))

    def named_like(self, text: str) -> Self:
        """The name begins like this, blanks apart."""
        return self.filter(search_text__startswith=f" {text}")

    def best_first(self, text: str, *more: Any) -> Self:
        """The name itself, names that begin like this, words that do, the others; then `more`."""
        begins = Q(*(Q(search_text__contains=f" {word}") for word in text.split()))
        rank = Case(
            When(search_text__startswith=f" {text} ", then=0),
            When(search_text__startswith=f" {text}", then=1),
            When(begins, then=2),
            default=3,
        )
        return self.order_by(rank, *more, "pk")

    def _containing(self, patterns: Iterable[str]) -> Self:
        found = self
        for pattern in patterns:
            found = found.filter(search_text__contains=pattern)
        return found


class ClientQuerySet(SearchedQuerySet):
    def without_representative(self) -> Self:
        """A and B clients that lack a chief representative (ORG-09)."""
        return self.filter(client_class__in=REPRESENTED_CLASSES, chief_representative=None)

    def unassigned(self) -> Self:
        return self.filter(owner=None)

    def prospects(self) -> Self:
        return self.filter(status__in=PROSPECT_STATUSES)

    def qualified(self) -> Self:
        """All four tests are passed (ARC-02)."""
        return self.filter(ALL_TESTS)

    def not_qualified(self) -> Self:
        return self.exclude(ALL_TESTS)

    def stale(self, now: datetime) -> Self:
        """Archives nobody has updated or reviewed for long (ARC-19)."""
        return self.filter(archive_current_at__lt=_stale_before(now))

    def fresh(self, now: datetime) -> Self:
        return self.filter(archive_current_at__gte=_stale_before(now))

    def segmented(self, *, factor: str = "", mark: str = "") -> Self:
        """Clients with a segment of that factor and, or, a mark that holds these words (ARC-25)."""
        wanted = Q(removed_at=None)
        if factor:
            wanted &= Q(factor=factor)
        if mark:
            wanted &= Q(value__icontains=mark)
        segments = apps.get_model("accounts", "Segment")
        return self.filter(pk__in=segments.objects.filter(wanted).values("client"))

    def without_texts(self) -> Self:
        """Leaves the long texts of the archive in the database: lists show none of them."""
        return self.defer(*ARCHIVE_TEXTS)

    def with_people(self) -> Self:
        return self.select_related("owner", "unit", "chief_representative")


# The figures are copies made by each alert run; the runs themselves are their history. The score
# follows from the archive.
UNTRACKED = [
    "sort_key", "search_text", "income", "active_members", "figures_month", "updated_at",
    "completeness", "archive_current_at",
]  # fmt: skip


@pghistory.track(exclude=UNTRACKED)
class Client(ClientArchive, UUIDModel, ScopedModel):
    """A group client (集团客户) with exactly one responsible account manager at a time (ORG-02)."""

    scope: ClassVar = ScopePaths(
        people=("owner", "chief_representative"), unit="unit", for_deputies=True
    )

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
            models.CheckConstraint(
                condition=Q(superior=None) | ~Q(superior=F("id")),
                name="%(app_label)s_%(class)s_not_its_own_superior",
            ),
            models.CheckConstraint(
                condition=Q(completeness__lte=100),
                name="%(app_label)s_%(class)s_completeness_percent",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at=None, reviewed_by=None)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="%(app_label)s_%(class)s_reviewed_by_somebody",
            ),
        ]
        indexes = [
            GinIndex(
                fields=["search_text"], opclasses=["gin_trgm_ops"], name="accounts_client_search"
            ),
            models.Index(fields=["sort_key", "id"], name="accounts_client_by_name"),
            models.Index(
                fields=["address"], condition=~Q(address=""), name="accounts_client_by_address"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:client_detail", args=[self.pk])

    @property
    def is_prospect(self) -> bool:
        return self.status in PROSPECT_STATUSES

    def is_stale(self, now: datetime) -> bool:
        """As `ClientQuerySet.stale`, for one client (ARC-19)."""
        return self.archive_current_at < _stale_before(now)

    @property
    def has_provisional_code(self) -> bool:
        return self.code.startswith(PROVISIONAL)

    @property
    def needs_representative(self) -> bool:
        return self.client_class in REPRESENTED_CLASSES and self.chief_representative_id is None

    @property
    def users_unlikely(self) -> bool:
        """Many more users than staff: probably a typing error (ARC-F07)."""
        users = (self.own_users or 0) + (self.other_users or 0)
        return self.employees is not None and users > settings.USERS_PER_EMPLOYEE * self.employees

    @property
    def own_share(self) -> Decimal | None:
        """Our part of the client's mobile users, from 0 to 1 (ARC-F08)."""
        if self.own_users is None or self.other_users is None:
            return None
        users = self.own_users + self.other_users
        return Decimal(self.own_users) / users if users else None


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
