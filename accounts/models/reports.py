"""Reports that are written, submitted upwards and answered; and who gets those for the province."""

from datetime import datetime
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import ReportKind, ReportState
from accounts.models.answered import Answered
from accounts.models.clients import Client
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models import Position, Unit, User


class ReportQuerySet(ScopedQuerySet):
    def drafts(self) -> Self:
        return self.filter(state=ReportState.DRAFT)

    def submitted(self) -> Self:
        """Told to those above, answered or not."""
        return self.filter(state__in=[ReportState.SUBMITTED, ReportState.ANSWERED])

    def overdue(self, now: datetime) -> Self:
        """Not submitted although the time is over (ORG-33)."""
        return self.drafts().filter(due_at__lt=now)

    def with_people(self) -> Self:
        return self.select_related("about", "about__owner", "unit", "author", "answered_by")


@pghistory.track(exclude=["overdue_told_at"])
class Report(UUIDModel, ScopedModel, Answered):
    """One report of whatever kind (ADR 0048); a suggestion is about a client.

    `lines` are findings with what is suggested: [{"source", "finding", "action"}], the source
    empty for what a person added. `month` is what the report is about, `due_at` when it must be
    submitted: for an urgent one 24 hours after we learned of the matter (MKT-03).
    """

    # A report about a client is seen like the client, wherever it goes (ADR 0053).
    scope: ClassVar = ScopePaths(
        people=("author",), unit="unit", about="about", seen_like=Client.scope.via("about")
    )

    # Not `client`: most kinds are about none, and rows without one belong to author and unit.
    about = models.ForeignKey(
        Client,
        on_delete=models.CASCADE,
        related_name="reports",
        null=True,
        blank=True,
        verbose_name=_("client"),
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="reports", verbose_name=_("unit")
    )
    author = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="reports", verbose_name=_("author")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=ReportKind.choices)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    lines = models.JSONField(_("findings"), default=list, blank=True)
    month = models.DateField(_("month"), null=True, blank=True)
    learned_at = models.DateTimeField(_("learned at"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=ReportState.choices, default=ReportState.DRAFT
    )
    created_at = models.DateTimeField(_("written"))
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    # That the time is over was told once.
    overdue_told_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta(Answered.Meta):
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            *Answered.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(kind=ReportKind.SUGGESTION) | Q(about__isnull=False),
                name="%(app_label)s_%(class)s_suggestion_has_client",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ReportKind.URGENT)
                | Q(learned_at__isnull=False, due_at__isnull=False, due_at__gt=F("learned_at")),
                name="%(app_label)s_%(class)s_urgent_has_clock",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ReportKind.MARKET_MONTH)
                | Q(month__isnull=False, due_at__isnull=False),
                name="%(app_label)s_%(class)s_market_has_month",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ReportState.DRAFT, ReportState.DISCARDED], submitted_at=None)
                | Q(state=ReportState.SUBMITTED, submitted_at__isnull=False, answered_at=None)
                | Q(
                    state=ReportState.ANSWERED,
                    submitted_at__isnull=False,
                    answered_at__isnull=False,
                ),
                name="%(app_label)s_%(class)s_state_has_time",
            ),
            models.UniqueConstraint(
                fields=["unit", "month"],
                condition=Q(kind=ReportKind.MARKET_MONTH),
                name="%(app_label)s_%(class)s_one_market_month",
            ),
            models.UniqueConstraint(
                fields=["about", "month"],
                condition=Q(kind=ReportKind.SUGGESTION),
                name="%(app_label)s_%(class)s_one_suggestion_a_month",
            ),
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], name="accounts_report_by_time"),
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state=ReportState.DRAFT),
                name="accounts_report_due",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("accounts:report_detail", args=[self.pk])

    @property
    def is_draft(self) -> bool:
        return self.state == ReportState.DRAFT

    @property
    def is_submitted(self) -> bool:
        return self.state == ReportState.SUBMITTED

    def is_overdue(self, now: datetime) -> bool:
        return self.is_draft and self.due_at is not None and self.due_at < now

    @property
    def was_late(self) -> bool:
        """Submitted after its time."""
        return bool(self.due_at and self.submitted_at and self.submitted_at > self.due_at)

    def is_writer(self, user: User) -> bool:
        """The author, and for a client whoever is responsible for it by now."""
        return user.pk == self.author_id or bool(self.about and self.about.owner_id == user.pk)


@pghistory.track()
class ReportRecipient(UUIDModel):
    """Somebody of the province who gets market months and urgent reports (ORG-33).

    A person, or whoever holds a position on that day.
    """

    person = models.OneToOneField(
        User,
        on_delete=models.CASCADE,
        related_name="report_recipients",
        null=True,
        blank=True,
        verbose_name=_("person"),
    )
    position = models.OneToOneField(
        Position,
        on_delete=models.CASCADE,
        related_name="report_recipients",
        null=True,
        blank=True,
        verbose_name=_("position"),
    )
    added_at = models.DateTimeField(_("added"))
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recipients_added")

    class Meta:
        verbose_name = _("recipient of reports")
        verbose_name_plural = _("recipients of reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, position__isnull=False)
                | Q(person__isnull=False, position=None),
                name="%(app_label)s_%(class)s_person_or_position",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id or self.position_id}"
