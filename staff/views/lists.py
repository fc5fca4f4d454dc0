"""Saved filters and chosen columns of lists."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.list_tools import tidied, unknown_parameters
from crm.lib.tables import Table, offered_columns
from crm.lib.views import ScopedListView, form_page, permission, require, visible_or_404
from staff.forms.lists import SavedFilterForm
from staff.models import SavedFilter
from staff.selectors.lists import default_filters, deleted_filters, filters_by_list
from staff.services import lists


def _list_view(request: StaffRequest, list_name: str) -> type[ScopedListView]:
    """The list page of that name, when the person may open it."""
    try:
        view = getattr(resolve(reverse(list_name)).func, "view_class", None)
    except NoReverseMatch:
        raise Http404 from None
    if view is None or not issubclass(view, ScopedListView):
        raise Http404
    require(request, view.right)
    return view


@permission("staff.do_task")
def saved_filter_create(request: StaffRequest, list_name: str) -> HttpResponse:
    """A name for the filters and the order in the address; none but those the list offers."""
    view = _list_view(request, list_name)
    query = tidied(request.GET)
    back = f"{reverse(list_name)}?{query}"
    unknown = unknown_parameters(view.filterset_class, QueryDict(query))
    filterset = view.filterset_class(request.GET, request=request)
    if not query or unknown or not filterset.is_valid():
        messages.error(request, _("This filter cannot be saved: the list does not know it."))
        return HttpResponseRedirect(reverse(list_name))
    form = SavedFilterForm(request.POST or None, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            lists.save_filter(
                list_name=list_name, query=query, by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, _("The filter is saved; it is above the list."))
            return HttpResponseRedirect(back)
    return form_page(
        request, form, title=_("Save this filter"), subtitle=view.title, cancel_url=back, columns=1
    )


@permission("staff.do_task")
def saved_filter_list(request: StaffRequest) -> HttpResponse:
    """The person's filters of all lists, to rename, order, share and delete."""
    groups = [(_title(name), filters) for name, filters in filters_by_list(request.user).items()]
    context = {"groups": groups, "deleted": deleted_filters(request.user, timezone.now())}
    context["defaults"] = default_filters(request.user)
    return TemplateResponse(request, "staff/saved_filter_list.html", context)


@permission("staff.do_task")
def saved_filter_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    saved = visible_or_404(SavedFilter.objects.select_related("unit"), request, pk)
    initial = {"name": saved.name, "unit": saved.unit}
    form = SavedFilterForm(request.POST or None, by=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            lists.change_filter(saved=saved, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error("name", error.message)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("staff:saved_filter_list"))
    cancel = reverse("staff:saved_filter_list")
    return form_page(request, form, title=_("Edit filter"), cancel_url=cancel, columns=1)


@permission("staff.do_task")
@require_POST
def saved_filter_delete(request: StaffRequest, pk: UUID) -> HttpResponse:
    saved = visible_or_404(SavedFilter, request, pk)
    lists.delete_filter(saved=saved, now=timezone.now(), by=request.user)
    messages.success(request, _("Deleted. Below it can be taken back."))
    return HttpResponseRedirect(reverse("staff:saved_filter_list"))


@permission("staff.do_task")
@require_POST
def saved_filter_restore(request: StaffRequest, pk: UUID) -> HttpResponse:
    lists.restore_filter(saved=visible_or_404(SavedFilter, request, pk), by=request.user)
    return HttpResponseRedirect(reverse("staff:saved_filter_list"))


@permission("staff.do_task")
@require_POST
def saved_filter_up(request: StaffRequest, pk: UUID) -> HttpResponse:
    saved = visible_or_404(SavedFilter.objects.kept(), request, pk)
    lists.move_filter_up(saved=saved, by=request.user)
    return HttpResponseRedirect(reverse("staff:saved_filter_list"))


@permission("staff.do_task")
@require_POST
def saved_filter_default(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The list opens with this filter; pressed again, with all rows."""
    saved = get_object_or_404(SavedFilter.objects.usable_by(request.user), pk=pk)
    chosen = None if request.user.filter_to_open(saved.list_name) == saved else saved
    lists.open_list_with(list_name=saved.list_name, saved=chosen, by=request.user)
    return HttpResponseRedirect(reverse("staff:saved_filter_list"))


@dataclass(frozen=True)
class ColumnChoice:
    name: str
    label: str
    is_shown: bool


@permission("staff.do_task")
def list_columns(request: StaffRequest, list_name: str) -> HttpResponse:
    """Which columns a list has and in which order; arrows move one without saving yet."""
    view = _list_view(request, list_name)
    table = view.table_class([])
    first, *known = offered_columns(view.table_class)
    if request.method == "POST" and "reset" in request.POST:
        lists.choose_columns(list_name=list_name, columns=[], by=request.user)
        return HttpResponseRedirect(reverse(list_name))
    order, shown = _order_and_shown(request, list_name, known, table)
    if request.method == "POST" and "up" not in request.POST:
        chosen = [first, *(name for name in order if name in shown)]
        lists.choose_columns(list_name=list_name, columns=chosen, by=request.user)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse(list_name))
    columns = table.columns.columns
    context = {
        "title": _("Columns"),
        "subtitle": view.title,
        "first": str(columns[first].header),
        "choices": [ColumnChoice(n, str(columns[n].header), n in shown) for n in order],
        "cancel_url": reverse(list_name),
    }
    return TemplateResponse(request, "staff/list_columns.html", context)


def _order_and_shown(
    request: StaffRequest, list_name: str, known: list[str], table: Table
) -> tuple[list[str], set[str]]:
    """All columns in the order in which they are to be offered, and those that are ticked."""
    if request.method == "POST":
        sent = [name for name in dict.fromkeys(request.POST.getlist("column")) if name in known]
        order = sent + [name for name in known if name not in sent]
        place = order.index(up) if (up := request.POST.get("up", "")) in order else 0
        if place:
            order[place - 1 : place + 1] = order[place], order[place - 1]
        return order, set(request.POST.getlist("show"))
    chosen = [name for name in request.user.chosen_columns(list_name) if name in known]
    visible = chosen or [name for name in known if table.columns[name].visible]
    return visible + [name for name in known if name not in visible], set(visible)


def _title(list_name: str) -> str:
    try:
        view = getattr(resolve(reverse(list_name)).func, "view_class", None)
    except NoReverseMatch:
        return list_name
    return str(view.title) if view else list_name
