"""What was taken out of the system: files of lists and documents, and who fetched them."""

from datetime import datetime
from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet, ScopePaths
from staff.choices import APPROVER_ROLES, ExportFormat, ExportState, Role
from staff.models.people import User

OVERSIGHT = ScopePaths(people=("owner",), unit="owner__unit")


class ExportQuerySet(ScopedQuerySet):
    def overseen_by(self, user: User) -> Self:
        """What the people of the person's unit and below took out: the log, not the files."""
        if not user.is_active:
            return self.none()
        scope = user.row_scope()
        return self if scope.everything else self.filter(OVERSIGHT.condition(scope))

    def in_log_of(self, user: User) -> Self:
        """Own ones, and for those who read the log those of their people."""
        if user.has_perm("accounts.view_disclosures"):
            return self.overseen_by(user)
        return self.visible_to(user)

    def waiting(self, now: datetime | Now) -> Self:
        """For a second person, and still in time."""
        return self.filter(state=ExportState.APPROVAL, expires_at__gt=now)

    def to_be_decided_by(self, user: User) -> Self:
        """Never one's own; those of another approver only from a unit above (P34)."""
        if not user.has_perm("staff.approve_export"):
            return self.none()
        rows = self.overseen_by(user).exclude(owner=user)
        if user.role == Role.PROVINCE:
            return rows
        return rows.exclude(owner__role__in=APPROVER_ROLES, owner__unit=user.unit_id)


@pghistory.track()
class Export(UUIDModel, ScopedModel):
    """A list or document written to a file by a job; the row is also the log of who took out what
    and why (SEC-05, SEC-08): it cannot be deleted, nor what was ordered be changed.

    A document names its kind (`staff.documents`) and the record it is about; `label` is what that
    was called when it was ordered. `columns` are those of the list that its owner had chosen, as
    an approval holds for what was asked. `personal` are names of columns with personal data in the
    file, `checksum` its SHA-256.
    """

    scope: ClassVar = ScopePaths(people=("owner",))

    owner = models.ForeignKey(User, on_delete=models.PROTECT, related_name="exports")
    list_name = models.CharField(_("list"), max_length=64, blank=True)
    query = models.TextField(_("filters"), blank=True)
    columns = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    document = models.SlugField(_("document"), max_length=40, blank=True)
    subject = models.CharField(max_length=36, blank=True)
    label = models.CharField(_("about"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=200)
    format = models.CharField(_("format"), max_length=4, choices=ExportFormat.choices)
    language = models.CharField(max_length=8, default="en")
    state = models.CharField(
        _("state"), max_length=8, choices=ExportState.choices, default=ExportState.QUEUED
    )
    expires_at = models.DateTimeField(_("to be decided until"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(_("note"), max_length=200, blank=True)
    file = models.FileField(upload_to="exports/%Y/%m", blank=True, max_length=255)
    checksum = models.CharField(_("checksum"), max_length=64, blank=True)
    # Asked for while it waits, written once it is done.
    rows = models.IntegerField(_("rows"), default=0)
    personal = ArrayField(models.CharField(max_length=64), default=list, blank=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        triggers = [
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="order_stays",
                fields=["owner", "list_name", "query", "columns", "document", "subject", "label",
                        "reason", "format", "created_at"],
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=(~Q(list_name="") & Q(document="", subject=""))
                | (Q(list_name="") & ~Q(document="") & ~Q(subject="")),
                name="%(app_label)s_%(class)s_list_or_document",
            ),
            models.CheckConstraint(
                condition=~Q(reason=""), name="%(app_label)s_%(class)s_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.APPROVAL) | Q(expires_at__isnull=False),
                name="%(app_label)s_%(class)s_waits_for_a_time",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None, decided_at=None)
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="%(app_label)s_%(class)s_decision_whole",
            ),
            models.CheckConstraint(
                # Said twice: a null would make the comparison unknown, which passes anyway.
                condition=Q(decided_by=None) | ~Q(decided_by=F("owner")),
                name="%(app_label)s_%(class)s_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExportState.REFUSED) | Q(decided_by__isnull=False),
                name="%(app_label)s_%(class)s_refused_by_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                condition=Q(state=ExportState.APPROVAL),
                name="staff_export_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.list_name or self.document} {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self) -> str:
        return reverse("staff:export_detail", args=[self.pk])

    @property
    def is_finished(self) -> bool:
        return self.state != ExportState.QUEUED

    @property
    def is_approved(self) -> bool:
        return self.decided_by_id is not None and self.state != ExportState.REFUSED

    def is_waiting(self, now: datetime) -> bool:
        """See also `waiting`."""
        return (
            self.state == ExportState.APPROVAL
            and self.expires_at is not None
            and self.expires_at > now
        )


class ExportDownload(UUIDModel, ScopedModel):
    """One fetching of an export's file (SEC-08)."""

    scope: ClassVar = Export.scope.via("export")

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="downloads")
    downloaded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    downloaded_at = models.DateTimeField(_("at"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        triggers = [
            # A trace that could be edited would be none (P34).
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.downloaded_by_id} {self.downloaded_at:%Y-%m-%d %H:%M}"
