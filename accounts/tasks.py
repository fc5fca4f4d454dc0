"""Celery entry points of this app."""

import logging

from celery import shared_task

log = logging.getLogger(__name__)


@shared_task
def refresh_completeness_task() -> int:
    """How many clients' stored completeness was not right."""
    from accounts.services.completeness import refresh_completeness  # noqa: PLC0415 -- task leaf

    return refresh_completeness(by=None)


@shared_task
def ask_for_tier_review_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from accounts.services import tiers  # noqa: PLC0415 -- task leaf

    today = timezone.localdate()
    tiers.ask_for_review(year=today.year - 1, today=today, by=None)


@shared_task
def run_bulk_change_task(change_id: str) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from accounts.models import BulkChange  # noqa: PLC0415 -- task leaf
    from accounts.services.bulk_changes import run_bulk_change  # noqa: PLC0415 -- task leaf

    change = BulkChange.objects.select_related("made_by").get(pk=change_id)
    run_bulk_change(change=change, now=timezone.now(), by=change.made_by)


@shared_task
def refresh_birthdays_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from accounts.services.contacts import refresh_birthdays  # noqa: PLC0415 -- task leaf

    refresh_birthdays(today=timezone.localdate(), by=None)


@shared_task
def prepare_file_task(pk: str) -> None:
    """Scan a file and make its picture anew; when that cannot be now, it is tried again later."""
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from accounts.exceptions import FileStorageFailed  # noqa: PLC0415 -- task leaf
    from accounts.models import ClientFile  # noqa: PLC0415 -- task leaf
    from accounts.services.file_jobs import prepare_file  # noqa: PLC0415 -- task leaf
    from crm.lib.clamd import ScannerUnavailable  # noqa: PLC0415 -- task leaf

    file = ClientFile.objects.filter(pk=pk).first()
    if file is None:
        return
    try:
        prepare_file(file=file, now=timezone.now(), by=None)
    except (ScannerUnavailable, FileStorageFailed) as error:
        log.warning("file %s has to wait: %s", pk, error)


@shared_task
def prepare_waiting_files_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from accounts.services.file_jobs import prepare_waiting  # noqa: PLC0415 -- task leaf

    prepare_waiting(now=timezone.now())


@shared_task
def tidy_files_task() -> None:
    """Delete for good what was removed long ago, and bytes that nothing names."""
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from accounts.services import file_jobs  # noqa: PLC0415 -- task leaf

    now = timezone.now()
    while file_jobs.purge_files(now=now, by=None):
        pass
    file_jobs.sweep_orphans(now=now)


def watch_reports_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from accounts.services.reports import watch_reports  # noqa: PLC0415 -- task leaf

    watch_reports(now=timezone.now(), by=None)


@shared_task
def open_market_months_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from accounts.services.reports import open_market_months  # noqa: PLC0415 -- task leaf

    open_market_months(now=timezone.now(), by=None)


@shared_task
def find_pairs_task() -> int:
    """How many suspected pairs of clients and of contacts are new (ARC-20)."""
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from accounts.services.pair_search import find_pairs  # noqa: PLC0415 -- task leaf

    return find_pairs(now=timezone.now(), today=timezone.localdate(), by=None)
