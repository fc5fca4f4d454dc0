"""The parts pages are built from: cards, badges, fields, tabs, charts, and formats of figures.

Look them all up, with examples, at `/ui/` (templates/ui/gallery.html).
"""

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import forms, template
from django.core.serializers.json import DjangoJSONEncoder
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from crm.lib.list_tools import parameter_names
from crm.lib.text import listed

register = template.Library()

TONES = frozenset({"neutral", "info", "success", "warning", "danger"})
NOTHING = "—"
# A new order or filter starts at the first page, whatever the position was called.
POSITION_PARAMETERS = ("cursor", "page")


def _tone(name: str) -> str:
    return name if name in TONES else "neutral"


# Figures --------------------------------------------------------------------------------------


def _decimal(value: Any, places: int) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        exact = Decimal(str(value))
        return exact.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return None


@register.filter
def is_overdue(record: Any, today: dt.date) -> bool:
    """`{{ visit|is_overdue:today }}`: for records that judge this themselves."""
    return record.is_overdue(today)


@register.filter
def money(value: Any) -> str:
    """¥1,234.50; a negative sum in red, nothing as a dash."""
    amount = _decimal(value, 2)
    if amount is None:
        return NOTHING
    if amount < 0:
        return format_html('<span class="negative">-¥{}</span>', f"{-amount:,}")
    return f"¥{abs(amount):,}"


MOST_COUNTED = 99


@register.filter
def capped(number: int) -> str:
    """A count as far as anybody would count; whoever counts stops one later: 100 is "99+"."""
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number)


@register.filter
def percent(value: Any) -> str:
    """A ratio as a percentage: 0.31 is "31.00 %"."""
    ratio = _decimal(value, 4)  # rounded once: 0.30004 must not reach 30.01 by two steps
    if ratio is None:
        return NOTHING
    return gettext("%(figure)s %%") % {
        "figure": f"{ratio * 100 + 0:,.2f}"
    }  # + 0 drops the sign of -0


@register.filter("listed")
def listed_filter(values: Iterable[object]) -> str:
    return listed(values)


@register.filter
def month(value: Any) -> str:
    """A billing month the way files and addresses write it: 2026-05."""
    if isinstance(value, dt.date):
        return f"{value:%Y-%m}"
    return str(value) if value else NOTHING


def _figure(value: Any, unit: str) -> str:
    """A chart's value as its table shows it."""
    if value is None:
        return NOTHING
    if unit == "¥":
        return money(value)
    return f"{value:,} {unit}".strip() if isinstance(value, int | Decimal) else str(value)


# Small parts ----------------------------------------------------------------------------------


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """A drawing of the sprite; give a label when no text beside it says the same."""
    role = (
        format_html('role="img" aria-label="{}"', label)
        if label
        else mark_safe('aria-hidden="true"')
    )
    return format_html(
        '<svg class="icon {}" {}><use href="{}#{}"></use></svg>',
        css, role, static("build/icons.svg"), name,
    )  # fmt: skip


@register.simple_tag
def badge(text: Any, tone: str = "neutral", icon_name: str = "") -> SafeString:
    drawing = icon(icon_name) if icon_name else ""
    return format_html('<span class="badge tone-{}">{}{}</span>', _tone(tone), drawing, text)


@register.inclusion_tag("components/stat.html")
def stat(
    label: str,
    value: Any,
    hint: str = "",
    url: str = "",
    tone: str = "neutral",
    trend: str = "",
    icon_name: str = "",
) -> dict[str, Any]:
    return {
        "label": label,
        "value": value,
        "hint": hint,
        "url": url,
        "tone": _tone(tone),
        "trend": trend,
        "icon_name": icon_name,
    }


SPARK_WIDTH, SPARK_HEIGHT = 100, 28


@register.simple_tag
def sparkline(points: Sequence[Any], label: str = "") -> SafeString:
    """A small line of figures, the oldest first; nothing with fewer than two of them."""
    values = [Decimal(str(point)) for point in points]
    if len(values) < 2:
        return mark_safe("")
    low, high = min(values), max(values)
    step = Decimal(SPARK_WIDTH - 4) / (len(values) - 1)
    inner = SPARK_HEIGHT - 6
    # A flat line runs through the middle.
    heights = [(value - low) / (high - low) if high > low else Decimal("0.5") for value in values]
    places = [
        (2 + step * number, 3 + inner * (1 - height)) for number, height in enumerate(heights)
    ]
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    last_x, last_y = places[-1]
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" preserveAspectRatio="none" role="img"'
        ' aria-label="{}"><polyline points="{}"></polyline>'
        '<circle cx="{}" cy="{}" r="2.5"></circle></svg>',
        SPARK_WIDTH, SPARK_HEIGHT, label, drawn, f"{last_x:.1f}", f"{last_y:.1f}",
    )  # fmt: skip


