"""Imports whose worker died, or whose message was lost with the broker, are queued again."""

from datetime import datetime, timedelta

from django.db import transaction

from analytics.choices import ImportState
from analytics.models import BillingImport
from analytics.services import locks
from analytics.tasks import run_import_task

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
    return left


def _nobody_runs(billing_import: BillingImport) -> bool:
    """Whoever runs an import holds its lock; the lock dies with the process."""
    with transaction.atomic():
        return locks.try_import(billing_import.number)
