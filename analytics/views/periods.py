"""Pages of billing months."""

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.filters import visible_units
from analytics.forms import ReasonForm
from analytics.models import BillingPeriod
from analytics.selectors.period_board import clients_percent, missing_of, period_board
from analytics.services import holding, period_closing, periods
from crm.lib.http import StaffRequest
from crm.lib.views import permission
from staff.models import User


@permission("analytics.view_import")
def period_list(request: StaffRequest) -> HttpResponse:
    """Which month, which unit, which state."""
    unit = visible_units(request).filter(code=request.GET.get("unit", "")).first()
    board = period_board(request.user, unit=unit)
    is_computing = any(row.period.is_complete and not row.period.computed_at for row in board.rows)
    context = {"board": board, "is_computing": is_computing}
    return TemplateResponse(request, "analytics/period_list.html", context)


@permission("analytics.complete_period")
def period_complete(request: StaffRequest, month: date) -> HttpResponse:
    """Mark a month complete, after a look at how much of it is there; a held one with a reason."""
    period = get_object_or_404(BillingPeriod, pk=month)
    form = ReasonForm(_posted(request), is_needed=period.is_held)
    if request.method == "POST" and form.is_valid():
        periods.order_completion(
            month=month, now=timezone.now(), by=request.user, **form.cleaned_data
        )
        messages.success(request, _("The month is complete; facts and alerts are being made."))
        return HttpResponseRedirect(reverse("analytics:period_list"))
    return _ask(
        request,
        form if period.is_held else None,
        title=_("Complete %(month)s") % {"month": period},
        text=_("Facts are made from the bills and the alert rules run."),
        consequences=_coverage_sentences(period, request.user),
        submit_label=_("Complete anyway") if period.is_held else _("Complete the month"),
        is_danger=period.is_held,
        status=422 if period.is_held and form.is_bound else 200,
    )


@permission("analytics.complete_period")
@require_POST
def period_wait(request: StaffRequest, month: date) -> HttpResponse:
    """The files that a held month lacks are on their way."""
    get_object_or_404(BillingPeriod, pk=month)
    holding.wait_for_files(month=month, now=timezone.now(), by=request.user)
    messages.success(request, _("The month waits; the file that fills the gap completes it."))
    return HttpResponseRedirect(reverse("analytics:period_list"))


@permission("analytics.close_period")
def period_close(request: StaffRequest, month: date) -> HttpResponse:
    """Nothing changes the month from now on."""
    period = get_object_or_404(BillingPeriod, pk=month)
    form = ReasonForm(_posted(request), is_needed=False)
    if request.method == "POST" and form.is_valid():
        period_closing.close_period(
            month=month, now=timezone.now(), by=request.user, **form.cleaned_data
        )
        messages.success(request, _("%(month)s is closed.") % {"month": period})
        return HttpResponseRedirect(reverse("analytics:period_list"))
    return _ask(
        request,
        form,
        title=_("Close %(month)s") % {"month": period},
        text=_("No file and no computation changes a closed month."),
        consequences=[
            _("Files with rows of this month are refused."),
            _("Its facts stay as they are, also when the month before is corrected."),
            _("It can be opened again, with a reason."),
        ],
        submit_label=_("Close the month"),
        status=422 if form.is_bound else 200,
    )


@permission("analytics.close_period")
def period_reopen(request: StaffRequest, month: date) -> HttpResponse:
    period = get_object_or_404(BillingPeriod, pk=month)
    form = ReasonForm(_posted(request), is_needed=True)
    if request.method == "POST" and form.is_valid():
        period_closing.reopen_period(
            month=month, now=timezone.now(), by=request.user, **form.cleaned_data
        )
        messages.success(request, _("%(month)s is open again.") % {"month": period})
        return HttpResponseRedirect(reverse("analytics:period_list"))
    return _ask(
        request,
        form,
        title=_("Open %(month)s again") % {"month": period},
        text=_("Files may change it again. Facts and alerts are made anew at once."),
        submit_label=_("Open again"),
        is_danger=True,
        status=422 if form.is_bound else 200,
    )


def _posted(request: StaffRequest) -> QueryDict | None:
    """Also when nothing but the button was sent."""
    return request.POST if request.method == "POST" else None


def _ask(
    request: StaffRequest, form: ReasonForm | None, *, status: int, **context: object
) -> HttpResponse:
    context |= {"form": form, "cancel_url": reverse("analytics:period_list")}
    return TemplateResponse(request, "crud/confirm.html", context, status=status)


def _coverage_sentences(period: BillingPeriod, user: User) -> Sequence[str]:
    coverage = clients_percent(period)
    return [
        _("There is no month before it to compare with.")
        if coverage is None
        else _("Bills of %(percent)s %% of last month's clients are loaded.")
        % {"percent": coverage},
        *(
            _("%(unit)s: %(rows)s of last month's %(expected)s bills (%(percent)s %%)")
            % {
                "unit": one.unit.name,
                "rows": f"{one.rows:,}",
                "expected": f"{one.expected:,}",
                "percent": one.percent,
            }
            for one in missing_of(period, user)
        ),
    ]
