"""Celery entry points: ids in, one service call."""

import os
from typing import Any
from uuid import UUID

from celery import shared_task
from celery.signals import celeryd_after_setup, worker_ready

BILLING_QUEUE = "billing"
IMPORTS_GIVE_WAY = 10  # how nice they are; 0 is ordinary, 19 the nicest


def give_way() -> None:
    """Let the processes that answer people go first; this one has a file of millions of rows."""
    os.setpriority(os.PRIO_PROCESS, 0, max(IMPORTS_GIVE_WAY, os.getpriority(os.PRIO_PROCESS, 0)))


@shared_task
def run_import_task(import_id: str) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from analytics.models import BillingImport  # noqa: PLC0415 -- task leaf
    from analytics.services import imports  # noqa: PLC0415 -- task leaf

    give_way()
    imports.run_import(BillingImport.objects.get(pk=UUID(import_id)), now=timezone.now())


@shared_task
def check_import_task(import_id: str) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from analytics.models import BillingImport  # noqa: PLC0415 -- task leaf
    from analytics.services import drafts  # noqa: PLC0415 -- task leaf

    drafts.run_check(BillingImport.objects.get(pk=UUID(import_id)), now=timezone.now())


@shared_task
def undo_import_task(import_id: str) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from analytics.models import BillingImport  # noqa: PLC0415 -- task leaf
    from analytics.services import undo  # noqa: PLC0415 -- task leaf

    undo.run_undo(BillingImport.objects.get(pk=UUID(import_id)), now=timezone.now())


@shared_task
def complete_period_task(month: str) -> None:
    from datetime import date  # noqa: PLC0415 -- task leaf

    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from analytics.services import periods  # noqa: PLC0415 -- task leaf

    periods.complete_period(month=date.fromisoformat(month), now=timezone.now(), by=None)


@shared_task
def recompute_merged_task(months: list[str], rebuilds: bool) -> None:
    from datetime import date  # noqa: PLC0415 -- task leaf

    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from analytics.services import merging  # noqa: PLC0415 -- task leaf

    days = [date.fromisoformat(month) for month in months]
    merging.recompute_merged(months=days, rebuilds=rebuilds, now=timezone.now(), by=None)


@shared_task
def resume_imports_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from analytics.services import resuming  # noqa: PLC0415 -- task leaf

    resuming.resume_imports(now=timezone.now())


@shared_task
def look_into_drop_folder_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from analytics.services import drop_folder  # noqa: PLC0415 -- task leaf

    drop_folder.look_into_drop_folder(now=timezone.now())


@shared_task
def remove_expired_uploads_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from analytics.services import uploads  # noqa: PLC0415 -- task leaf

    uploads.remove_expired(now=timezone.now(), by=None)


@shared_task
def monthly_run_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from analytics.services import monthly  # noqa: PLC0415 -- task leaf

    monthly.run_month(now=timezone.now(), by=None)


@shared_task
def housekeeping_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from analytics.services import housekeeping  # noqa: PLC0415 -- task leaf

    housekeeping.keep_house(now=timezone.now(), by=None)


@shared_task
def refresh_tier_terms_task(year: int | None = None) -> None:
    """Without a year: the one that is running."""
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from analytics.services import tier_terms  # noqa: PLC0415 -- task leaf

    give_way()
    tier_terms.refresh_tier_terms(year=year or timezone.localdate().year, by=None)


@celeryd_after_setup.connect
def make_ready_for_bills(instance: Any, **_: object) -> None:
    """Before the children are made, so that they have it in common."""
    from analytics.services import imports  # noqa: PLC0415 -- task leaf

    if BILLING_QUEUE in instance.app.amqp.queues.consume_from:
        imports.warm_up()


@worker_ready.connect
def take_up_left_imports(**_: object) -> None:
    """A worker that starts looks for work that a killed one left."""
    resume_imports_task.delay()


@shared_task
def suggest_classes_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from analytics.services.class_suggestions import suggest_classes  # noqa: PLC0415 -- task leaf

    suggest_classes(now=timezone.now(), by=None)


@shared_task
def remind_of_values_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from analytics.services.assessments import remind_of_values  # noqa: PLC0415 -- task leaf

    remind_of_values(now=timezone.now(), by=None)


@shared_task
def refresh_values_due_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from analytics.services.assessments import refresh_due  # noqa: PLC0415 -- task leaf

    refresh_due(now=timezone.now(), by=None)


@shared_task
def watch_communication_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from analytics.services.communication import watch_communication  # noqa: PLC0415 -- task leaf

    watch_communication(now=timezone.now(), by=None)
