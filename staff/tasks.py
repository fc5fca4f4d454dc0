"""Celery entry points: ids in, one service call."""

import logging

from celery import shared_task

log = logging.getLogger(__name__)


@shared_task
def run_export_task(export_id: str) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from crm.lib.exceptions import DomainError  # noqa: PLC0415 -- task leaf
    from staff.models import Export  # noqa: PLC0415 -- task leaf
    from staff.services import exports, work  # noqa: PLC0415 -- task leaf

    export = Export.objects.select_related("owner").get(pk=export_id)
    try:
        exports.run_export(export, now=timezone.now())
    except DomainError as refusal:  # said in the owner's language, for them
        work.fail_export(export=export, problem=refusal.message, now=timezone.now(), by=None)
    except Exception:
        log.exception("export %s failed", export_id)
        work.fail_export(export=export, problem="", now=timezone.now(), by=None)


@shared_task
def remind_overdue_loans_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from staff.services import loans  # noqa: PLC0415 -- task leaf

    loans.remind_of_overdue_loans(today=timezone.localdate(), by=None)


@shared_task
def expire_exports_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from staff.services import exports  # noqa: PLC0415 -- task leaf

    exports.expire_exports(now=timezone.now(), by=None)
