"""Jobs about clients."""

from celery import shared_task


@shared_task
def refresh_completeness_task() -> int:
    """How many clients' stored completeness was not right."""
    from accounts.services.completeness import refresh_completeness  # noqa: PLC0415 -- task leaf

    return refresh_completeness(by=None)
