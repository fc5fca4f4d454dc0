"""Documents that apps can write: which there are, who may order one, and the order.

An app registers its kinds in `ready()`; the file is written by the job that writes exports.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.db.models import Model
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from crm.lib.documents.content import Document
from crm.lib.exceptions import DomainError
from crm.lib.services import service
from staff.choices import DOCUMENT_FORMATS, ExportFormat
from staff.models import Export, User
from staff.tasks import run_export_task


class DocumentRefused(DomainError):
    code = "document_refused"


@dataclass(frozen=True)
class Order:
    """What a builder gets: the record, for whom, how, and the person's own time."""

    subject: Any
    by: User
    options: Mapping[str, str]
    now: datetime


@dataclass(frozen=True)
class DocumentKind:
    """`find` gives the record while the person still sees it, else None; `build` the content.

    `personal` names the personal data in it, with labels, `people` counts how many people's it
    would be: above a limit a second person is asked (P34). None: not thought of, which a test
    refuses.
    """

    title: str | Promise
    right: str
    find: Callable[[User, str], Model | None]
    build: Callable[[Order], Document]
    personal: Mapping[str, str | Promise] | None = None
    people: Callable[[Order], int] = lambda order: 0


KINDS: dict[str, DocumentKind] = {}


def register(name: str, kind: DocumentKind) -> None:
    KINDS[name] = kind


def title_of(export: Export) -> str:
    kind = KINDS.get(export.document)
    return f"{kind.title if kind else export.document}: {export.label}"


def right_of(export: Export) -> str:
    kind = KINDS.get(export.document)
    return kind.right if kind else ""


def subject_of(export: Export, user: User) -> Model | None:
    """The record while the person may still take it out."""
    kind = KINDS.get(export.document)
    if kind is None or not user.has_perm(kind.right):
        return None
    return kind.find(user, export.subject)


def personal_labels(export: Export) -> Mapping[str, str | Promise]:
    """Names and labels of the personal data in that document."""
    kind = KINDS.get(export.document)
    return (kind.personal if kind else None) or {}


def people_in(export: Export, *, now: datetime) -> int:
    """How many people's data the document holds; DocumentRefused as in `content_of`."""
    order = _order_of(export, now)
    return KINDS[export.document].people(order)


@service
def order_document(
    *,
    document: str,
    subject: Model,
    label: str,
    file_format: str,
    reason: str,
    options: Mapping[str, object],
    by: User,
) -> Export:
    """Queue the file; who wanted it and why is kept (SEC-05, SEC-08)."""
    if not reason.strip():
        raise DocumentRefused(_("Say what you need the document for."))
    if ExportFormat(file_format) not in DOCUMENT_FORMATS:
        raise DocumentRefused(_("Documents come as PDF or Word file."))
    export = Export.objects.create(
        owner=by,
        document=document,
        subject=str(subject.pk),
        label=label[:200],
        query=urlencode(options),
        reason=reason,
        format=file_format,
        language=translation.get_language() or "en",
    )
    transaction.on_commit(lambda: run_export_task.delay(str(export.pk)))
    return export


def content_of(export: Export, *, now: datetime) -> Document:
    """What the file will say; DocumentRefused when the person may no longer see it."""
    return KINDS[export.document].build(_order_of(export, now))


def _order_of(export: Export, now: datetime) -> Order:
    subject = subject_of(export, export.owner)
    if subject is None:
        raise DocumentRefused(_("You may no longer take this out."))
    return Order(subject, export.owner, dict(parse_qsl(export.query)), now)
