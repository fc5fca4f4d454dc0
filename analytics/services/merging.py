"""Bills, facts and alerts of two clients that become one, and their way back (ADR 0052).

Bills keep what was billed and when; only whose they are changes. Facts are added up, so that
closed months and months whose bills are gone stay true as well.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.aggregates import BoolOr
from django.db import connection, transaction
from django.db.models import Max, Sum
from django.utils.translation import gettext as _

from accounts.models import Client, Merge
from analytics import facts
from analytics.choices import OPEN_ALERT_STATES, AlertState, PeriodState, SuggestionState
from analytics.exceptions import BillsBusy
from analytics.models import (
    Alert,
    AlertReading,
    BillingPeriod,
    ClassSuggestion,
    ClientMonth,
    MemberBill,
    ProductBill,
    ValueAssessment,
    ValueDue,
)
from analytics.selectors.storage import frozen_by
from analytics.services import locks
from analytics.services.alert_run import run_alerts
from analytics.services.periods import recompute
from analytics.tasks import recompute_merged_task
from crm.lib.merging import NOW, Merging, Rule, declare, ended, keep_one
from crm.lib.rows import columns_of, plain, put_back
from crm.lib.services import service
from staff.models import User

# What a month's facts of two clients add up to; null stays null where neither was compared.
SUMMED = (
    "member_income", "product_income", "income", "previous_income", "arrears", "previous_arrears",
    "active", "previous_active", "pre_churn", "lost", "churned", "moved_out", "joined", "new",
)  # fmt: skip
KEY = "facts"
NUMBERS = "numbers"
SHARED = "shared_numbers"


def declare_rules() -> None:
    for model in (MemberBill, ProductBill, ClientMonth):
        declare(model, "client", Rule(is_left=True))
    declare(Alert, "client", Rule(one_alert))
    declare(AlertReading, "client", Rule(keep_one))
    declare(ValueAssessment, "client", Rule(keep_one))
    declare(ValueDue, "client", Rule(keep_one))
    declare(ClassSuggestion, "client", Rule(ended(state=SuggestionState.OBSOLETE, decided_at=NOW)))


def one_alert(merging: Merging, row: Alert, other: Alert) -> None:
    """One open alert for each rule (P18): the one somebody got further with stays, with the
    months of both; the other is withdrawn."""
    stays, goes = sorted((other, row), key=lambda alert: -OPEN_ALERT_STATES.index(alert.state))
    readings = AlertReading.objects.filter(alert=goes)
    merging.move(readings, AlertReading._meta.get_field("alert"), stays)
    merging.change(goes, state=AlertState.WITHDRAWN)
    if goes.task and goes.task.done_at is None:
        merging.change(goes.task, done_at=merging.now)


def merge_bills(*, loser: Client, survivor: Client, merging: Merging) -> None:
    """Before anything else moves. Raises BillsBusy while an import is being loaded."""
    if not locks.try_billing():
        raise BillsBusy(_("Bills are being loaded right now; try again in a few minutes."))
    extra = merging.ledger.extra
    ProductBill.objects.filter(client=loser, former_code="").update(former_code=loser.code)
    extra["former_codes"] = _codes(loser)
    ProductBill.objects.filter(client=loser).update(client=survivor)
    extra[NUMBERS] = _numbers(loser)
    extra[SHARED] = _shared(loser, survivor)
    _give_bills("client_id = %s", [loser.pk], survivor)
    extra[KEY] = _add_up(loser, survivor)
    _copy_figures(survivor)
    _order(extra[KEY]["months"], rebuilds=False)


def part_bills(*, client: Client, restored: Client, extra: dict[str, Any]) -> None:
    """Bills of the restored client's numbers and codes go back, those that came since as well."""
    if not locks.try_billing():
        raise BillsBusy(_("Bills are being loaded right now; try again in a few minutes."))
    mine = ProductBill.objects.filter(client=client, former_code__in=extra["former_codes"])
    mine.update(client=restored)
    ProductBill.objects.filter(client=restored, former_code=restored.code).update(former_code="")
    shared = extra[SHARED]
    _give_bills(
        "client_id = %s AND msisdn = ANY(%s)",
        [client.pk, _without(extra[NUMBERS], shared)],
        restored,
    )
    for month, numbers in shared.items():
        _give_bills(
            "client_id = %s AND msisdn = ANY(%s) AND period = %s",
            [client.pk, numbers, month],
            restored,
        )
    rebuild = _take_apart(client, restored, extra[KEY])
    for each in (client, restored):
        _copy_figures(each)
    _order(extra[KEY]["months"], rebuilds=False)
    _order(rebuild, rebuilds=True)


def _codes(loser: Client) -> list[str]:
    """Codes under which its product bills come, now or later: its own, and of what went into it."""
    merges = Merge.objects.standing().of_clients().filter(client=loser)
    return sorted({loser.code, *merges.values_list("old_code", flat=True)})


