"""The two shapes of a view: a list page as a class, everything else a function with decorators."""

import contextlib
import functools
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from django_filters import FilterSet
from django_htmx.http import trigger_client_event

from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.keyset import InvalidCursor, Order, Page, chosen_order, keyset_page
from crm.lib.list_tools import ListTools
from crm.lib.scoping import ScopedQuerySet
from crm.lib.tables import Table

M = TypeVar("M", bound=Model)
ViewFunction = Callable[..., HttpResponseBase]


def permission(right: str) -> Callable[[ViewFunction], ViewFunction]:
    """403 without the right. Which rows may be touched is decided by `visible_or_404`."""

    def decorate(view: ViewFunction) -> ViewFunction:
        @functools.wraps(view)
        def checked(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            require(request, right)
            return view(request, *args, **kwargs)

        return checked

    return decorate


def require(request: StaffRequest, right: str) -> None:
    if not request.user.has_perm(right):
        raise PermissionDenied


def visible_or_404(rows: type[M] | QuerySet[M], request: StaffRequest, pk: UUID | int) -> M:
    """The row when the person may see it; otherwise it does not exist for them."""
    queryset = rows if isinstance(rows, QuerySet) else rows._default_manager.all()
    assert isinstance(queryset, ScopedQuerySet)  # noqa: S101 -- a programming error, not input
    return get_object_or_404(queryset.visible_to(request.user), pk=pk)


def picked(request: HttpRequest) -> list[UUID]:
    """Ids of the rows ticked in a list (`SelectColumn`); anything else in there is left out."""
    found = []
    for text in request.POST.getlist("picked"):
        with contextlib.suppress(ValueError):
            found.append(UUID(text))
    return found


def is_fragment(request: StaffRequest) -> bool:
    """True when htmx wants a part of the page, not a boosted whole one."""
    return bool(request.htmx) and not request.htmx.boosted


def back_or(request: HttpRequest, fallback: str) -> HttpResponseRedirect:
    """Return to `next` when it is an address of ours, else to the fallback."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    ):
        target = fallback
    return HttpResponseRedirect(target)


def form_page(request: StaffRequest, form: BaseForm, **context: Any) -> HttpResponse:
    """A form on a page of its own, or for htmx in the dialog; 422 when it comes back with errors."""
    status = 422 if form.is_bound else 200
    template = "crud/form_dialog.html" if is_fragment(request) else "crud/form.html"
    return TemplateResponse(request, template, {"form": form, **context}, status=status)


def form_done(request: StaffRequest, url: str, text: str) -> HttpResponse:
    """After a form was saved: on to the address, or from the dialog back to the page below it.

    That page is told by the event `client-changed`; its parts that listen are fetched anew.
    """
    if not is_fragment(request):
        messages.success(request, text)
        return HttpResponseRedirect(url)
    response = HttpResponse(status=204)
    trigger_client_event(response, "dialog-close")
    trigger_client_event(response, "client-changed")
    return trigger_client_event(response, "toast", {"text": text, "tone": "success"})


class PageLinks:
    """The keyset page that the address asks for, with the addresses of its neighbours.

    Cursors are signed for these rows, so nothing but a place of ours reaches the database; any
    other one is ignored.
    """

    def __init__(self, rows: QuerySet, order: Order, parameters: QueryDict) -> None:
        self.signer = signing.Signer(sep=".", salt=f"crm.lib.views.cursor.{rows.model._meta.label}")
        page = self._page(rows, order, parameters.get("cursor", ""))
        self.rows = page.rows
        self.next_url = self._url(parameters, page.next_cursor)
        self.previous_url = self._url(parameters, page.previous_cursor)

    def _page(self, rows: QuerySet, order: Order, token: str) -> Page:
        try:
            return keyset_page(rows, order, cursor=self.signer.unsign(token) if token else "")
        except (signing.BadSignature, InvalidCursor):
            return keyset_page(rows, order)

    def _url(self, parameters: QueryDict, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        parameters = parameters.copy()
        parameters["cursor"] = self.signer.sign(cursor)
        return f"?{parameters.urlencode()}"


COUNTED = 1_000


def _count_text(page: PageLinks, rows: QuerySet) -> str:
    """How many rows there are, as far as anybody would count: `1,000+`."""
    if page.next_url is None and page.previous_url is None:
        number = len(page.rows)
    else:
        number = rows.order_by()[: COUNTED + 1].count()
    if number > COUNTED:
        return _("%(number)s+ rows") % {"number": f"{COUNTED:,}"}
    return ngettext("%(number)s row", "%(number)s rows", number) % {"number": f"{number:,}"}


class UnusableFilter(DomainError):
    code = "unusable_filter"


class ScopedListView(View):
    """A list: filters, sort and page in the address, rows of the person only, export as a job."""

    model: ClassVar[type[Model]]
    filterset_class: ClassVar[type[FilterSet]]
    table_class: ClassVar[type[Table]]
    default_order: ClassVar[str] = ""
    right: ClassVar[str]
    export_right: ClassVar[str] = ""
    template_name = "crud/list.html"
    title: ClassVar[str | Promise]
    empty_title: ClassVar[str | Promise] = ""
    empty_text: ClassVar[str | Promise] = ""
    empty_icon = "inbox"

    list_name = ""  # of its address

    def queryset(self) -> Any:
        """Rows the person may see, with what the table shows; override to add joins."""
        rows: Any = self.model._default_manager.all()
        return rows.visible_to(self.request.user)

    def get(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require(request, self.right)
        self.list_name = request.resolver_match.view_name if request.resolver_match else ""
        tools = ListTools(self.list_name, self.filterset_class, request.user, request.GET)
        if not request.GET and not is_fragment(request) and tools.default_query:
            return HttpResponseRedirect(f"?{tools.default_query}")
        order = self._order(request.GET)
        filterset = self.filterset_class(request.GET, self.queryset(), request=request)
        is_usable = filterset.is_valid()
        rows = filterset.qs if is_usable else filterset.queryset.none()
        page = PageLinks(rows, order, request.GET)
        table = self.table_for(request)(
            page.rows, order_by=order.name, html_id="list-table", chosen=tools.columns
        )
        context = {
            "title": self.title,
            "filter": filterset,
            "table": table,
            "page": page,
            "export_url": self._export_url(),
            "tools": tools,
            "result_text": _count_text(page, rows),
            "empty_title": self.empty_title,
            "empty_text": self.empty_text,
            "empty_icon": self.empty_icon,
            **self.extra_context(),
        }
        if not is_usable:
            context |= _why_unusable(filterset)
        # Partials are not inherited: a template of its own that extends the list has none.
        template = "crud/list.html#list-table" if is_fragment(request) else self.template_name
        return TemplateResponse(request, template, context)

    def extra_context(self) -> dict[str, Any]:
        return {}

    def table_for(self, request: StaffRequest) -> type[Table]:
        """Override when some people get more columns on the page."""
        return self.table_class

    def export_table(
        self, request: StaffRequest, parameters: QueryDict, chosen: Sequence[str]
    ) -> Table:
        """All rows of the filtered list in its order, with the chosen columns, for a file."""
        self.setup(request)
        require(request, self.export_right)
        filterset = self.filterset_class(parameters, self.queryset(), request=request)
        if not filterset.is_valid():
            raise UnusableFilter(_("This filter cannot be used"))
        rows = filterset.qs.order_by(*self._order(parameters).ordering)
        return self.table_class(rows, chosen=chosen)

    def _order(self, parameters: QueryDict) -> Order:
        default = self.default_order or self.filterset_class.DEFAULT_ORDER
        return chosen_order(self.filterset_class.ORDERS, parameters.get("sort", ""), default)

    def _export_url(self) -> str:
        if self.export_right and self.request.user.has_perm(self.export_right):
            return reverse("staff:export_create", args=[self.list_name])
        return ""


def _why_unusable(filterset: FilterSet) -> dict[str, Any]:
    """What the list says instead of rows; the fields themselves may be out of sight for htmx."""
    reasons = [
        f"{filterset.form[name].label}: {error}"
        for name, errors in filterset.errors.items()
        for error in errors
    ]
    return {"empty_title": _("This filter cannot be used"), "empty_text": " ".join(reasons)}
