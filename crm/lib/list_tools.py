"""What a person has made of a list: saved filters as tabs, chosen columns."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django_filters import FilterSet

if TYPE_CHECKING:
    from staff.models import SavedFilter, User

# Says that the list is wanted as it comes, whatever it opens with.
PLAIN = "view=all"
POSITIONS = ("cursor", "page", "view")


@dataclass(frozen=True)
class FilterTab:
    """A saved filter above its list. `fits` is false when the list no longer knows a part of it."""

    name: str
    url: str
    is_active: bool
    is_shared: bool
    fits: bool


class ListTools:
    """Saved filters and columns of one list as one person has them."""

    def __init__(
        self,
        list_name: str,
        filterset_class: type[FilterSet],
        user: "User",
        parameters: QueryDict,
    ) -> None:
        self.list_name = list_name
        self._filterset_class = filterset_class
        self._user = user
        self._parameters = parameters

    @property
    def columns(self) -> list[str]:
        return self._user.chosen_columns(self.list_name)

    @property
    def default_query(self) -> str:
        """What the list opens with; nothing when it no longer fits, the tab says so."""
        chosen = self._user.filter_to_open(self.list_name)
        return chosen.query if chosen and self.fits(chosen.query) else ""

    @property
    def query(self) -> str:
        """Filters and order of the page, without its place."""
        return tidied(self._parameters)

    @property
    def plain_url(self) -> str:
        """The list without any filter."""
        return f"?{PLAIN}" if self._user.filter_to_open(self.list_name) else "?"

    @property
    def save_url(self) -> str:
        """Where the filters in use get a name, unless they have one."""
        if not self.query or any(tab.is_active for tab in self.tabs):
            return ""
        return f"{reverse('staff:saved_filter_create', args=[self.list_name])}?{self.query}"

    @property
    def manage_url(self) -> str:
        return reverse("staff:saved_filter_list")

    @property
    def columns_url(self) -> str:
        return reverse("staff:list_columns", args=[self.list_name])

    @cached_property
    def tabs(self) -> list[FilterTab]:
        return [self._tab(each) for each in self._user.usable_filters(self.list_name)]

    @property
    def misfit(self) -> FilterTab | None:
        """The filter in use, when the list no longer knows a part of it."""
        return next((tab for tab in self.tabs if tab.is_active and not tab.fits), None)

    def _tab(self, saved: "SavedFilter") -> FilterTab:
        return FilterTab(
            name=saved.name,
            url=f"?{saved.query}",
            is_active=self.query == tidied(QueryDict(saved.query)),
            is_shared=saved.owner_id != self._user.pk,
            fits=self.fits(saved.query),
        )

    def fits(self, query: str) -> bool:
        return not unknown_parameters(self._filterset_class, QueryDict(query))


def tidied(parameters: QueryDict) -> str:
    """In one order, without empty values and the place in the list."""
    pairs = [
        (name, value)
        for name in sorted(set(parameters) - set(POSITIONS))
        for value in parameters.getlist(name)
        if value
    ]
    tidy = QueryDict(mutable=True)
    for name, value in pairs:
        tidy.appendlist(name, value)
    return tidy.urlencode()


def unknown_parameters(filterset_class: Any, parameters: QueryDict) -> list[str]:
    """Names of filters and orders that the list does not offer (P32)."""
    unknown = [name for name in parameters if name not in _known_parameters(filterset_class)]
    orders: Iterable[str] = getattr(filterset_class, "ORDERS", ())
    sort = str(parameters.get("sort", ""))
    if sort and sort not in orders:
        unknown.append("sort")
    return unknown


@cache
def _known_parameters(filterset_class: Any) -> frozenset[str]:
    form = filterset_class().form
    return frozenset(name for bound in form for name in parameter_names(bound)) | {"sort"}


def parameter_names(bound: forms.BoundField) -> list[str]:
    """The parameters of the address that a field reads."""
    widget: Any = bound.field.widget
    if not isinstance(bound.field.widget, forms.MultiWidget):
        return [bound.html_name]
    if suffixed := getattr(widget, "suffixed", None):  # django-filter's ranges
        return [suffixed(bound.html_name, suffix) for suffix in widget.suffixes]
    return [f"{bound.html_name}{suffix}" for suffix in widget.widgets_names]