@register.inclusion_tag("components/empty_state.html")
def empty_state(
    title: str,
    text: str = "",
    icon_name: str = "inbox",
    action_url: str = "",
    action_label: str = "",
) -> dict[str, Any]:
    return {
        "title": title,
        "text": text,
        "icon_name": icon_name,
        "action_url": action_url,
        "action_label": action_label,
    }


@register.inclusion_tag("components/progress.html")
def progress(value: Any, maximum: Any = 100, label: str = "", tone: str = "info") -> dict[str, Any]:
    return {"value": value, "maximum": maximum, "label": label, "tone": _tone(tone)}


# Blocks ---------------------------------------------------------------------------------------


@register.simple_block_tag
def card(
    content: str,
    title: str = "",
    subtitle: str = "",
    icon_name: str = "",
    action_url: str = "",
    action_label: str = "",
    flush: bool = False,
    css: str = "",
    id: str = "",  # noqa: A002 -- the HTML attribute's name
) -> str:
    return render_to_string(
        "components/card.html",
        {
            "content": content,
            "title": title,
            "subtitle": subtitle,
            "icon_name": icon_name,
            "action_url": action_url,
            "action_label": action_label,
            "flush": flush,
            "css": css,
            "id": id,
        },
    )


@register.simple_block_tag
def timeline_item(
    content: str,
    title: str,
    when: Any = None,
    by: Any = "",
    icon_name: str = "clock",
    tone: str = "neutral",
    url: str = "",
) -> str:
    return render_to_string(
        "components/timeline_item.html",
        {
            "content": content,
            "title": title,
            "when": when,
            "is_instant": isinstance(when, dt.datetime),
            "by": by,
            "icon_name": icon_name,
            "tone": _tone(tone),
            "url": url,
        },
    )


# Navigation -----------------------------------------------------------------------------------


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Any], target: str, label: str = "", push: bool = True) -> dict[str, Any]:
    return {"items": items, "target": target, "label": label, "push": push}


@register.inclusion_tag("components/keyset_pager.html")
def keyset_pager(page: Any, target: str = "") -> dict[str, Any]:
    return {"page": page, "target": target}


@register.simple_tag(takes_context=True)
def sort_url(context: Context, parameter: str, value: str) -> str:
    """The current address in another order, from its first page."""
    query: QueryDict = context["request"].GET.copy()
    for position in POSITION_PARAMETERS:
        query.pop(position, None)
    query[parameter] = value
    return f"?{query.urlencode()}"


# Forms ----------------------------------------------------------------------------------------


def _kind(widget: forms.Widget) -> str:
    match widget:
        case forms.CheckboxSelectMultiple() | forms.RadioSelect():
            return "choices"
        case forms.CheckboxInput():
            return "checkbox"
        case forms.MultiWidget():
            return "several"
        case forms.ClearableFileInput():
            return "file"
        case forms.Select():
            return "select"
        case _:
            return "input"


_CLASSES = {
    "choices": "form-check-input",
    "checkbox": "form-check-input",
    "select": "form-select",
}


def _dress(widget: forms.Widget, form_field: forms.Field, *, invalid: bool) -> None:
    """Give a widget Bootstrap's classes, and dates the browser's own picker."""
    if isinstance(widget, forms.MultiWidget):
        part_fields = getattr(form_field, "fields", [form_field] * len(widget.widgets))
        is_range = hasattr(widget, "suffixes") and len(widget.widgets) == 2  # django-filter's
        names = (
            [gettext("From"), gettext("To")]
            if is_range
            else [form_field.label or ""] * len(part_fields)
        )
        for part, part_field, name in zip(widget.widgets, part_fields, names, strict=True):
            part.attrs.setdefault("aria-label", name)
            _dress(part, part_field, invalid=invalid)
        return
    if type(widget) is forms.TextInput and type(form_field) is forms.DateField:
        widget.input_type = "date"  # the halves of django-filter's date range
    if type(widget) is forms.DateInput:
        widget.input_type, widget.format = "date", widget.format or "%Y-%m-%d"
    elif type(widget) is forms.DateTimeInput:
        widget.input_type, widget.format = "datetime-local", widget.format or "%Y-%m-%dT%H:%M"
    elif type(widget) is forms.TimeInput:
        widget.input_type, widget.format = "time", widget.format or "%H:%M"
    classes = {*widget.attrs.get("class", "").split(), _CLASSES.get(_kind(widget), "form-control")}
    if invalid:
        classes.add("is-invalid")
    widget.attrs["class"] = " ".join(sorted(classes))


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField, label: str = "", hide_label: bool = False, optional_mark: bool = False
) -> dict[str, Any]:
    _dress(bound.field.widget, bound.field, invalid=bool(bound.errors))
    kind = _kind(bound.field.widget)
    return {
        "field": bound,
        "kind": kind,
        "is_group": kind in {"choices", "several"},
        "label": label or bound.label,
        "hide_label": hide_label,
        "optional_mark": optional_mark and not bound.field.required,
    }


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: forms.BaseForm, columns: int = 2) -> dict[str, Any]:
    rows = [(bound, _is_wide(bound) or columns == 1) for bound in form.visible_fields()]
    return {"form": form, "rows": rows}


