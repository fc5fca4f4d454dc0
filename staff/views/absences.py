"""The register of absences, asking for one, deciding, coming back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, form_page, permission, visible_or_404
from staff.filters import AbsenceFilter
from staff.forms.absences import AbsenceForm
from staff.models import Absence, User
from staff.selectors.absences import may_decide, people_to_excuse
from staff.services import absences
from staff.tables import AbsenceTable


class AbsenceListView(ScopedListView):
    model = Absence
    filterset_class = AbsenceFilter
    table_class = AbsenceTable
    right = "staff.record_absence"
    title = gettext_lazy("Absences")
    empty_title = gettext_lazy("Nobody is away")
    empty_text = gettext_lazy("Leave is asked for beforehand, with a deputy for the clients.")
    empty_icon = "calendar"

    def queryset(self) -> Any:
        return super().queryset().select_related("person", "deputy")

    def extra_context(self) -> dict[str, Any]:
        return {
            "above_list": "staff/_team_nav.html",
            "active_tab": "absences",
            "create_url": reverse("staff:absence_create"),
            "create_label": _("New absence"),
        }


@permission("staff.record_absence")
def absence_create(request: StaffRequest) -> HttpResponse:
    """One's own, or with `?person=` that of somebody below."""
    person = _person(request)
    form = AbsenceForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        try:
            absence = absences.enter_absence(
                person=person, now=timezone.now(), by=request.user, **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(absence.get_absolute_url())
    return form_page(
        request,
        form,
        title=_("New absence"),
        subtitle=person.full_name,
        cancel_url=reverse("staff:absence_list"),
    )


@permission("staff.record_absence")
def absence_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    absence = _absence(request, pk)
    decides = may_decide(request.user, absence.person)
    context = {
        "absence": absence,
        "may_decide": decides and absence.is_undecided,
        "may_take_back": absence.is_standing
        and absence.ends_on >= timezone.localdate()
        and (decides or absence.person_id == request.user.pk),
    }
    return TemplateResponse(request, "staff/absence_detail.html", context)


@permission("staff.approve_absence")
@require_POST
def absence_approve(request: StaffRequest, pk: UUID) -> HttpResponse:
    absence = _absence(request, pk)
    absences.approve_absence(absence=absence, now=timezone.now(), by=request.user)
    messages.success(request, _("The absence is approved."))
    return HttpResponseRedirect(absence.get_absolute_url())


@permission("staff.approve_absence")
@require_POST
def absence_refuse(request: StaffRequest, pk: UUID) -> HttpResponse:
    absence = _absence(request, pk)
    absences.refuse_absence(absence=absence, now=timezone.now(), by=request.user)
    messages.success(request, _("The absence is refused."))
    return HttpResponseRedirect(absence.get_absolute_url())


@permission("staff.record_absence")
@require_POST
def absence_take_back(request: StaffRequest, pk: UUID) -> HttpResponse:
    absence = _absence(request, pk)
    absences.take_back_absence(absence=absence, by=request.user)
    messages.success(request, _("The absence is taken back."))
    return HttpResponseRedirect(absence.get_absolute_url())


def _absence(request: StaffRequest, pk: UUID) -> Absence:
    rows = Absence.objects.select_related("person", "deputy", "decided_by")
    return visible_or_404(rows, request, pk)


def _person(request: StaffRequest) -> User:
    number = request.GET.get("person") or str(request.user.pk)
    person = (
        people_to_excuse(request.user).filter(pk=number).first() if number.isdecimal() else None
    )
    if person is None:
        raise Http404
    return person
