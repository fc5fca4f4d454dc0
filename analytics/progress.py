"""How far a running import is and how long it took. Kept in the cache, because its own rows are not committed yet."""

import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.core.cache import cache

from analytics.importing.loading import Totals
from analytics.models import BillingImport

KEEP_SECONDS = 3600
EVERY_SECONDS = 0.5


@dataclass(frozen=True)
class Standing:
    """Rows so far and the share of the file read; `percent` 100 means facts are being made."""

    rows: int = 0
    quarantined: int = 0
    percent: int = 0
    rows_per_second: int = 0
    seconds_left: int | None = None


class Stopwatch:
    """The time by a start that was given and the seconds that really went by since."""

    def __init__(self, started_at: datetime) -> None:
        self.started_at = started_at
        self._began = time.monotonic()

    def now(self) -> datetime:
        return self.started_at + timedelta(seconds=time.monotonic() - self._began)


class Progress:
    """Tells the world about one running import."""

    def __init__(self, billing_import: BillingImport) -> None:
        self._key = f"import:{billing_import.pk}"
        self._started = time.monotonic()
        self._next = self._started

    def is_due(self) -> bool:
        """True at first and then twice a second: often enough for a person, cheap for the job."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + EVERY_SECONDS
        return True

    def tell(self, totals: Totals, quarantined: int, share: float) -> None:
        """`share` of the file is read, from 0 to 1."""
        elapsed = max(time.monotonic() - self._started, 0.001)
        share = min(share, 1.0)
        standing = Standing(
            rows=totals.read,
            quarantined=quarantined,
            percent=min(int(share * 100), 99),
            rows_per_second=int(totals.read / elapsed),
            seconds_left=int(elapsed / share - elapsed) if share else None,
        )
        cache.set(self._key, asdict(standing), KEEP_SECONDS)

    def tell_finishing(self) -> None:
        told = cache.get(self._key) or {}
        cache.set(self._key, {**told, "percent": 100, "seconds_left": None}, KEEP_SECONDS)


def standing_of(billing_import: BillingImport) -> Standing:
    """Where a running import stands; zeros when it has not told anything yet."""
    return Standing(**(cache.get(f"import:{billing_import.pk}") or {}))
