"""For how long an import can be undone."""

from datetime import datetime, timedelta

from django.conf import settings

from analytics.models import BillingImport


def undo_until(billing_import: BillingImport) -> datetime | None:
    """The end of the days for which what it replaced is kept; None when nothing was loaded."""
    if billing_import.finished_at is None or billing_import.loaded_as is None:
        return None
    return billing_import.finished_at + timedelta(days=settings.IMPORT_UNDO_DAYS)
