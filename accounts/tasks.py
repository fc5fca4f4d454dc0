"""Celery entry points of this app."""

from celery import shared_task


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
def refresh_birthdays_task() -> None:
    from django.utils import timezone  # noqa: PLC0415 -- task leaf

    from accounts.services.contacts import refresh_birthdays  # noqa: PLC0415 -- task leaf

    refresh_birthdays(today=timezone.localdate(), by=None)
