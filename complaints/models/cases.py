"""Cases: what a client reported, who has to reply and who has to solve it."""

from datetime import datetime
from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Personality
from accounts.models import Client, Contact
from complaints import clock
from complaints.choices import (
    ASKED,
    RUNNING,
    SETTLED,
    CaseChannel,
    CaseKind,
    CaseStatus,
    Satisfaction,
    Severity,
    Urgency,
    Window,
)
from crm.lib.masking import masked_phone
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.models import Unit, User

CLIENT_PATHS = Client.scope.via("client")


class CaseQuerySet(ScopedQuerySet):
    def running(self) -> Self:
        """Not solved yet: the clocks run."""
        return self.filter(status__in=RUNNING)

    def overdue(self, now: datetime) -> Self:
        return self.filter(clock.overdue(now))

    def with_clock(self, now: datetime) -> Self:
        """Annotates `is_overdue`; see also `overdue`."""
        late = ExpressionWrapper(clock.overdue(now), output_field=BooleanField())
        return self.annotate(is_overdue=late)

    def of_person(self, user: User) -> Self:
        """What somebody has to do: cases handed to them and first replies they still owe (ORG-16)."""
        owed = Q(first_responder=user, first_replied_at=None)
        return self.running().filter(Q(assignee=user) | owed)

    def asked(self) -> Self:
        """Closed ones whose client said how satisfied they are."""
        return self.filter(status=CaseStatus.CLOSED, satisfaction__in=ASKED)

    def with_people(self) -> Self:
        return self.select_related(
            "client", "contact", "first_responder", "assignee", "leader",
            "receiving_unit", "responsible_unit", "handed_unit",
        )  # fmt: skip


