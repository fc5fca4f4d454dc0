"""Bringing two records together: choose the other one, choose what stays; the list, and the way back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.filters import MergeFilter
from accounts.merge_forms import SIDES, MergeForm, PartForm
from accounts.merge_tables import MergeTable
from accounts.models import Client, Contact, Merge
from accounts.selectors.duplicates import client_suspects
from accounts.selectors.merges import (
    choices_between,
    counted,
    gone_into,
    namesakes,
    staying_between,
    steps_of,
    suggested_survivor,
)
from accounts.services import merges
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, permission, visible_or_404

RIGHT = "accounts.merge_records"


class MergeListView(ScopedListView):
    model = Merge
    filterset_class = MergeFilter
    table_class = MergeTable
    default_order = "-merged_at"
    right = RIGHT
    title = gettext_lazy("Merges")
    empty_title = gettext_lazy("Nothing was brought together yet")
    empty_text = gettext_lazy("Two records of one and the same client or person become one here.")
    empty_icon = "users"

    def queryset(self) -> Any:
        return super().queryset().with_records()


@permission(RIGHT)
def merge_create(request: StaffRequest) -> HttpResponse:
    """The two beside each other with what has to be chosen; first of all the other one.

    `client` or `contact` names the one, `other` (or a client's `code`) the other.
    """
    model: Any = Contact if "contact" in request.GET else Client
    ids = [_id(request.GET.get(name, "")) for name in (model._meta.model_name, "other")]
    if request.method == "POST" and (done := _done_already(request, ids)):
        return done
    if ids[0] is None:
        raise Http404
    one = visible_or_404(_rows(model), request, ids[0])
    two = _other(request, model, ids[1])
    if two is None or two.pk == one.pk:
        return _ask_for_other(request, one)
    choices = choices_between(one, two)
    suggested = suggested_survivor(one, two)
    form = MergeForm(request.POST or None, choices=choices, suggested=suggested)
    if form.is_valid() and (response := _merge(request, form, one, two)):
        return response
    context = {
        "form": form,
        "one": one,
        "two": two,
        "sides": [*zip((one, two), SIDES, strict=True)],
        "staying": staying_between(one, two),
        "counts": counted(one, two),
        "is_client": model is Client,
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "accounts/merge_form.html", context, status=status)


def _rows(model: Any) -> Any:
    if model is Contact:
        return Contact.objects.select_related("client__unit", "client__owner")
    return Client.objects.with_people()


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _other(request: StaffRequest, model: Any, pk: UUID | None) -> Any:
    """By its id, or a client by its code."""
    if pk is not None:
        return visible_or_404(_rows(model), request, pk)
    code = request.GET.get("code", "").strip()
    if not code or model is Contact:
        return None
    found = _rows(Client).visible_to(request.user).filter(code__iexact=code).first()
    if found is None:
        messages.error(request, _("You see no client with this code."))
    return found


def _ask_for_other(request: StaffRequest, one: Any) -> HttpResponse:
    context: dict[str, Any] = {"one": one, "code": request.GET.get("code", "")}
    if isinstance(one, Client):
        context["suspects"] = [
            suspect
            for suspect in client_suspects(
                name=one.name, address=one.address, user=request.user, but=one.pk
            )
            if suspect.url
        ]
    else:
        context["people"] = namesakes(one)
    return TemplateResponse(request, "accounts/merge_other.html", context)


def _merge(request: StaffRequest, form: MergeForm, one: Any, two: Any) -> HttpResponse | None:
    stays = form.cleaned_data["survivor"] == "one"
    wanted = {
        "survivor": one if stays else two,
        "loser": two if stays else one,
        "take": form.taken,
        "reason": form.cleaned_data["reason"],
        "now": timezone.now(),
        "by": request.user,
    }
    try:
        if isinstance(one, Client):
            done = merges.merge_clients(**wanted)
        else:
            done = merges.merge_contacts(**wanted, today=timezone.localdate())
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return None
    messages.success(request, _("The two are one record now; this can be taken back below."))
    return HttpResponseRedirect(done.get_absolute_url())


def _done_already(request: StaffRequest, ids: list[UUID | None]) -> HttpResponse | None:
    """A second press of the button: the first one has done it."""
    known = [pk for pk in ids if pk is not None]
    if not gone_into(known, request.user):
        return None
    done = Merge.objects.visible_to(request.user).standing().filter(old_id__in=known).first()
    return HttpResponseRedirect(done.get_absolute_url()) if done else None


@permission(RIGHT)
def merge_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    """What became of it: what moved, what was put aside, how to part the two again."""
    merge = visible_or_404(Merge.objects.with_records().defer(None), request, pk)
    return _detail(request, merge, PartForm())


def _detail(request: StaffRequest, merge: Merge, form: PartForm, status: int = 200) -> HttpResponse:
    context = {"merge": merge, "steps": steps_of(merge), "form": form}
    return TemplateResponse(request, "accounts/merge_detail.html", context, status=status)


@require_POST
@permission(RIGHT)
def merge_part(request: StaffRequest, pk: UUID) -> HttpResponse:
    merge = visible_or_404(Merge.objects.with_records().defer(None), request, pk)
    form = PartForm(request.POST)
    if form.is_valid():
        try:
            merges.part(
                merge=merge, reason=form.cleaned_data["reason"], now=timezone.now(), by=request.user
            )
        except DomainError as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Both records are there again."))
            return HttpResponseRedirect(merge.get_absolute_url())
    return _detail(request, merge, form, status=422)
