"""Celery entry points."""

from celery import shared_task


@shared_task
def remind_overdue_records_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from visits.services import remind_of_overdue_records  # noqa: PLC0415 -- task leaf

    remind_of_overdue_records(today=timezone.localdate(), by=None)
