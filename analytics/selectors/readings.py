"""Readings of a month as rows of text."""

from datetime import date

from analytics.models import AlertReading
from analytics.rules import RULES

READING_COLUMNS = ("client_code", "rule", "period", "previous", "current", "ratio", "state")


def reading_rows(month: date) -> list[tuple[str, ...]]:
    """Holding readings of a month as text, sorted by client code, then rule (READING_COLUMNS)."""
    readings = (
        AlertReading.objects.holding()
        .filter(period=month)
        .select_related("client", "alert")
        .order_by("rule")
    )
    rows = [
        (
            reading.client.code,
            reading.rule,
            f"{month:%Y-%m}",
            *figures(reading),
            "" if reading.ratio is None else f"{reading.ratio:.4f}",
            reading.alert.state,
        )
        for reading in readings
    ]
    # Sorted here, not in SQL: by code point, whatever the database's collation.
    return sorted(rows, key=lambda row: (row[0], row[1]))


def figures(reading: AlertReading) -> tuple[str, str]:
    """Previous and current: yuan with two decimals, heads without."""
    places = 2 if RULES[reading.rule].is_money else 0
    return f"{reading.previous:.{places}f}", f"{reading.current:.{places}f}"
