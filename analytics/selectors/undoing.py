"""Whether an import can be undone, until when, and what that would do."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Exists, Model, OuterRef, Q, QuerySet, UUIDField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _
from pghistory.models import Event

from accounts.models import Client, Contact, Merge
from analytics.choices import AlertState, ImportKind, ImportState, PeriodState
from analytics.models import (
    AlertReading,
    BillingImport,
    BillingPeriod,
    ImportChange,
    ProductBill,
)
from analytics.models.billing import kept_name
from analytics.models.member_holders import member_holders
from analytics.selectors.storage import frozen_by
from analytics.selectors.undo_time import undo_until
from crm.lib.months import month_after
from crm.lib.text import listed
from staff.models import User

ROSTERS = (ImportKind.CLIENTS, ImportKind.CONTACTS)
# What an earlier file brought stays with it (ADR 0019).
KEPT_ONCE = (ImportKind.PAYMENTS, ImportKind.HANDLINGS)
UNTOUCHED_ALERT = Q(
    state__in=(AlertState.OPEN, AlertState.WITHDRAWN),
    acknowledged_at=None,
    visit=None,
    survey="",
    cause="",
    action="",
)


@dataclass(frozen=True)
class Obstacle:
    """Why an import cannot be undone; `first` must be undone before it."""

    code: str
    message: str
    first: BillingImport | None = None


@dataclass(frozen=True)
class Consequences:
    """What an undo will do, in numbers. Alerts: those that may change."""

    rows: int
    rows_back: int
    months: Collection[date]
    reopened: Collection[date]
    alerts: int
    deleted: int
    restored: int
    staying: int


def obstacle_to_undo(billing_import: BillingImport, now: datetime) -> Obstacle | None:
    """None when the import can be undone now."""
    if billing_import.state == ImportState.UNDONE:
        return Obstacle("already_undone", _("This import has been undone already."))
    if billing_import.state not in (ImportState.LOADED, ImportState.UNDOING):
        return Obstacle("nothing_loaded", _("Nothing of this import was loaded."))
    until = undo_until(billing_import)
    if until is None or until < now or _missing_tables(billing_import):
        return Obstacle("undo_expired", _("What this import replaced is no longer kept."))
    if frozen_by(billing_import.periods):
        return Obstacle("undo_expired", _("The bills of its months are no longer kept."))
    return (
        _closed_months(billing_import)
        or _newer_import(billing_import)
        or _merged_client(billing_import)
    )


def _missing_tables(billing_import: BillingImport) -> bool:
    if billing_import.kind != ImportKind.MEMBER_BILL:
        return False
    tables = [kept_name(month, billing_import.number) for month in billing_import.periods]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM unnest(%s::text[]) name WHERE to_regclass(name) IS NULL", [tables]
        )
        return bool(cursor.fetchone()[0])


def _closed_months(billing_import: BillingImport) -> Obstacle | None:
    changing = {*billing_import.periods, *billing_import.completed_months}
    closed = BillingPeriod.objects.filter(pk__in=changing, state=PeriodState.CLOSED)
    months = [str(period) for period in closed.order_by("month")]
    if not months:
        return None
    message = _("Closed months cannot change: %(months)s.") % {"months": listed(months)}
    return Obstacle("period_closed", message)


def _newer_import(billing_import: BillingImport) -> Obstacle | None:
    """The newest import that came after and touched the same months or records."""
    later = (
        BillingImport.objects.loaded()
        .filter(loaded_as__gt=billing_import.loaded_as)
        .exclude(pk=billing_import.pk)
    )
    if billing_import.kind in ROSTERS:
        touched = ImportChange.objects.filter(billing_import=OuterRef("pk")).filter(
            Exists(
                billing_import.changes.filter(
                    model=OuterRef("model"), object_id=OuterRef("object_id")
                )
            )
        )
        later = later.filter(Exists(touched))
    elif billing_import.kind in KEPT_ONCE:
        # It may have found lines of this one in place and left its own out.
        later = later.filter(kind=billing_import.kind, replaced__gt=0)
    else:
        later = later.filter(kind=billing_import.kind, periods__overlap=billing_import.periods)
    first = later.order_by("-loaded_as").first()
    if first is None:
        return None
    message = _("Undo import #%(number)s (%(file)s) first: it came later and touched the same.")
    return Obstacle(
        "undo_newer_first", message % {"number": first.number, "file": first.file_name}, first
    )


def _merged_client(billing_import: BillingImport) -> Obstacle | None:
    """Product bills would come back for a client that has gone into another one since."""
    gone = Merge.objects.standing().of_clients()
    rows = billing_import.changes.filter(
        model=ProductBill._meta.label_lower,
        before__client_id__in=[str(pk) for pk in gone.values_list("old_id", flat=True)],
    )
    if not rows.exists():
        return None
    message = _("A client of these bills has gone into another one since; part the two first.")
    return Obstacle("client_merged", message)


def months_falling_open(billing_import: BillingImport) -> list[date]:
    """Months that this import completed and no other one would have."""
    others = BillingImport.objects.loaded().exclude(pk=billing_import.pk)
    completing = others.filter(
        # Another program's file would have been held without this one.
        completes_period=True,
        holds_thin_month=False,
        periods__overlap=billing_import.completed_months,
    )
    complete_anyway = {month for each in completing for month in each.periods}
    return [month for month in billing_import.completed_months if month not in complete_anyway]


def consequences_of_undo(billing_import: BillingImport, user: User) -> Consequences:
    """Counted without looking at the bills themselves."""
    months = sorted(billing_import.periods)
    concerned = {each for month in months for each in (month, month_after(month))}
    changes = billing_import.changes
    made = {
        model: set(
            changes.filter(is_created=True, model=model._meta.label_lower).values_list(
                "object_id", flat=True
            )
        )
        for model in (Client, Contact)
    }
    staying = sum(len(in_use(model, ids, billing_import)) for model, ids in made.items() if ids)
    readings = AlertReading.objects.visible_to(user).filter(period__in=concerned)
    archive = [Client._meta.label_lower, Contact._meta.label_lower]
    return Consequences(
        rows=billing_import.loaded,
        rows_back=0 if billing_import.kind in KEPT_ONCE else billing_import.replaced,
        months=months,
        reopened=months_falling_open(billing_import),
        alerts=readings.values("alert").distinct().count() if months else 0,
        deleted=sum(len(ids) for ids in made.values()) - staying,
        restored=changes.filter(is_created=False, model__in=archive).count(),
        staying=staying,
    )


def in_use(model: type[Model], ids: Iterable[Any], billing_import: BillingImport) -> set[str]:
    """Of these rows' keys the ones that anything refers to which did not come by this import.

    Looks at every table that points to the model. What is made anew from bills (members, facts,
    alerts that nobody touched) does not hold a row.
    """
    keys = list(ids)
    found: set[str] = set()
    for relation in model._meta.related_objects:
        rows = _rows_that_hold(relation.related_model, billing_import)
        if rows is not None:
            name = relation.field.attname
            held = rows.filter(**{f"{name}__in": keys}).order_by().values_list(name, flat=True)
            found.update(str(key) for key in held.distinct())
    return found


def _rows_that_hold(model: Any, billing_import: BillingImport) -> QuerySet | None:
    if issubclass(model, Event) or not model._meta.default_manager:
        return None
    rows = model._default_manager.all()
    label = model._meta.label_lower
    # The history of a month goes with the month; the audit trail keeps what happened to it.
    if label in ("analytics.clientmonth", "analytics.alertreading", "analytics.periodstep"):
        return None
    if label == "accounts.member":
        holding = (
            Exists(field.model._default_manager.filter(**{field.name: OuterRef("pk")}))
            for field in member_holders()
        )
        return rows.filter(reduce(or_, holding, Q()))
    if label == "analytics.alert":
        return rows.exclude(UNTOUCHED_ALERT)
    if label in ("accounts.ownership", "accounts.classproposal", "accounts.representation"):
        mine = billing_import.changes.filter(model=label, is_created=True)
        return rows.exclude(pk__in=mine.values(key=Cast("object_id", UUIDField())))
    if any(field.name == "import_number" for field in model._meta.fields):
        return rows.exclude(import_number=billing_import.number)
    return rows
