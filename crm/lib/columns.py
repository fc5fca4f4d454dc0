"""Expressions that read something of other tables along with a row."""

from django.db.models import IntegerField, QuerySet, Subquery

COUNTED = 100


class CappedCount(Subquery):
    """How many rows, counted up to a cap only: what a badge needs, at the cost of a page."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) capped)"
    output_field = IntegerField()

    def __init__(self, rows: QuerySet, cap: int = COUNTED) -> None:
        super().__init__(rows.order_by().values("pk")[:cap])
