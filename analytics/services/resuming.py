"""Imports and months whose worker died, or whose message the broker lost, are queued again."""

from datetime import datetime, timedelta

from django.db import transaction

from analytics.choices import ImportState
from analytics.models import BillingImport, BillingPeriod
from analytics.services import locks
from analytics.tasks import complete_period_task, run_import_task

# A message normally arrives within moments; later than this it was lost.
QUEUE_PATIENCE = timedelta(minutes=2)


def resume_imports(*, now: datetime) -> list[BillingImport]:
    """Queue what nobody is working on. Queuing one too often is harmless: runs are idempotent."""
    left = []
    for billing_import in BillingImport.objects.unfinished().order_by("number"):
        if billing_import.state == ImportState.QUEUED:
            is_left = billing_import.created_at < now - QUEUE_PATIENCE
        else:
            is_left = _nobody_runs(billing_import)
        if is_left:
            run_import_task.delay(str(billing_import.pk))
            left.append(billing_import)
    for period in BillingPeriod.objects.complete().filter(computed_at=None):
        complete_period_task.delay(f"{period.month:%Y-%m-%d}")
    return left


def _nobody_runs(billing_import: BillingImport) -> bool:
    """Whoever runs an import holds its lock; the lock dies with the process."""
    with transaction.atomic():
        return locks.try_import(billing_import.number)
