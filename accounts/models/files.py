"""Files of clients: papers and photos, and who took them out."""

from datetime import datetime, timedelta
from pathlib import PurePath
from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    FILING,
    PERSONAL_FILE_KINDS,
    FileKind,
    FileState,
    FileWay,
    ScanState,
)
from accounts.models.clients import Client, SearchedQuerySet
from accounts.models.contacts import Contact
from crm.lib.file_types import TYPES, FileType
from crm.lib.models import ScopedModel, UUIDModel
from crm.lib.scoping import ScopedQuerySet
from staff.models import User

# A job that was queued is given so long before somebody looks after it.
JOB_TIME = timedelta(minutes=2)


def _unprepared() -> Q:
    """Nobody has scanned them, though somebody could, or made the picture anew."""
    unscanned = Q(scan=ScanState.WAITING)
    if settings.CLAMAV_URL:
        unscanned |= Q(scan=ScanState.OFF)
    return Q(problem="", purged_at=None) & (unscanned | Q(prepared_at=None))


class ClientFileQuerySet(SearchedQuerySet):
    def kept(self) -> Self:
        """Without removed ones, which stay a while for an undo."""
        return self.filter(removed_at=None, purged_at=None)

    def waiting(self, now: datetime) -> Self:
        """What a job should have prepared by now (see also `state`)."""
        return self.filter(_unprepared(), created_at__lt=now - JOB_TIME)

    def expired(self, now: datetime) -> Self:
        """Removed, infected or broken for so long that the bytes go."""
        before = now - timedelta(days=settings.FILE_REMOVED_DAYS)
        useless = Q(scan=ScanState.INFECTED) | ~Q(problem="")
        return self.filter(
            Q(removed_at__lt=before) | useless & Q(settled_at__lt=before), purged_at=None
        )

    def with_people(self) -> Self:
        return self.select_related("client", "contact", "uploaded_by")


