"""What bills and alerts show on a client's page (`accounts.page_parts`)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Client
from accounts.page_parts import Entry, Figure, HeadRow, Moment, TimelineQuery
from analytics.choices import AlertState, RuleCode
from analytics.models import Alert, BillingPeriod, ClientMonth
from analytics.selectors.client_pages import MONTHS
from crm.lib.columns import CappedCount
from crm.lib.templatetags.components import capped, money, percent
from staff.models import User

# Header -----------------------------------------------------------------------------------------


def columns(user: User, now: datetime) -> dict[str, Any]:
    """The last months, the newest first, and how many alerts are open."""
    months = ClientMonth.objects.visible_to(user).filter(client=OuterRef("pk"))
    # Sums as texts: a number of JSON would come back as a float.
    row = JSONObject(
        month="period",
        income=Cast("income", CharField()),
        previous=Cast("previous_income", CharField()),
        active="active",
        previous_active="previous_active",
    )
    alerts = Alert.objects.visible_to(user).open().filter(client=OuterRef("pk"))
    return {
        "analytics_months": ArraySubquery(months.order_by("-period").values(row=row)[:MONTHS]),
        "analytics_open_alerts": CappedCount(alerts),
    }


def figures(row: HeadRow) -> Iterator[Figure]:
    months = row.columns["analytics_months"]
    bills = reverse("analytics:client_bills", args=[row.client.pk])
    members = reverse("accounts:client_members", args=[row.client.pk])
    if months:
        yield _trend(months, _("Income"), bills, "income", "previous", is_money=True)
        yield _trend(months, _("Active members"), members, "active", "previous_active")
    else:
        yield Figure(
            _("Income"), "–", _("No complete month yet"), bills, icon="report-money", order=10
        )
    alerts = row.columns["analytics_open_alerts"]
    yield Figure(
        _("Open alerts"),
        capped(alerts),
        url=f"{reverse('analytics:alert_list')}?client={row.client.pk}&open=true",
        tone="danger" if alerts else "success",
        icon="alert-triangle",
        order=30,
        is_key=True,
    )


def _trend(
    months: list[dict[str, Any]],
    label: str,
    url: str,
    now: str,
    before: str,
    *,
    is_money: bool = False,
) -> Figure:
    """The newest month, its change against the month before, and the line of all months."""
    newest = months[0]
    change = _change(newest[now], newest[before])
    signed = f"+{percent(change)}" if change and change > 0 else percent(change)
    month = newest["month"][:7]
    return Figure(
        label,
        money(newest[now]) if is_money else f"{newest[now]:,}",
        month if change is None else f"{signed} · {month}",
        url,
        "neutral" if not change else "success" if change > 0 else "danger",
        "report-money" if is_money else "device-mobile",
        [each[now] for each in reversed(months)],
        ngettext("%(n)s month", "%(n)s months", len(months)) % {"n": len(months)},
        order=10 if is_money else 20,
        is_key=is_money,
    )


def _change(now: Any, before: Any) -> Decimal | None:
    """As a ratio; None without a month before, or one without money."""
    if before is None or Decimal(before) <= 0:
        return None
    return (Decimal(now) - Decimal(before)) / Decimal(before)


def badges(row: HeadRow) -> Mapping[str, int]:
    return {"alerts": row.columns["analytics_open_alerts"]}


# Timeline ---------------------------------------------------------------------------------------

# Step -> the columns that say when and by whom.
STEPS = {
    "raised": ("created_at", ""),
    "acknowledged": ("acknowledged_at", "acknowledged_by"),
    "closed": ("closed_at", "closed_by"),
}


def alert_steps(query: TimelineQuery) -> Iterable[Entry]:
    """Alerts when they were raised, acknowledged and closed, in one query."""
    alerts = Alert.objects.visible_to(query.user).filter(client=query.client)
    branches = []
    for step, (at, person) in STEPS.items():
        source = f"alert-{step}"
        rows = query.newest(
            alerts.exclude(**{at: None}), source, at=at, person=f"{person}_id" if person else ""
        )
        name = F(f"{person}__full_name") if person else Value("", output_field=CharField())
        branches.append(
            rows.values(
                "pk", "rule", "state", "latest_period", "money_at_risk",
                step=Value(step), at=F(at), person=name,
            )
        )  # fmt: skip
    first, *others = branches
    for row in first.union(*others, all=True):
        yield _alert_entry(row)


def _alert_entry(row: dict[str, Any]) -> Entry:
    sentences = {
        "raised": _("Alert raised: %(rule)s"),
        "acknowledged": _("Alert acknowledged: %(rule)s"),
        "closed": _("Alert closed: %(rule)s"),
    }
    step = row["step"]
    return Entry(
        Moment(row["at"], f"alert-{step}", row["pk"]),
        "alert",
        sentences[step] % {"rule": RuleCode(row["rule"]).label},
        reverse("analytics:alert_detail", args=[row["pk"]]),
        f"{row['latest_period']:%Y-%m} · {money(row['money_at_risk'])}" if step == "raised" else "",
        row["person"] or "",
        "alert-triangle" if step == "raised" else "check",
        {"raised": "danger", "acknowledged": "warning", "closed": "success"}[step],
        [AlertState(row["state"]).label] if step == "raised" else [],
    )


def month_facts(query: TimelineQuery) -> Iterable[Entry]:
    """The facts of each month, when the month became complete."""
    completed = BillingPeriod.objects.filter(month=OuterRef("period")).values("completed_at")
    rows = ClientMonth.objects.visible_to(query.user).filter(client=query.client)
    rows = rows.annotate(completed_at=Subquery(completed)).exclude(completed_at=None)
    rows = query.newest(rows, "month", at="completed_at", pk="period")
    url = reverse("analytics:client_bills", args=[query.client.pk])
    for row in rows:
        change = _change(row.income, row.previous_income)
        members = _("%(n)s active members") % {"n": f"{row.active:,}"}
        yield Entry(
            Moment(row.completed_at, "month", row.period),
            "month",
            _("Bills of %(month)s: %(income)s")
            % {"month": f"{row.period:%Y-%m}", "income": money(row.income)},
            url,
            members if change is None else f"{percent(change)} · {members}",
            "",
            "report-money",
            "danger" if change is not None and change < 0 else "neutral",
        )


def tasks(client: Client) -> Q:
    """To-dos raised by the client's alerts."""
    return Q(pk__in=Alert.objects.filter(client=client).values("task"))