@pghistory.track(exclude=["updated_at"])
class Case(UUIDModel, ScopedModel):
    """One complaint, fault, enquiry or lead of a client.

    Seen by those who see the client, by who took it down, by whom it was handed to (a person, or
    everybody in a unit), by the leader who was called, and by those who answer for the units that
    took it down or are responsible. Whoever took it down owes the first reply until it is given.
    """

    scope: ClassVar = ScopePaths(
        people=(*CLIENT_PATHS.people, "first_responder", "assignee", "leader"),
        unit=CLIENT_PATHS.unit,
        for_deputies=True,
        other_units=("receiving_unit", "responsible_unit"),
        team="handed_unit",
    )

    number = models.CharField(_("number"), max_length=16, unique=True, editable=False)
    client = models.ForeignKey(
        Client, on_delete=models.PROTECT, related_name="cases", verbose_name=_("client")
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.PROTECT,
        related_name="cases",
        null=True,
        blank=True,
        verbose_name=_("contact"),
    )
    # Somebody who is not in the archive, or whom the person who takes it down may not see.
    caller_name = models.CharField(_("caller"), max_length=64, blank=True)
    caller_number = models.CharField(_("number to call back"), max_length=30, blank=True)

    window = models.CharField(_("window"), max_length=8, choices=Window.choices)
    receiving_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="cases_received",
        verbose_name=_("received by"),
    )  # fmt: skip
    responsible_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="cases_answered_for",
        verbose_name=_("responsible unit"),
    )  # fmt: skip
    # Set while everybody in this unit may take the case on.
    handed_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="cases_handed", null=True, blank=True,
        verbose_name=_("handed to the unit"),
    )  # fmt: skip
    first_responder = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="cases_taken_down",
        verbose_name=_("first responder"),
    )  # fmt: skip
    assignee = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="cases", null=True, blank=True,
        verbose_name=_("handled by"),
    )  # fmt: skip
    leader = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="cases_called_to", null=True, blank=True,
        verbose_name=_("leader called"),
    )  # fmt: skip

    kind = models.CharField(_("kind"), max_length=10, choices=CaseKind.choices)
    channel = models.CharField(
        _("how it came"), max_length=14, choices=CaseChannel.choices, default=CaseChannel.PHONE
    )
    said = models.TextField(_("what was said"), max_length=8000)
    wanted = models.TextField(_("what is wanted"), max_length=4000, blank=True)
    severity = models.CharField(
        _("severity"), max_length=8, choices=Severity.choices, default=Severity.MINOR
    )
    urgency = models.CharField(
        _("urgency"), max_length=8, choices=Urgency.choices, default=Urgency.NORMAL
    )
    personality = models.CharField(
        _("personality of the caller"), max_length=12, choices=Personality.choices, blank=True,
        default="",
    )  # fmt: skip

    status = models.CharField(
        _("state"), max_length=10, choices=CaseStatus.choices, default=CaseStatus.OPEN
    )
    first_contact_at = models.DateTimeField(_("first contact"))
    first_reply_due_at = models.DateTimeField(_("first reply due"))
    first_replied_at = models.DateTimeField(_("first reply"), null=True, blank=True)
    resolution_due_at = models.DateTimeField(_("solution due"))
    # The one of the two that runs now: what the queue is sorted and judged by.
    due_at = models.DateTimeField(_("due"))
    resolved_at = models.DateTimeField(_("solved at"), null=True, blank=True)
    result = models.TextField(_("result"), max_length=4000, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    satisfaction = models.CharField(
        _("satisfaction"), max_length=12, choices=Satisfaction.choices, blank=True, default=""
    )
    summary = models.TextField(pgettext_lazy("of a case", "summary"), max_length=4000, blank=True)
    is_lesson = models.BooleanField(_("training material"), default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints = [
            models.CheckConstraint(
                condition=~Q(said=""), name="%(app_label)s_%(class)s_says_something"
            ),
            models.CheckConstraint(
                condition=Q(contact__isnull=False) | ~Q(caller_name=""),
                name="%(app_label)s_%(class)s_somebody_called",
            ),
            models.CheckConstraint(
                condition=(Q(status=CaseStatus.OPEN) & Q(first_replied_at=None))
                | (~Q(status=CaseStatus.OPEN) & Q(first_replied_at__isnull=False)),
                name="%(app_label)s_%(class)s_replied_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=SETTLED) | (Q(resolved_at__isnull=False) & ~Q(result="")),
                name="%(app_label)s_%(class)s_solved_has_result",
            ),
            models.CheckConstraint(
                condition=(
                    Q(status=CaseStatus.CLOSED, closed_at__isnull=False)
                    & ~Q(satisfaction="")
                    & ~Q(summary="")
                )
                | (
                    ~Q(status=CaseStatus.CLOSED)
                    & Q(closed_at=None, satisfaction="", is_lesson=False)
                ),
                name="%(app_label)s_%(class)s_closed_whole",
            ),
            models.CheckConstraint(
                # Never from a transfer, and never before anybody called (ORG-17).
                condition=Q(first_reply_due_at__gt=F("first_contact_at"))
                & Q(resolution_due_at__gt=F("first_contact_at")),
                name="%(app_label)s_%(class)s_due_after_contact",
            ),
        ]
        indexes = [
            models.Index(fields=["first_contact_at", "id"], name="complaints_case_by_contact"),
            models.Index(fields=["due_at", "id"], name="complaints_case_by_due"),
            models.Index(fields=["client", "-first_contact_at"], name="complaints_case_of_client"),
            models.Index(
                fields=["assignee", "due_at"],
                condition=Q(status__in=RUNNING),
                name="complaints_case_running",
            ),
            models.Index(
                fields=["closed_at", "id"],
                condition=Q(is_lesson=True),
                name="complaints_case_lessons",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("complaints:case_detail", args=[self.pk])

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING

    @property
    def is_settled(self) -> bool:
        return self.status in SETTLED

    @property
    def owes_first_reply(self) -> bool:
        return self.first_replied_at is None

    @property
    def caller(self) -> str:
        """Who reported it, as far as known."""
        return self.contact.name if self.contact else self.caller_name

    @property
    def caller_phone(self) -> str:
        """The number to call back, in full: for those with the right only."""
        if self.caller_number or not self.contact:
            return self.caller_number
        return self.contact.mobile or self.contact.phone

    def may_be_called_by(self, user: User) -> bool:
        """Whoever has the right, wrote the number down or handles the case: they have to reply."""
        is_theirs = user.pk in (self.first_responder_id, self.assignee_id)
        return is_theirs or user.has_perm("complaints.call_back")

    @property
    def masked_caller_phone(self) -> str:
        return masked_phone(self.caller_phone)