@pghistory.track(exclude=["updated_at", "search_text", "filing"])
class ClientFile(UUIDModel, ScopedModel):
    """A paper or photo of a client (ARC-18). The bytes lie in the storage `private`.

    `sha256` is of the bytes that came, so that the same file is known again; `size`, `width` and
    `height` are of those that are given out: a picture is made anew first (P33). `place` and
    `record` name a record, maybe of an app above, that the file belongs to (`accounts.file_places`).
    """

    scope: ClassVar = Client.scope.via("client")

    client = models.ForeignKey(
        Client, on_delete=models.CASCADE, related_name="files", verbose_name=_("client")
    )
    contact = models.ForeignKey(
        Contact,
        on_delete=models.SET_NULL,
        related_name="files",
        null=True,
        blank=True,
        verbose_name=_("contact"),
    )
    place = models.SlugField(_("belongs to"), max_length=20, blank=True, editable=False)
    record = models.UUIDField(null=True, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=FileKind.choices)
    title = models.CharField(_("title"), max_length=200)
    original_name = models.CharField(_("name of the file"), max_length=200, editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    size = models.IntegerField(_("size"), editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    width = models.IntegerField(null=True, editable=False)
    height = models.IntegerField(null=True, editable=False)
    taken_on = models.DateField(_("of the day"), null=True, blank=True)

    stored_name = models.CharField(max_length=40, editable=False)
    thumbnail_name = models.CharField(max_length=40, blank=True, editable=False)
    scan = models.CharField(
        _("scan"), max_length=8, choices=ScanState.choices, default=ScanState.OFF, editable=False
    )
    signature = models.CharField(max_length=200, blank=True, editable=False)
    problem = models.CharField(max_length=40, blank=True, editable=False)
    prepared_at = models.DateTimeField(null=True, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)  # found infected or broken
    removed_at = models.DateTimeField(null=True, blank=True, editable=False)
    purged_at = models.DateTimeField(null=True, blank=True, editable=False)

    uploaded_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="files", verbose_name=_("added by")
    )
    created_at = models.DateTimeField(_("added"), editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    search_text = models.CharField(max_length=600, editable=False)
    filing = models.GeneratedField(
        expression=Case(
            *(When(kind=kind, then=Value(place)) for kind, place in FILING.items()),
            default=Value(FILING[FileKind.OTHER]),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )

    objects = ClientFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""), name="%(app_label)s_%(class)s_title_not_empty"
            ),
            models.CheckConstraint(
                condition=Q(place="", record=None) | (~Q(place="") & Q(record__isnull=False)),
                name="%(app_label)s_%(class)s_both_place_and_record",
            ),
            models.CheckConstraint(
                condition=Q(width=None, height=None)
                | Q(width__isnull=False, height__isnull=False, width__gt=0, height__gt=0),
                name="%(app_label)s_%(class)s_both_sides",
            ),
            models.CheckConstraint(
                condition=~Q(scan=ScanState.INFECTED)
                | (~Q(signature="") & Q(settled_at__isnull=False)),
                name="%(app_label)s_%(class)s_infected_by_something",
            ),
            models.CheckConstraint(
                condition=(Q(purged_at=None) & ~Q(stored_name=""))
                | Q(purged_at__isnull=False, stored_name="", thumbnail_name=""),
                name="%(app_label)s_%(class)s_bytes_until_purged",
            ),
            models.UniqueConstraint(
                fields=["client", "sha256"],
                condition=Q(removed_at=None, purged_at=None),
                name="%(app_label)s_%(class)s_once",
            ),
        ]
        indexes = [
            models.Index(fields=["client", "filing", "id"], name="accounts_file_filed"),
            models.Index(fields=["client", "-created_at"], name="accounts_file_of_client"),
            models.Index(fields=["created_at", "id"], name="accounts_file_by_time"),
            models.Index(fields=["record"], condition=~Q(record=None), name="accounts_file_at"),
            models.Index(
                fields=["created_at"],
                condition=Q(scan=ScanState.WAITING) | Q(prepared_at=None),
                name="accounts_file_waiting",
            ),
            models.Index(
                fields=["removed_at"],
                condition=~Q(removed_at=None) & Q(purged_at=None),
                name="accounts_file_removed",
            ),
            models.Index(
                fields=["stored_name"], condition=~Q(stored_name=""), name="accounts_file_stored"
            ),
            models.Index(
                fields=["thumbnail_name"],
                condition=~Q(thumbnail_name=""),
                name="accounts_file_thumbnail",
            ),
            GinIndex(
                fields=["search_text"], opclasses=["gin_trgm_ops"], name="accounts_file_search"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("accounts:file_detail", args=[self.pk])

    @property
    def file_type(self) -> FileType:
        return TYPES[self.content_type]

    @property
    def is_picture(self) -> bool:
        return self.file_type.is_picture

    @property
    def is_personal(self) -> bool:
        """It says something about a person: taking it out is noted."""
        return self.kind in PERSONAL_FILE_KINDS or self.contact_id is not None

    @property
    def state(self) -> FileState:
        """See also `ClientFileQuerySet.waiting`."""
        if self.purged_at:
            return FileState.PURGED
        if self.scan == ScanState.INFECTED:
            return FileState.INFECTED
        if self.problem:
            return FileState.BROKEN
        if self.removed_at:
            return FileState.REMOVED
        is_scanned = self.scan == ScanState.CLEAN or (
            self.scan == ScanState.OFF and not settings.CLAMAV_URL
        )
        return FileState.READY if is_scanned and self.prepared_at else FileState.WAITING

    @property
    def is_ready(self) -> bool:
        return self.state == FileState.READY

    @property
    def is_shown(self) -> bool:
        """A picture that was made anew and may be looked at."""
        return self.is_ready and self.thumbnail_name != ""

    @property
    def has_preview(self) -> bool:
        """A small picture in lists; never of papers about people, which could be read there."""
        return self.is_shown and self.kind not in PERSONAL_FILE_KINDS

    @property
    def download_name(self) -> str:
        """The title, ending as files of this type do, whatever the name was that came."""
        suffix = PurePath(self.title.lower()).suffix
        if suffix in self.file_type.suffixes:
            return self.title
        return f"{self.title}{self.file_type.suffixes[0]}"


class FileLook(UUIDModel, ScopedModel):
    """A file about people was taken out: by whom, when and how (P34)."""

    scope: ClassVar = Client.scope.via("file__client")

    file = models.ForeignKey(
        ClientFile, on_delete=models.CASCADE, related_name="looks", verbose_name=_("file")
    )
    way = models.CharField(_("how"), max_length=8, choices=FileWay.choices)
    looked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="file_looks")
    looked_at = models.DateTimeField(_("at"))

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("look at a file")
        verbose_name_plural = _("looks at files")
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]
        indexes = [models.Index(fields=["looked_at", "id"], name="accounts_filelook_newest")]

    def __str__(self) -> str:
        return f"{self.way} {self.looked_at:%Y-%m-%d %H:%M}"