@register.inclusion_tag("components/form_fields.html")
def field_group(fields: Iterable[BoundField]) -> dict[str, Any]:
    """Some fields of a form; its hidden ones and errors of the whole stand elsewhere."""
    return {"rows": [(bound, _is_wide(bound)) for bound in fields]}


def _is_wide(bound: BoundField) -> bool:
    widget = bound.field.widget
    return isinstance(widget, forms.Textarea) or _kind(widget) in {"choices", "file"}


@dataclass(frozen=True)
class ActiveFilter:
    """One filter in use: what it is, what it says, the address without it."""

    label: str
    value: str
    remove_url: str


@register.simple_tag(takes_context=True)
def active_filters(context: Context, form: forms.BaseForm) -> list[ActiveFilter]:
    query: QueryDict = context["request"].GET
    if not form.is_bound or not form.is_valid():
        return []
    found = []
    for bound in form:
        names = parameter_names(bound)
        value = form.cleaned_data.get(bound.name)
        if bound.is_hidden or not any(query.get(name) for name in names):
            continue
        rest = query.copy()
        for name in (*names, *POSITION_PARAMETERS):
            rest.pop(name, None)
        # Without any filter left the list would open with a saved one again.
        url = (
            f"?{rest.urlencode()}" if rest or "tools" not in context else context["tools"].plain_url
        )
        found.append(ActiveFilter(str(bound.label), _spoken(bound, value), url))
    return found


def spoken_filters(form: forms.BaseForm, query: QueryDict) -> list[tuple[str, str]]:
    """Label and value of each filter in use, hidden ones too; as they stand when they do not fit."""
    if not form.is_valid():
        return [(name, value) for name in query for value in query.getlist(name)]
    return [
        (str(bound.label), _spoken(bound, form.cleaned_data.get(bound.name)))
        for bound in form
        if any(query.get(name) for name in parameter_names(bound))
    ]


def _spoken(bound: BoundField, value: Any) -> str:
    """A cleaned filter value as its user would say it."""
    if isinstance(value, slice):  # django-filter's ranges
        ends = [
            _spoken(bound, end) if end is not None else "…" for end in (value.start, value.stop)
        ]
        return " – ".join(ends)
    if isinstance(value, bool):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, dt.date):
        return date_format(value, "Y-m-d")
    if not isinstance(value, str) and isinstance(value, Iterable):
        return listed(_spoken(bound, one) for one in value)
    if isinstance(bound.field, forms.ModelChoiceField):  # its choices would be a query
        return str(value)
    return str(dict(_flat(getattr(bound.field, "choices", ()))).get(str(value), value))


def _flat(choices: Iterable[tuple[Any, Any]]) -> Iterable[tuple[str, Any]]:
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from _flat(label)
        else:
            yield str(value), label


# Charts ---------------------------------------------------------------------------------------


@register.inclusion_tag("components/chart.html")
def chart(chart: Any, hide_title: bool = False) -> dict[str, Any]:
    """A drawing and the same numbers as a table; see components/chart.html for the object."""
    urls: Sequence[str] = getattr(chart, "urls", None) or [""] * len(chart.labels)
    columns = [series.values for series in chart.series]
    return {
        "chart": chart,
        "hide_title": hide_title,
        # An attribute, not a script element: htmx removes those from the fragments it fetches.
        "data_json": json.dumps(
            {
                "kind": chart.kind,
                "unit": chart.unit,
                "labels": [str(label) for label in chart.labels],
                "series": [
                    {"name": str(series.name), "values": list(series.values)}
                    for series in chart.series
                ],
                "urls": list(urls),
            },
            cls=DjangoJSONEncoder,
        ),
        "rows": [
            (label, url, [conditional_escape(_figure(value, chart.unit)) for value in values])
            for label, url, *values in zip(chart.labels, urls, *columns, strict=True)
        ],
    }
