"""Path converters of our own."""

from datetime import date


class MonthConverter:
    """A billing month in an address: 2026-05 is its first day."""

    regex = r"\d{4}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date) -> str:
        return f"{value:%Y-%m}"
