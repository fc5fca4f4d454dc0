"""Lists in a client's archive: parts of the client with a row each.

Taken out, a row stays with the time it went, so that it can be put back.
"""

import re
from typing import ClassVar, Self
from uuid import UUID

import pghistory
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import AnniversaryKind, SegmentFactor
from accounts.models.archive import words
from accounts.models.clients import Client, SearchedQuerySet
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet


class ArchiveItemQuerySet(ScopedQuerySet):
    def live(self) -> Self:
        return self.filter(removed_at=None)

    def removed(self) -> Self:
        return self.exclude(removed_at=None)


def client_of(related_name: str) -> models.ForeignKey:
    return models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name=related_name, verbose_name=_("client")
    )


class ArchiveItem(UUIDModel, ScopedModel):
    """A row of a list of the archive; subclasses name the client by `client_of`."""

    scope: ClassVar = Client.scope.via("client")
    client: Client
    client_id: UUID

    removed_at = models.DateTimeField(_("removed"), null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        return reverse("accounts:client_archive", args=[self.client_id])


def once(*fields: str) -> models.UniqueConstraint:
    """At most one live row with the same values."""
    return models.UniqueConstraint(
        fields=["client", *fields],
        condition=Q(removed_at=None),
        name="%(app_label)s_%(class)s_once",
    )


def ends_after_start() -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
        name="%(app_label)s_%(class)s_ends_after_start",
    )


@pghistory.track(exclude=["updated_at"])
class Department(ArchiveItem):
    """A part of the client's own organisation (ARC-F03)."""

    client = client_of("departments")
    name = models.CharField(_("department"), max_length=100)
    part_of = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        related_name="parts",
        null=True,
        blank=True,
        verbose_name=_("part of"),
    )
    head = models.CharField(_("head"), max_length=64, blank=True)
    duties = words(_("duties"))

    objects = ArchiveItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [once("name")]

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["updated_at"])
class Anniversary(ArchiveItem):
    """A day the client celebrates, every year or once (ARC-F21)."""

    client = client_of("anniversaries")
    kind = models.CharField(
        _("kind"), max_length=10, choices=AnniversaryKind.choices, default=AnniversaryKind.COMPANY
    )
    name = models.CharField(_("occasion"), max_length=100, blank=True)
    day = models.DateField(pgettext_lazy("of an anniversary", "day"))
    is_recurring = models.BooleanField(_("every year"), default=True)

    objects = ArchiveItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("anniversary")
        verbose_name_plural = _("anniversaries")
        constraints = [once("kind", "name", "day")]

    def __str__(self) -> str:
        return self.name or str(AnniversaryKind(self.kind).label)


class AgreementQuerySet(SearchedQuerySet):
    def live(self) -> Self:
        return self.filter(removed_at=None)

    def removed(self) -> Self:
        return self.exclude(removed_at=None)


@pghistory.track(exclude=["updated_at", "search_text"])
class Agreement(ArchiveItem):
    """An agreement signed with the client, also earlier ones such as VPMN (ARC-F22)."""

    client = client_of("agreements")
    product = models.CharField(_("product"), max_length=100)
    group_number = models.CharField(_("group number"), max_length=32, blank=True)
    short_numbers = models.CharField(_("range of short numbers"), max_length=64, blank=True)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    note = words(_("note"))
    search_text = models.CharField(max_length=600, editable=False, default="")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [ends_after_start()]
        indexes = [
            GinIndex(
                fields=["search_text"],
                opclasses=["gin_trgm_ops"],
                name="accounts_agreement_search",
            )
        ]

    def __str__(self) -> str:
        return self.product

    def searched_words(self) -> tuple[str, ...]:
        """What `search_text` is made of: the product and the numbers, also without their dashes."""
        numbers = (self.group_number, self.short_numbers)
        return (self.product, *numbers, *(re.sub(r"\D", "", number) for number in numbers))


@pghistory.track(exclude=["updated_at"])
class Policy(ArchiveItem):
    """A preferential policy the client enjoys (ARC-F10)."""

    client = client_of("policies")
    name = models.CharField(_("policy"), max_length=200)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    note = words(_("note"))

    objects = ArchiveItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("preferential policy")
        verbose_name_plural = _("preferential policies")
        constraints = [ends_after_start()]

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["updated_at"])
class CollectionCount(ArchiveItem):
    """How many users paid by bank collection in a month (ARC-F12)."""

    client = client_of("collection_counts")
    month = models.DateField(_("month"))
    users = models.PositiveIntegerField(_("users paying by collection"))

    objects = ArchiveItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("users paying by collection")
        verbose_name_plural = _("users paying by collection")
        constraints = [
            once("month"),
            models.CheckConstraint(
                condition=Q(month__day=1), name="%(app_label)s_%(class)s_first_day"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


@pghistory.track(exclude=["updated_at"])
class Segment(ArchiveItem):
    """A mark by which account managers divide their clients (ARC-25)."""

    client = client_of("segments")
    factor = models.CharField(_("factor"), max_length=12, choices=SegmentFactor.choices)
    value = models.CharField(pgettext_lazy("of a segment", "mark"), max_length=64)

    objects = ArchiveItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        constraints = [once("factor", "value")]
        indexes = [
            models.Index(
                fields=["factor", "value"],
                condition=Q(removed_at=None),
                name="accounts_segment_by_value",
            )
        ]

    def __str__(self) -> str:
        return self.value


@pghistory.track(exclude=["updated_at"])
class Area(ArchiveItem):
    """A town or village around a rural client (ARC-26..29)."""

    client = client_of("areas")
    name = models.CharField(_("town or village"), max_length=100)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    household_economy = words(_("economic condition of households"))
    families = words(_("family members"))
    own_use = words(_("use of our network"))
    other_use = words(_("use of other networks"))
    feedback = words(_("feedback of users"))
    revenue_fluctuation = words(_("fluctuation of revenue"))
    latent_need = words(_("latent need"))
    own_channels = words(_("our sales and service channels"))
    other_channels = words(_("channels of competitors"))
    competitor_strategy = words(_("strategy of competitors"))
    competitor_products = words(_("products and prices of competitors"))
    competition = words(_("state of competition"))
    competitor_effect = words(_("effect of competition"))

    objects = ArchiveItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("area profile")
        verbose_name_plural = _("area profiles")
        constraints = [once("name")]

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["updated_at"])
class SuccessCase(ArchiveItem):
    """What was done well for a client; colleagues read it without the name (ARC-07, SEC-03)."""

    client = client_of("success_cases")
    title = models.CharField(pgettext_lazy("of a success case", "title"), max_length=100)
    need = words(_("what the client needed"))
    solution = words(_("what we offered"))
    result = words(_("what came of it"))
    shows_name = models.BooleanField(_("colleagues may see the client's name"), default=False)

    objects = ArchiveItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("success case")
        verbose_name_plural = _("success cases")

    def __str__(self) -> str:
        return self.title
