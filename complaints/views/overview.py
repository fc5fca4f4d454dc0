"""Figures, cases to learn from, and who looked for which client."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.filters import visible_units
from accounts.views.disclosures import LogView
from complaints.figures import TARGET_COMPLAINTS, TARGET_SATISFIED, case_figures
from complaints.filters import ClientLookupFilter
from complaints.models import Case, ClientLookup
from complaints.selectors.lessons import lesson_cases, lesson_of
from complaints.services import lessons
from complaints.tables import ClientLookupTable
from crm.lib.filters import MonthField
from crm.lib.http import StaffRequest
from crm.lib.keyset import Order
from crm.lib.views import PageLinks, permission, visible_or_404
from staff.models import Unit

BY_CLOSING = Order("-closed_at", "closed_at", descending=True)


class FiguresForm(forms.Form):
    month = MonthField(label=gettext_lazy("Calendar month"), required=False)
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        to_field_name="code",
        label=gettext_lazy("Responsible unit"),
        required=False,
        empty_label=gettext_lazy("All units"),
    )


@permission("complaints.view_figures")
def figures(request: StaffRequest) -> HttpResponse:
    """A month's satisfaction and complaints against 100 % and 0 (ORG-26)."""
    this_month = timezone.localdate().replace(day=1)
    asked = request.GET.copy()
    asked.setdefault("month", f"{this_month:%Y-%m}")
    form = FiguresForm(asked)
    form.fields["unit"].queryset = visible_units(request)  # type: ignore[attr-defined]
    wanted = form.cleaned_data if form.is_valid() else {}
    month: date = wanted.get("month") or this_month
    shown = case_figures(request, month=month, unit=wanted.get("unit"))
    context = {
        "form": form,
        "figures": shown,
        "month": month,
        "target_rate": TARGET_SATISFIED,
        "target_count": TARGET_COMPLAINTS,
    }
    return TemplateResponse(request, "complaints/figures.html", context)


@permission("complaints.view_case")
def lesson_list(request: StaffRequest) -> HttpResponse:
    """Training material for every manager, without names (STF-08)."""
    unread = request.GET.get("unread") == "true"
    page = PageLinks(lesson_cases(request.user, unread=unread), BY_CLOSING, request.GET)
    context = {"lessons": [lesson_of(case) for case in page.rows], "page": page, "unread": unread}
    return TemplateResponse(request, "complaints/lesson_list.html", context)


@require_POST
@permission("complaints.view_case")
def lesson_read(request: StaffRequest, pk: UUID) -> HttpResponse:
    case = get_object_or_404(lesson_cases(request.user), pk=pk)
    lessons.read_lesson(case=case, now=timezone.now(), by=request.user)
    return HttpResponseRedirect(reverse("complaints:lesson_list"))


@require_POST
@permission("complaints.close_case")
def case_lesson(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Among the training material, or no longer."""
    case = visible_or_404(Case.objects.with_people(), request, pk)
    is_lesson = request.POST.get("lesson") == "1"
    lessons.mark_lesson(case=case, is_lesson=is_lesson, by=request.user)
    return HttpResponseRedirect(case.get_absolute_url())


class LookupLogView(LogView):
    model = ClientLookup
    filterset_class = ClientLookupFilter
    table_class = ClientLookupTable
    empty_title = gettext_lazy("Nobody looked for clients of others")

    def queryset(self) -> Any:
        return super().queryset().select_related("person")
