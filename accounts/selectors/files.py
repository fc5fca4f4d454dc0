"""Files of clients on pages, in the timeline and in the dossier."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db.models import OuterRef
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.choices import FILING, FileKind
from accounts.models import Client, ClientFile, Contact, FileLook
from accounts.page_parts import Entry, HeadRow, Moment, TimelineQuery
from accounts.selectors.dossier import DossierContext, Part
from crm.lib.columns import CappedCount
from crm.lib.documents.content import Block, Column, Grid
from staff.models import User

SHOWN = 12
LOOKS_SHOWN = 10
PRINTED = 100


@dataclass(frozen=True)
class FileGroup:
    """Files of one kind; photos are looked at, papers are read through as a list."""

    kind: FileKind
    files: Sequence[ClientFile]

    @property
    def label(self) -> str:
        return str(self.kind.label)

    @property
    def is_grid(self) -> bool:
        return self.kind == FileKind.PHOTO


def grouped(files: Iterable[ClientFile]) -> list[FileGroup]:
    """Files in the order of filing, by kind."""
    return [
        FileGroup(FileKind(kind), list(of_kind))
        for kind, of_kind in groupby(files, key=lambda file: file.kind)
    ]


def files_of_contact(contact: Contact, user: User) -> list[ClientFile]:
    return _newest(ClientFile.objects.visible_to(user).filter(contact=contact))


def files_at(place: str, record: UUID, user: User) -> list[ClientFile]:
    """What belongs to a record, maybe of an app above (`accounts.file_places`)."""
    return _newest(ClientFile.objects.visible_to(user).filter(place=place, record=record))


def _newest(rows: Any) -> list[ClientFile]:
    return list(rows.kept().with_people().order_by("-created_at", "-pk")[:SHOWN])


def latest_looks(file: ClientFile, user: User) -> list[FileLook]:
    looks = FileLook.objects.visible_to(user).filter(file=file)
    return list(looks.select_related("looked_by").order_by("-looked_at", "-pk")[:LOOKS_SHOWN])


# On the client's page ---------------------------------------------------------------------------


def columns(user: User, now: datetime) -> dict[str, Any]:
    files = ClientFile.objects.visible_to(user).kept().filter(client=OuterRef("pk"))
    return {"accounts_files": CappedCount(files)}


def badges(row: HeadRow) -> Mapping[str, int]:
    return {"files": row.columns["accounts_files"]}


def file_entries(query: TimelineQuery) -> Iterable[Entry]:
    rows = ClientFile.objects.visible_to(query.user).kept().filter(client=query.client)
    rows = query.newest(rows, "file", at="created_at", person="uploaded_by")
    for row in rows.select_related("uploaded_by"):
        yield Entry(
            Moment(row.created_at, "file", row.pk),
            "file",
            row.title,
            row.get_absolute_url(),
            "",
            row.uploaded_by.full_name,
            "photo" if row.is_picture else "file-text",
            "neutral",
            [row.get_kind_display()],
        )


# In the dossier ---------------------------------------------------------------------------------


def dossier_section(part: Part) -> Callable[[DossierContext], list[Block] | None]:
    """The files of one part: archive, proposals or agreements, in the order of filing (ARC-18)."""
    kinds = [kind for kind, place in FILING.items() if place // 10 == part]

    def build(context: DossierContext) -> list[Block] | None:
        rows = _printed(context.client, context.user, kinds)
        return [_grid(rows)] if rows else None

    return build


def _printed(client: Client, user: User, kinds: Sequence[str]) -> list[ClientFile]:
    files = ClientFile.objects.visible_to(user).kept().filter(client=client, kind__in=kinds)
    return list(files.with_people().order_by("filing", "pk")[:PRINTED])


def _grid(files: Sequence[ClientFile]) -> Grid:
    return Grid(
        [
            Column(_("Kind")),
            Column(pgettext("of a text", "Title")),
            Column(_("Of the day")),
            Column(pgettext("of a file", "Size")),
            Column(_("Added")),
        ],
        [
            [
                file.get_kind_display(),
                file.title,
                f"{file.taken_on:%Y-%m-%d}" if file.taken_on else "",
                filesizeformat(file.size),
                f"{timezone.localtime(file.created_at):%Y-%m-%d} {file.uploaded_by.full_name}",
            ]
            for file in files
        ],
    )
