"""Files that programs drop into a folder: taken, handed in, answered, put away (ADR 0018)."""

import hashlib
import json
import logging
import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from io import BufferedReader
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from analytics.choices import LOADING_IMPORT_STATES, ImportKind, ImportState
from analytics.importing.drop_files import (
    DONE,
    FAILED,
    SIDECAR_BYTES,
    Delivery,
    DropFolder,
    NotAFile,
    Waiting,
    delivery_number,
    readable,
)
from analytics.importing.problems import FILE_PROBLEMS
from analytics.models import BillingImport, DroppedFile, MemberBill, ProductBill
from analytics.models.billing import BillingImportQuerySet
from analytics.services import locks
from analytics.services.imports import hand_in_file
from crm.lib.exceptions import DomainError
from crm.lib.filters import month_from
from crm.lib.services import service
from staff.models import User

log = logging.getLogger(__name__)
SEEN = "drop-folder"
SEEN_SECONDS = 24 * 3600
QUIET = timedelta(seconds=30)
RIGHT = "analytics.import_bills"


@dataclass(frozen=True)
class Order:
    """What a file is, by its sidecar, its sub-folder or its name."""

    kind: str
    period: date | None = None
    complete: bool = False
    create_clients: bool = False


class DropRefused(DomainError):
    """The file cannot be handed in as it was dropped; its status says why."""


def look_into_drop_folder(*, now: datetime) -> None:
    """Take what has come to rest, and bring the statuses of what was taken up to date.

    One look at a time; a second one leaves at once. A file that makes trouble is reported in the
    log and in its status, and does not stop the others.
    """
    if not settings.IMPORT_DROP_FOLDER:
        return
    person = _drop_user()
    with locks.alone(locks.DROP_FOLDER) as is_alone:
        if person is None or not is_alone:
            return
        with translation.override(person.language or settings.LANGUAGE_CODE):
            try:
                _look(person, now)
            except OSError:
                log.exception("the drop folder cannot be read")


def _look(person: User, now: datetime) -> None:
    with DropFolder(Path(settings.IMPORT_DROP_FOLDER)) as folder:
        for file in _settled(folder.waiting(), now):
            _take(folder, file, now)
        for number in folder.numbers():
            _deal_with(folder, number, person, now)


def _drop_user() -> User | None:
    person = User.objects.filter(username=settings.IMPORT_DROP_USER, is_active=True).first()
    if person is not None and person.has_perm(RIGHT):
        return person
    log.error("IMPORT_DROP_USER %r may not import; nothing is taken", settings.IMPORT_DROP_USER)
    return None


def _settled(waiting: list[Waiting], now: datetime) -> list[Waiting]:
    """Marked as ready, or unchanged since the last look and for QUIET.

    By our own clock: the sender's, which many clients give to their files, may be wrong.
    """
    before = cache.get(SEEN) or {}
    seen = {}
    for file in waiting:
        signature, since = before.get((file.folder, file.name), ("", now))
        seen[(file.folder, file.name)] = (
            file.signature,
            since if signature == file.signature else now,
        )
    cache.set(SEEN, seen, SEEN_SECONDS)
    return [
        file
        for file in waiting
        if file.is_ready or now - seen[(file.folder, file.name)][1] >= QUIET
    ]


def _take(folder: DropFolder, file: Waiting, now: datetime) -> None:
    try:
        folder.take(file, delivery_number(f"{now:%Y%m%d-%H%M%S}"))
    except OSError:
        log.exception("%s cannot be taken from the drop folder", readable(file.name))


def _deal_with(folder: DropFolder, number: str, person: User, now: datetime) -> None:
    """One step with one delivery. Safe again at any time: also after a kill."""
    delivery = folder.delivery(number)
    if delivery is None:
        try:
            folder.remove_empty(number)
        except OSError:
            log.exception("delivery %s holds no file", number)
        return
    try:
        _hand_in_or_follow(folder, delivery, person, now)
    except DropRefused as refusal:
        _refuse(folder, delivery, refusal, now)
    except Exception:
        # Mostly a full disk. The file stays where it is, and the next look tries again.
        log.exception("delivery %s could not be handed in", number)
        _say_waiting(folder, delivery, now)


def _hand_in_or_follow(folder: DropFolder, delivery: Delivery, person: User, now: datetime) -> None:
    dropped = DroppedFile.objects.filter(delivery=delivery.number).first()
    if dropped is None:
        folder.fetch_sidecar(delivery)
        order = _order(delivery, _sidecar(folder, delivery))
        try:
            with folder.data(delivery) as file:
                dropped = hand_in_delivery(delivery=delivery, file=file, order=order, by=person)
        except (PermissionError, NotAFile) as error:
            raise DropRefused(_("The file cannot be read."), code="unreadable") from error
    billing_import = dropped.billing_import
    folder.answer(delivery, _status(dropped, delivery, now))
    if billing_import.is_finished:
        folder.put_away(delivery, DONE if billing_import.state == ImportState.LOADED else FAILED)


@service
def hand_in_delivery(
    *, delivery: Delivery, file: BufferedReader, order: Order, by: User
) -> DroppedFile:
    """The import of a file taken; content that is loaded already is not run again."""
    size = os.fstat(file.fileno()).st_size
    earlier = _same_content(file, order, by)
    file.seek(0)
    billing_import = earlier or hand_in_file(
        file=file,
        file_name=readable(delivery.name),
        size=size,
        kind=order.kind,
        period=order.period,
        creates_clients=order.create_clients,
        completes_period=order.complete,
        holds_thin_month=True,
        by=by,
    )
    return DroppedFile.objects.create(
        delivery=delivery.number, billing_import=billing_import, is_repeat=earlier is not None
    )


