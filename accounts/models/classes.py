"""Changes of a client's class, by proposal and approval."""

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import ClassSource, ClientClass, ProposalState
from accounts.models.clients import Client
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User

DECIDED = (ProposalState.APPROVED, ProposalState.REFUSED)


class ClassProposalQuerySet(ScopedQuerySet):
    def open(self) -> Self:
        return self.filter(state=ProposalState.OPEN)

    def approved(self) -> Self:
        """The history of the class."""
        return self.filter(state=ProposalState.APPROVED)

    def with_people(self) -> Self:
        return self.select_related(
            "client", "client__owner", "client__unit", "proposed_by", "decided_by"
        )


@pghistory.track()
class ClassProposal(UUIDModel, ScopedModel):
    """A change of class that somebody wants, with the figures of that day (ARC-14, ARC-40).

    What a roster brought or a suggestion led to is kept as an approved one without a proposer.
    """

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="class_proposals", verbose_name=_("client")
    )
    from_class = models.CharField(
        _("class so far"), max_length=1, choices=ClientClass.choices, blank=True, default=""
    )
    to_class = models.CharField(_("new class"), max_length=1, choices=ClientClass.choices)
    reason = models.TextField(_("reason"))
    source = models.CharField(
        _("from whom"), max_length=10, choices=ClassSource.choices, default=ClassSource.PERSON
    )
    income = models.DecimalField(_("income"), max_digits=14, decimal_places=2, default=0)
    active_members = models.PositiveIntegerField(_("active members"), default=0)
    figures_month = models.DateField(_("month"), null=True, blank=True)

    state = models.CharField(
        _("state"), max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN
    )
    proposed_at = models.DateTimeField(_("proposed"))
    proposed_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="class_proposals",
        null=True,
        blank=True,
        verbose_name=_("proposed by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        related_name="class_decisions",
        null=True,
        blank=True,
        verbose_name=_("decided by"),
    )
    word = models.TextField(_("word"), blank=True)

    objects = ClassProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("class proposal")
        verbose_name_plural = _("class proposals")
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(state=ProposalState.OPEN),
                name="%(app_label)s_%(class)s_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(from_class=F("to_class")),
                name="%(app_label)s_%(class)s_changes_class",
            ),
            models.CheckConstraint(
                condition=Q(state=ProposalState.OPEN, decided_at=None)
                | (~Q(state=ProposalState.OPEN) & Q(decided_at__isnull=False)),
                name="%(app_label)s_%(class)s_ended_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=ProposalState.REFUSED) | ~Q(word=""),
                name="%(app_label)s_%(class)s_refused_with_word",
            ),
            models.CheckConstraint(
                # Nobody decides about a proposal of their own; without a proposer it is nobody's.
                condition=~Q(state__in=DECIDED)
                | Q(proposed_by=None)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
                name="%(app_label)s_%(class)s_not_ones_own",
            ),
        ]
        indexes = [
            models.Index(
                fields=["proposed_at", "id"],
                condition=Q(state=ProposalState.OPEN),
                name="accounts_proposal_queue",
            ),
            models.Index(fields=["client", "-proposed_at"], name="accounts_proposal_client"),
            models.Index(fields=["proposed_at", "id"], name="accounts_proposal_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.from_class or '–'} → {self.to_class}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:proposal_detail", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == ProposalState.OPEN
