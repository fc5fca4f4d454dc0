"""Imports and months whose worker died, or whose message the broker lost, are queued again."""

from datetime import datetime, timedelta

from analytics.choices import LOADING_IMPORT_STATES, ImportState
from analytics.models import BillingImport, BillingPeriod
from analytics.services import locks
from analytics.services.drafts import drop_stale_drafts
from analytics.tasks import (
    check_import_task,
    complete_period_task,
    run_import_task,
    undo_import_task,
)

# A message normally arrives within moments; later than this it was lost.
QUEUE_PATIENCE = timedelta(minutes=2)


def resume_imports(*, now: datetime) -> list[BillingImport]:
    """Queue what nobody is working on. Queuing one too often is harmless: runs are idempotent."""
    left = []
    loading = BillingImport.objects.filter(state__in=LOADING_IMPORT_STATES)
    for billing_import in loading.order_by("number"):
        if billing_import.state == ImportState.QUEUED:
            queued_at = billing_import.touched_at or billing_import.created_at
            is_left = queued_at < now - QUEUE_PATIENCE
        else:
            is_left = _nobody_runs(billing_import)
        if is_left:
            run_import_task.delay(str(billing_import.pk))
            left.append(billing_import)
    left += _resume_checks(now)
    for billing_import in BillingImport.objects.filter(state=ImportState.UNDOING):
        if _nobody_runs(billing_import):
            undo_import_task.delay(str(billing_import.pk))
            left.append(billing_import)
    for period in BillingPeriod.objects.complete().filter(computed_at=None):
        complete_period_task.delay(f"{period.month:%Y-%m-%d}")
    return left


def _resume_checks(now: datetime) -> list[BillingImport]:
    """Checks are taken up again; drafts that nobody confirmed in time are dropped."""
    drop_stale_drafts(now=now, by=None)
    waiting = BillingImport.objects.filter(
        state=ImportState.CHECKING, touched_at__lt=now - QUEUE_PATIENCE
    )
    left = [draft for draft in waiting.order_by("number") if _nobody_runs(draft)]
    for draft in left:
        check_import_task.delay(str(draft.pk))
    return left


def _nobody_runs(billing_import: BillingImport) -> bool:
    """Whoever runs an import holds its lock; the lock dies with the process."""
    return not locks.is_held(billing_import.number)
