"""What clients are worth: the list of values to judge, judging one, one judgement."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.views.client_page import get_client
from accounts.views.sections import sections
from analytics.assessment_forms import AssessValueForm
from analytics.filters import ValueDueFilter
from analytics.models import ValueAssessment, ValueDue
from analytics.selectors import values
from analytics.services import assessments
from analytics.tables import ValueDueTable
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, permission, visible_or_404

TAB = "analytics:client_business"


class ValueListView(ScopedListView):
    model = ValueDue
    filterset_class = ValueDueFilter
    table_class = ValueDueTable
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    template_name = "accounts/section_list.html"
    title = gettext_lazy("Values to judge")
    empty_title = gettext_lazy("No values to judge")
    empty_text = gettext_lazy(
        "Signed clients appear here by night; how often they are judged is set under Rhythms."
    )
    empty_icon = "star"

    def queryset(self) -> Any:
        return super().queryset().with_people()

    def extra_context(self) -> dict[str, Any]:
        return {"sections": sections(self.request, "analytics:value_list")}


@permission("analytics.judge_value")
def value_assess(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Three factors beside the figures they are judged by."""
    client = get_client(request, pk)
    figures = values.value_figures(client)
    suggested = values.suggestion(client, figures)
    initial = suggested.points | {"expected_income": figures.expected_income}
    form = AssessValueForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = assessments.assess_value(
                client=client, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(
                request,
                _("Judged: %(grade)s, %(score)s of 100.")
                % {"grade": row.get_grade_display(), "score": row.score},
            )
            return HttpResponseRedirect(reverse(TAB, args=[client.pk]))
    context = {
        "client": client,
        "form": form,
        "figures": figures,
        "suggested": suggested,
        "value": values.value_view(client, request.user),
    }
    status = 422 if form.is_bound else 200
    return TemplateResponse(request, "analytics/value_assess.html", context, status=status)


@permission("accounts.view_client")
def assessment_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    row = visible_or_404(ValueAssessment.objects.with_people(), request, pk)
    return TemplateResponse(request, "analytics/assessment_detail.html", {"row": row})