def _numbers(client: Client) -> list[int]:
    bills = MemberBill.objects.filter(client=client).order_by()
    return sorted(set(bills.values_list("msisdn", flat=True)))


def _shared(loser: Client, survivor: Client) -> dict[str, list[int]]:
    """Numbers that both had, each at its time: by month those of the loser."""
    both = MemberBill.objects.filter(client=survivor, msisdn__in=_numbers(loser)).order_by()
    numbers = set(both.values_list("msisdn", flat=True))
    months: dict[str, list[int]] = {}
    theirs = MemberBill.objects.filter(client=loser, msisdn__in=numbers).order_by("period")
    for period, number in theirs.values_list("period", "msisdn"):
        months.setdefault(period.isoformat(), []).append(number)
    return months


def _without(numbers: list[int], shared: dict[str, list[int]]) -> list[int]:
    return sorted(set(numbers) - {number for month in shared.values() for number in month})


def _give_bills(which: str, params: list[Any], client: Client) -> None:
    """Also in months kept for the undo of an import, so that what it brings back fits."""
    with connection.cursor() as cursor:
        for table in ("analytics_memberbill", *_kept_months(cursor)):
            sql = f"UPDATE {table} SET client_id = %s WHERE {which}"  # noqa: S608 -- names of ours
            cursor.execute(sql, [client.pk, *params])


def _kept_months(cursor: Any) -> list[str]:
    cursor.execute(
        r"""
        SELECT relname FROM pg_class JOIN pg_namespace space ON space.oid = relnamespace
        WHERE relkind = 'r' AND space.nspname = current_schema()
          AND relname ~ '^analytics_memberbill_\d{6}_before_\d+$'
        """
    )
    return [name for (name,) in cursor.fetchall()]


# Facts ----------------------------------------------------------------------------------------


def _add_up(loser: Client, survivor: Client) -> dict[str, Any]:
    """Facts of both as they were, and the survivor's as they are: by month, as JSON."""
    before = {"loser": _facts(loser), "survivor": _facts(survivor)}
    both = ClientMonth.objects.filter(client__in=[loser, survivor])
    sums: list[Any] = list(
        both.order_by("period")
        .values("period")
        .annotate(**{f"sum_{name}": Sum(name) for name in SUMMED}, any_rows=BoolOr("has_rows"))
    )
    both.delete()
    ClientMonth.objects.bulk_create(
        ClientMonth(
            client=survivor,
            period=row["period"],
            has_rows=row["any_rows"],
            **{name: row[f"sum_{name}"] for name in SUMMED},
        )
        for row in sums
    )
    return before | {"after": _facts(survivor), "months": sorted(before["loser"])}


def _take_apart(client: Client, restored: Client, kept: dict[str, Any]) -> list[str]:
    """Months nobody computed since get their former facts back; gives the other ones."""
    now = _facts(client)
    same = {month for month, facts in kept["after"].items() if now.get(month) == facts}
    ClientMonth.objects.filter(client=client, period__in=same).delete()
    for each in ("loser", "survivor"):
        for month in same & kept[each].keys():
            put_back(ClientMonth, kept[each][month])
    return sorted(now.keys() - same)


def _facts(client: Client) -> dict[str, Any]:
    rows = ClientMonth.objects.filter(client=client).values(*columns_of(ClientMonth))
    return {
        row["period"].isoformat(): {name: plain(value) for name, value in row.items()}
        for row in rows
    }


def _copy_figures(client: Client) -> None:
    """The client carries the figures of the newest complete month, as `facts` writes them."""
    newest = BillingPeriod.objects.complete().aggregate(newest=Max("month"))["newest"]
    fact = ClientMonth.objects.filter(client=client, period=newest).first()
    Client.objects.filter(pk=client.pk).update(
        income=fact.income if fact else 0,
        active_members=fact.active if fact else 0,
        figures_month=newest,
    )


def _order(months: list[str], *, rebuilds: bool) -> None:
    if months:
        transaction.on_commit(lambda: recompute_merged_task.delay(months, rebuilds))


@service
def recompute_merged(
    *, months: Collection[date], rebuilds: bool, now: datetime, by: User | None
) -> None:
    """Alerts of these months follow the facts; with `rebuilds` the facts follow the bills first.

    Closed months keep what they have, and so do those whose bills are gone.
    """
    locks.wait_for_billing()
    complete = BillingPeriod.objects.filter(pk__in=months, state=PeriodState.COMPLETE)
    found = sorted(complete.values_list("month", flat=True))
    if rebuilds:
        kept = [month for month in found if not frozen_by([month])]
        recompute(kept, bills_of=facts.ensure_partition, now=now, by=by)
        return
    for month in found:
        run_alerts(month=month, now=now, by=by)