def _same_content(file: BufferedReader, order: Order, by: User) -> BillingImport | None:
    """An import of the same bytes for the same purpose that is on its way or still in force."""
    mine = BillingImport.objects.visible_to(by).filter(
        kind=order.kind, state__in=[*LOADING_IMPORT_STATES, ImportState.LOADED]
    )
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    same = mine.filter(sha256=sha256, period=order.period).order_by("-number").first()
    if same is None or (order.complete and not same.completes_period):
        return None
    if order.create_clients and not same.creates_clients:
        return None
    return same if _is_in_force(same, mine) else None


def _is_in_force(billing_import: BillingImport, of_its_kind: BillingImportQuerySet) -> bool:
    """False when what it loaded was replaced since: then the same content is meant again."""
    if not billing_import.is_finished:
        return True
    number, kind = billing_import.number, billing_import.kind
    if kind == ImportKind.MEMBER_BILL:
        rows = MemberBill.objects.filter(period__in=billing_import.periods)
        return rows.filter(import_number=number).exists()
    if kind == ImportKind.PRODUCT_BILL:
        return ProductBill.objects.filter(import_number=number).exists()
    if kind in (ImportKind.PAYMENTS, ImportKind.HANDLINGS):
        return True  # they only ever add
    return not of_its_kind.filter(number__gt=number).exists()


# What the file is -----------------------------------------------------------------------------


def _sidecar(folder: DropFolder, delivery: Delivery) -> dict[str, Any]:
    try:
        raw = folder.sidecar(delivery)
        told = json.loads(raw) if raw else {}
    except (OSError, ValueError, RecursionError) as error:
        raise _bad_sidecar() from error
    if not isinstance(told, dict) or len(raw) > SIDECAR_BYTES:
        raise _bad_sidecar()
    return told


def _order(delivery: Delivery, told: dict[str, Any]) -> Order:
    """The sidecar before the sub-folder before the name."""
    kind = told.get("kind", delivery.folder or _kind_by_name(delivery.name))
    period, complete, create = (
        told.get("period"),
        told.get("complete", False),
        told.get("create_clients", False),
    )
    is_known = set(told) <= {"kind", "period", "complete", "create_clients"}
    if not is_known or not isinstance(complete, bool) or not isinstance(create, bool):
        raise _bad_sidecar()
    if kind not in ImportKind.values:
        raise DropRefused(
            _("What is in the file? Drop it into a sub-folder named after its kind: %(kinds)s.")
            % {"kinds": " ".join(ImportKind.values)},
            code="unknown_kind",
        )
    try:
        month = month_from(period) if period is not None else None
    except (ValidationError, TypeError) as error:
        raise _bad_sidecar() from error
    return Order(kind, month, complete, create)


def _kind_by_name(name: str) -> str:
    """member_bill-2026-06.csv: the kind, then something that is no letter."""
    for kind in sorted(ImportKind.values, key=len, reverse=True):
        rest = name.lower().removeprefix(kind)
        if rest != name.lower() and not rest[:1].isalnum():
            return kind
    return ""


def _bad_sidecar() -> DropRefused:
    return DropRefused(
        _(
            "The file beside it, ending in .json, must be an object with no more than kind, period "
            "(YYYY-MM), complete and create_clients (true or false)."
        ),
        code="bad_sidecar",
    )


# Answers --------------------------------------------------------------------------------------


def _status(dropped: DroppedFile, delivery: Delivery, now: datetime) -> dict[str, Any]:
    billing_import = dropped.billing_import
    status: dict[str, Any] = {
        "file": readable(delivery.name),
        "delivery": delivery.number,
        "state": billing_import.state,
        "import": str(billing_import.pk),
        "number": billing_import.number,
        "kind": billing_import.kind,
        "sha256": billing_import.sha256,
        "status_url": _url("api:billing-import-detail", billing_import),
        "same_as_earlier": dropped.is_repeat,
        "updated_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
    }
    if dropped.is_repeat:
        status["message"] = _("The same content was handed in before; it was not run again.")
    if billing_import.is_finished:
        status |= {
            "periods": [f"{month:%Y-%m}" for month in billing_import.periods],
            "rows": billing_import.rows,
            "loaded": billing_import.loaded,
            "quarantined": billing_import.quarantined,
            "warnings": billing_import.warnings,
            "quarantine_url": _url("api:billing-import-quarantine", billing_import)
            if billing_import.quarantine_file
            else None,
        }
    if billing_import.error_code:
        sentence = str(FILE_PROBLEMS.get(billing_import.error_code, billing_import.error_code))
        status["error"] = {
            "code": billing_import.error_code,
            "detail": sentence % billing_import.error_params,
        }
    return status


def _url(name: str, billing_import: BillingImport) -> str:
    return settings.SITE_URL + reverse(name, args=[billing_import.pk])


def _refuse(folder: DropFolder, delivery: Delivery, refusal: DropRefused, now: datetime) -> None:
    log.warning("delivery %s refused: %s", delivery.number, refusal.code)
    try:
        folder.answer(
            delivery,
            {
                "file": readable(delivery.name),
                "delivery": delivery.number,
                "state": "refused",
                "error": {"code": refusal.code, "detail": refusal.message},
                "updated_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            },
        )
        folder.put_away(delivery, FAILED)
    except OSError:
        log.exception("delivery %s could not be put away", delivery.number)


def _say_waiting(folder: DropFolder, delivery: Delivery, now: datetime) -> None:
    try:
        folder.answer(
            delivery,
            {
                "file": readable(delivery.name),
                "delivery": delivery.number,
                "state": "waiting",
                "error": {
                    "code": "server_problem",
                    "detail": _("Something went wrong on the server. It is tried again."),
                },
                "updated_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            },
        )
    except OSError:
        log.exception("delivery %s could not be answered", delivery.number)
