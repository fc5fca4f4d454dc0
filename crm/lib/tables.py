"""The base of every list table, and the columns that lists share.

Rows come sorted and cut into pages by the QuerySet (crm/lib/keyset.py); a table only shows which
order that is and links to the others.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_tables2.utils import OrderBy, OrderByTuple

from crm.lib.templatetags.components import badge, money, month, percent


def offered_columns(table_class: type[tables.Table]) -> list[str]:
    """The columns with something to read, the row's name first; not boxes and buttons."""
    return [
        name for name, column in table_class.base_columns.items() if not column.exclude_from_export
    ]


def usable_columns(table_class: type[tables.Table], chosen: Sequence[str]) -> list[str]:
    """All columns to show: the chosen ones that there are, the row's name first (P32).

    Boxes and buttons stay where they are. Nothing when nothing was chosen: as the table comes.
    """
    if not chosen:
        return []
    first, *others = offered_columns(table_class)
    known = list(table_class.base_columns)
    place = known.index(first)
    tools = [name for name in known if name not in {first, *others}]
    return [
        *(name for name in tools if known.index(name) < place),
        first,
        *(name for name in dict.fromkeys(chosen) if name in others),
        *(name for name in tools if known.index(name) > place),
    ]


class Table(tables.Table):
    """List table: `TableClass(rows, order_by="-income", html_id="client-table")`.

    `chosen` are the columns somebody wants to see, in their order; by default all visible ones.
    `html_id` names the element (table, chips and pager together) that htmx replaces.
    """

    html_id = "list-table"
    # Names of the columns with personal data of clients' people (P34). A table that is exported
    # has to say, if only that there are none.
    personal: ClassVar[frozenset[str] | None] = None

    def __init__(
        self, *args: Any, html_id: str = "", chosen: Sequence[str] = (), **kwargs: Any
    ) -> None:
        # Not in a Meta: subclasses would have to inherit it, and one that forgets looks broken.
        kwargs.setdefault("template_name", "components/table.html")
        kwargs.setdefault("attrs", {"class": "table table-vcenter card-table table-cards"})
        kwargs.setdefault("orderable", False)  # a column with an order says orderable=True
        columns = usable_columns(type(self), chosen)
        if columns:
            kwargs["sequence"] = columns
            kwargs["exclude"] = [name for name in self.base_columns if name not in columns]
        super().__init__(*args, **kwargs)
        for name in columns:
            self.columns.show(name)
        self.html_id = html_id or (f"{self.prefix}table" if self.prefix else self.html_id)
        # Attributes of a column replace those of the table, so the phone's labels go here.
        for bound in self.columns.iterall():
            cell = bound.column.attrs.get("td", bound.column.attrs.get("cell", {}))
            # A new dict: columns of one class share theirs.
            td = {"data-label": bound.header, **cell}
            bound.column.attrs = {**bound.column.attrs, "td": td}

    @property
    def order_by(self) -> OrderByTuple:
        return self._order_by

    @order_by.setter
    def order_by(self, value: Any) -> None:
        # Only remembered: sorting here would undo the QuerySet's order of one page.
        names = value.split(",") if isinstance(value, str) else value or ()
        self._order_by = OrderByTuple(name for name in names if OrderBy(name).bare in self.columns)


class RowLinkColumn(tables.Column):
    """The row's name, linking to its page; on a phone the whole card is the link."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("linkify", True)
        kwargs.setdefault("attrs", {"a": {"class": "row-link"}, "td": {"class": "row-title"}})
        super().__init__(**kwargs)


class LocalTimeColumn(tables.DateTimeColumn):
    """An instant in the reader's time zone, on pages and in files alike."""

    attrs = {"td": {"class": "text-nowrap"}}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="Y-m-d H:i", **kwargs)

    def value(self, value: dt.datetime) -> str:
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"


class LocalDayColumn(LocalTimeColumn):
    """The day of an instant where the reader is."""

    def render(self, value: dt.datetime) -> str:
        return self.value(value)

    def value(self, value: dt.datetime) -> str:
        return f"{timezone.localtime(value):%Y-%m-%d}"


class FigureColumn(tables.Column):
    """Aligned right with digits of one width."""

    attrs = {"th": {"class": "text-end"}, "td": {"class": "text-end num"}}


class MoneyColumn(FigureColumn):
    def render(self, value: Any) -> str:
        return money(value)

    def value(self, value: Any) -> Any:
        return value


class PercentColumn(FigureColumn):
    def render(self, value: Any) -> str:
        return percent(value)

    def value(self, value: Any) -> Any:
        return value


class MonthColumn(tables.Column):
    attrs = {"td": {"class": "num"}}

    def render(self, value: Any) -> str:
        return month(value)


class BadgeColumn(tables.Column):
    """A choice field as a badge; `tones` maps its stored values to tone names."""

    def __init__(self, tones: Mapping[str, str], **kwargs: Any) -> None:
        self.tones = tones
        super().__init__(**kwargs)

    def render(self, value: Any, record: Any, bound_column: Any) -> str:
        stored = bound_column.accessor.resolve(record)  # `value` is already the label
        return badge(value, self.tones.get(stored, "neutral"))

    def value(self, value: Any) -> Any:
        return value


class SelectColumn(tables.Column):
    """A box to tick; it belongs to the form `selection` above the list, see `picked`.

    `when`: for which rows there is a box.
    """

    attrs = {"th": {"class": "w-1"}, "td": {"class": "row-select", "data-label": ""}}

    def __init__(self, when: Callable[[Any], bool] = lambda record: True, **kwargs: Any) -> None:
        self.when = when
        super().__init__(
            empty_values=(),
            accessor="pk",
            verbose_name=_("Select"),
            exclude_from_export=True,
            **kwargs,
        )

    def render(self, value: Any, record: Any) -> str:
        if not self.when(record):
            return ""
        return format_html(
            '<input type="checkbox" class="form-check-input" name="picked" value="{}"'
            ' form="selection" aria-label="{}">',
            value,
            gettext("Select %(row)s") % {"row": record},
        )
