"""Sample values for the component gallery at /ui/ (DEBUG only); invented, no row of the database."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import django_tables2 as tables
from django import forms

from crm.lib.tables import (
    BadgeColumn,
    MoneyColumn,
    MonthColumn,
    PercentColumn,
    RowLinkColumn,
    Table,
)

MONTHS = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05", "2026-06"]


class GalleryForm(forms.Form):
    name = forms.CharField(label="Client name", help_text="As on the contract.")
    tier = forms.ChoiceField(label="Tier", choices=[("", "—"), ("A", "A"), ("B", "B")])
    visit_on = forms.DateField(label="Visit on", required=False)
    budget = forms.DecimalField(label="Budget", required=False)
    purpose = forms.MultipleChoiceField(
        label="Purpose",
        choices=[("renewal", "Renewal"), ("complaint", "Complaint"), ("care", "Care")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    outline = forms.CharField(label="Outline", widget=forms.Textarea(attrs={"rows": 3}))
    attachment = forms.FileField(label="Attachment", required=False)
    is_key = forms.BooleanField(label="Key client", required=False)


class GalleryTable(Table):
    html_id = "gallery-table"
    name = RowLinkColumn(linkify=lambda record: f"?client={record['id']}", verbose_name="Client")
    month = MonthColumn()
    income = MoneyColumn(orderable=True)
    change = PercentColumn()
    state = BadgeColumn(tones={"Falling": "danger", "Watched": "warning", "Stable": "success"})
    manager = tables.Column(verbose_name="Account manager")


def _rows() -> list[dict[str, Any]]:
    names = [
        "云岭钢铁集团有限公司",
        "青川县第一人民医院",
        "Harbour Logistics Group",
        "南湖职业技术学院",
    ]
    states = ["Falling", "Watched", "Stable", "Stable"]
    changes = ["-0.3412", "-0.08", "0.0215", "0"]
    return [
        {
            "id": number,
            "name": name,
            "month": dt.date(2026, 6, 1),
            "income": Decimal("182340.5") / (number + 1),
            "change": Decimal(changes[number]),
            "state": states[number],
            "manager": "李婉清" if number % 2 else "Chen Yu",
        }
        for number, name in enumerate(names)
    ]


def _chart(kind: str, title: str, unit: str = "¥") -> SimpleNamespace:
    values = [
        Decimal(text)
        for text in ("182340.50", "176220", "181004.8", "168900", "121440", "119870.2")
    ]
    other = [value / 3 for value in reversed(values)]
    series = [SimpleNamespace(name="Mobile", values=values)]
    if kind != "pie":
        rounded = [value.quantize(Decimal("0.01")) for value in other]
        series.append(SimpleNamespace(name="Broadband", values=rounded))
    return SimpleNamespace(
        id=f"chart-{kind}", title=title, kind=kind, unit=unit, labels=MONTHS, series=series,
        urls=[f"?month={label}" for label in MONTHS],
    )  # fmt: skip


def gallery_context() -> dict[str, Any]:
    invalid = GalleryForm({"tier": "A", "visit_on": "2026-06-18", "purpose": ["care"]})
    invalid.add_error(None, "The visit overlaps another one.")
    return {
        "form": invalid,
        "table": GalleryTable(_rows(), order_by="-income"),
        "page": SimpleNamespace(previous_url="?cursor=a", next_url="?cursor=b"),
        "tab_items": [
            {"label": "Overview", "url": "?tab=1", "is_active": True, "icon": "home"},
            {"label": "Bills", "url": "?tab=2", "badge": "12"},
            {"label": "Visits", "url": "?tab=3"},
            {"label": "Complaints", "url": "?tab=4"},
            {"label": "Contracts", "url": "?tab=5"},
        ],
        "charts": [
            _chart("bar", "Income by month"),
            _chart("line", "Trend"),
            _chart("stacked", "Income by product"),
            _chart("pie", "Share by month"),
        ],
        "tones": ["neutral", "info", "success", "warning", "danger"],
        "month_value": dt.date(2026, 5, 1),
        "instant": dt.datetime(2026, 6, 18, 9, 30, tzinfo=dt.UTC),
        "loss": Decimal("-61470.5"),
        "ratio": Decimal("0.31"),
        "facts": [
            ("Client number", "G-204518"),
            ("Tier", "A"),
            ("Address", "云岭路 88 号"),
            ("Fax", None),
        ],
    }
