"""Celery entry points."""

from celery import shared_task


@shared_task
def tell_overdue_cases_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from complaints.services.reminders import tell_overdue_cases  # noqa: PLC0415 -- task leaf

    tell_overdue_cases(now=timezone.now(), by=None)
