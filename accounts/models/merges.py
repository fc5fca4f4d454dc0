"""Two clients, or two contacts, brought together, and what it takes to part them (ADR 0052)."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import PairKind
from accounts.models.clients import Client
from accounts.models.contacts import Contact
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User


class MergeQuerySet(ScopedQuerySet):
    def standing(self) -> Self:
        """Not undone."""
        return self.filter(undone_at=None)

    def of_clients(self) -> Self:
        return self.filter(kind=PairKind.CLIENT)

    def with_records(self) -> Self:
        """What pages show; the ledger may be large."""
        return self.select_related(
            "client__unit", "client__owner", "contact", "merged_by", "undone_by"
        ).defer("ledger")


class Merge(UUIDModel, ScopedModel):
    """One record went into another: `client`, or `contact` at that client.

    The record that went is no more; its id and code lead to the other one as long as the merge
    stands. `ledger` is a `crm.lib.merging.Ledger`.
    """

    scope: ClassVar = Client.scope.via("client")

    kind = models.CharField(_("kind"), max_length=8, choices=PairKind.choices)
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="merges", verbose_name=_("client")
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        related_name="merges",
        null=True,
        blank=True,
        verbose_name=_("contact"),
    )
    old_id = models.UUIDField()
    old_name = models.CharField(_("what went into it"), max_length=200)
    # As bills and files may still have it; empty for a contact.
    old_code = models.CharField(_("former code"), max_length=32, blank=True)
    reason = models.TextField(_("reason"))
    ledger = models.JSONField(editable=False)
    merged_at = models.DateTimeField(_("merged"))
    merged_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="merges", verbose_name=_("merged by")
    )
    undone_at = models.DateTimeField(_("parted again"), null=True, blank=True)
    undone_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="merges_undone",
        null=True,
        blank=True,
        verbose_name=_("parted by"),
    )
    undo_reason = models.TextField(_("why they were parted"), blank=True)

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("merge")
        verbose_name_plural = _("merges")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=PairKind.CLIENT, contact=None) & ~Q(old_code="")
                | Q(kind=PairKind.CONTACT, contact__isnull=False, old_code=""),
                name="%(app_label)s_%(class)s_of_its_kind",
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None, undone_by=None, undo_reason="")
                | Q(undone_at__isnull=False, undone_by__isnull=False) & ~Q(undo_reason=""),
                name="%(app_label)s_%(class)s_undone_whole",
            ),
            models.UniqueConstraint(
                fields=["old_id"],
                condition=Q(undone_at=None),
                name="%(app_label)s_%(class)s_once",
            ),
            models.UniqueConstraint(
                fields=["old_code"],
                condition=Q(undone_at=None) & ~Q(old_code=""),
                name="%(app_label)s_%(class)s_code_once",
            ),
        ]
        indexes = [models.Index(fields=["-merged_at", "id"], name="accounts_merge_by_time")]

    def __str__(self) -> str:
        return f"{self.kind} {self.merged_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:merge_detail", args=[self.pk])

    @property
    def survivor(self) -> Client | Contact:
        return self.contact or self.client

    @property
    def title(self) -> str:
        return f"{self.old_name} → {self.survivor.name}"

    @property
    def is_standing(self) -> bool:
        return self.undone_at is None
