"""What an import made and changed in the archive, kept so that it can be undone (P12).

Bills are kept otherwise: a month of member bills as a table (`partitions`), product bills by their
import number. Only those that gave way to newer ones are here, whole.
"""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Field, Model, QuerySet

from analytics.models import BillingImport, ImportChange
from crm.lib.rows import plain, same

BATCH = 2000
M = TypeVar("M", bound=Model)
# Follows from other fields or from bills, or says when the row was last saved.
DERIVED = {
    "sort_key", "search_text", "income", "active_members", "figures_month", "created_at",
    "updated_at", "completeness", "archive_current_at",
    "line_number", "next_birthday",
}  # fmt: skip


def fields_of(model: type[Model]) -> dict[str, Field]:
    """The fields that people and imports fill, by the name of their column's attribute."""
    return {
        field.attname: field for field in model._meta.concrete_fields if field.name not in DERIVED
    }


def state_of(instance: Model) -> dict[str, Any]:
    """All of `fields_of` as JSON."""
    return {name: plain(getattr(instance, name)) for name in fields_of(type(instance))}


class Before:
    """How rows were before an import changed them."""

    def __init__(self, instances: Iterable[Model]) -> None:
        self._states = {instance.pk: state_of(instance) for instance in instances}

    def change_of(self, instance: Model) -> tuple[dict[str, Any], dict[str, Any]]:
        """The fields that differ by now: as they were, and as they are."""
        was, now = self._states[instance.pk], state_of(instance)
        fields = fields_of(type(instance))
        names = [
            name
            for name in was
            if was[name] != now[name] and not same(fields[name], was[name], now[name])
        ]
        return {name: was[name] for name in names}, {name: now[name] for name in names}


def keep_created(billing_import: BillingImport, instances: Iterable[Model]) -> None:
    ImportChange.objects.bulk_create(
        (
            ImportChange(
                billing_import=billing_import,
                model=instance._meta.label_lower,
                object_id=str(instance.pk),
                is_created=True,
                after=state_of(instance),
            )
            for instance in instances
        ),
        batch_size=BATCH,
    )


def keep_updated(billing_import: BillingImport, instances: Iterable[M], before: Before) -> list[M]:
    """Says which rows changed; those that the import left as they were are no changes."""
    changes = [(instance, *before.change_of(instance)) for instance in instances]
    ImportChange.objects.bulk_create(
        (
            ImportChange(
                billing_import=billing_import,
                model=instance._meta.label_lower,
                object_id=str(instance.pk),
                before=was,
                after=now,
            )
            for instance, was, now in changes
            if was
        ),
        batch_size=BATCH,
    )
    return [instance for instance, was, _now in changes if was]


def keep_deleted(billing_import: BillingImport, rows: QuerySet) -> None:
    """Whole rows about to be deleted, as PostgreSQL writes them; see `bring_back`."""
    model = rows.model
    ids = list(rows.order_by().values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {ImportChange._meta.db_table}
                (billing_import_id, model, object_id, is_created, before)
            SELECT %s, %s, gone.id::text, false, to_jsonb(gone)
            FROM {model._meta.db_table} gone WHERE gone.id = ANY(%s)
            """,
            [billing_import.pk, model._meta.label_lower, ids],
        )


def bring_back(billing_import: BillingImport, model: type[Model]) -> int:
    """Rows kept by `keep_deleted` are there again, with their ids; says how many."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO {table}
            SELECT kept.* FROM {ImportChange._meta.db_table} change,
                   jsonb_populate_record(NULL::{table}, change.before) kept
            WHERE change.billing_import_id = %s AND change.model = %s AND change.after IS NULL
            """,
            [billing_import.pk, model._meta.label_lower],
        )
        return cursor.rowcount
