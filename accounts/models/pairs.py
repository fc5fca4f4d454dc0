"""Two clients, or two contacts, that may be one and the same (ARC-20, ADR 0045)."""

from dataclasses import replace
from typing import ClassVar, Self
from urllib.parse import urlencode

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import PairKind, PairReason, PairState
from accounts.models.clients import ARCHIVE_TEXTS, Client
from accounts.models.contacts import Contact
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User


class SuspectedPairQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(state=PairState.OPEN)

    def with_records(self) -> Self:
        """What pages show of the records; the long texts of the archives stay where they are."""
        texts = [f"{side}__{name}" for side in ("first", "second") for name in ARCHIVE_TEXTS]
        return self.select_related(
            "first__unit", "first__owner", "second__unit", "second__owner",
            "first_contact", "second_contact", "decided_by",
        ).defer(*texts)  # fmt: skip


@pghistory.track()
class SuspectedPair(UUIDModel, ScopedModel):
    """Found by the nightly job, judged by a person.

    `first` and `second` are the two clients; of a pair of contacts the clients they are at, which
    may be the same one. The lower id comes first, so that a pair is there once.
    """

    # A pair says something of both records, so both have to be in sight (P1).
    scope: ClassVar = replace(Client.scope.via("first"), also=Client.scope.via("second"))

    kind = models.CharField(_("kind"), max_length=8, choices=PairKind.choices)
    first = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    first_contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    second_contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    reason = models.CharField(_("why"), max_length=12, choices=PairReason.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=PairState.choices, default=PairState.OPEN
    )
    later_until = models.DateField(_("comes back on"), null=True, blank=True)
    found_at = models.DateTimeField(_("found"))
    decided_at = models.DateTimeField(_("judged"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="pairs_judged",
        null=True,
        blank=True,
        verbose_name=_("judged by"),
    )

    objects = SuspectedPairQuerySet.as_manager()

    class Meta:
        verbose_name = _("suspected pair")
        verbose_name_plural = _("suspected pairs")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind=PairKind.CLIENT,
                    first_contact=None,
                    second_contact=None,
                    first__lt=F("second"),
                )
                | Q(
                    kind=PairKind.CONTACT,
                    first_contact__isnull=False,
                    second_contact__isnull=False,
                    first_contact__lt=F("second_contact"),
                ),
                name="%(app_label)s_%(class)s_two_in_order",
            ),
            models.UniqueConstraint(
                fields=["first", "second"],
                condition=Q(kind=PairKind.CLIENT),
                name="%(app_label)s_%(class)s_clients_once",
            ),
            models.UniqueConstraint(
                fields=["first_contact", "second_contact"],
                condition=Q(kind=PairKind.CONTACT),
                name="%(app_label)s_%(class)s_contacts_once",
            ),
            models.CheckConstraint(
                condition=Q(state=PairState.OPEN, decided_at=None, decided_by=None)
                | ~Q(state=PairState.OPEN) & Q(decided_at__isnull=False, decided_by__isnull=False),
                name="%(app_label)s_%(class)s_judged_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=PairState.LATER, later_until__isnull=False)
                | ~Q(state=PairState.LATER) & Q(later_until=None),
                name="%(app_label)s_%(class)s_later_has_day",
            ),
        ]
        indexes = [
            models.Index(fields=["found_at", "id"], name="accounts_pair_by_time"),
            models.Index(
                fields=["found_at", "id"],
                condition=Q(state=PairState.OPEN),
                name="accounts_pair_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.found_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:pair_detail", args=[self.pk])

    @property
    def merge_url(self) -> str:
        """Where the two are brought together; empty for people of two clients."""
        if self.kind == PairKind.CONTACT and self.first_id != self.second_id:
            return ""
        one, two = self.records
        query = urlencode({self.kind: one.pk, "other": two.pk})
        return f"{reverse('accounts:merge_create')}?{query}"

    @property
    def is_open(self) -> bool:
        return self.state == PairState.OPEN

    @property
    def records(self) -> tuple[Client | Contact, Client | Contact]:
        if self.first_contact and self.second_contact:
            return self.first_contact, self.second_contact
        return self.first, self.second

    @property
    def title(self) -> str:
        """Both names; of a pair read `with_records`."""
        one, two = self.records
        return f"{one.name} / {two.name}"
