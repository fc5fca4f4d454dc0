"""Policy texts, loans and the duty roster."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, form_page, permission, visible_or_404
from staff.choices import PolicyKind
from staff.filters import LoanFilter
from staff.forms.office import LoanForm, PolicyForm, ShiftForm
from staff.models import DutyShift, Loan, PolicyVersion
from staff.selectors.authority import units_in_charge
from staff.selectors.duty import roster
from staff.selectors.policies import current_policies, current_policy
from staff.services import duty, loans, policies
from staff.tables import LoanTable

SHIFTS_SHOWN = 200


# Policy texts ---------------------------------------------------------------------------------


@permission("staff.do_task")
def policy_list(request: StaffRequest) -> HttpResponse:
    texts = current_policies()
    rows = [(PolicyKind(kind), texts.get(kind)) for kind in PolicyKind.values]
    return TemplateResponse(request, "staff/policy_list.html", {"policies": rows})


@permission("staff.edit_policy")
def policy_edit(request: StaffRequest, kind: str) -> HttpResponse:
    """A new version; everybody accepts that of the confidentiality text before going on."""
    if kind not in PolicyKind.values:
        raise Http404
    current = current_policy(kind)
    initial = {"body_en": current.body_en, "body_zh": current.body_zh} if current else {}
    form = PolicyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        policies.publish_policy(kind=kind, now=timezone.now(), by=request.user, **form.cleaned_data)
        messages.success(request, _("The new version is published."))
        return HttpResponseRedirect(reverse("staff:policy_list"))
    return form_page(
        request,
        form,
        title=PolicyKind(kind).label,
        subtitle=_("A new version; the old ones are kept"),
        columns=1,
        cancel_url=reverse("staff:policy_list"),
        submit_label=_("Publish"),
    )


@permission("staff.do_task")
def policy_acknowledge(request: StaffRequest) -> HttpResponse:
    """Shown before anything else until it is accepted (SEC-07)."""
    policy = current_policy(PolicyKind.CONFIDENTIALITY)
    if request.method == "POST":
        # The version that was on the screen: another one may be newer by now.
        read = _policy_read(request.POST.get("policy", ""))
        policies.acknowledge(policy=read, now=timezone.now(), by=request.user)
        return HttpResponseRedirect("/")
    return TemplateResponse(request, "staff/policy_acknowledge.html", {"policy": policy})


def _policy_read(text: str) -> PolicyVersion | None:
    try:
        return PolicyVersion.objects.filter(pk=UUID(text)).first()
    except ValueError:
        return None


# Loans ----------------------------------------------------------------------------------------


class LoanListView(ScopedListView):
    model = Loan
    filterset_class = LoanFilter
    table_class = LoanTable
    right = "staff.do_task"
    title = gettext_lazy("Loans")
    empty_title = gettext_lazy("Nothing is lent")
    empty_text = gettext_lazy("Demo phones, laptops and the like that have to come back.")
    empty_icon = "device-mobile"

    def queryset(self) -> Any:
        return super().queryset().select_related("person")

    def extra_context(self) -> dict[str, Any]:
        context = {"above_list": "staff/_team_nav.html", "active_tab": "loans"}
        if self.request.user.has_perm("staff.lend_item"):
            context["create_url"] = reverse("staff:loan_create")
            context["create_label"] = _("Lend something")
        return context


@permission("staff.lend_item")
def loan_create(request: StaffRequest) -> HttpResponse:
    form = LoanForm(request.POST or None, by=request.user, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        loans.lend_item(by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("staff:loan_list"))
    cancel = reverse("staff:loan_list")
    return form_page(request, form, title=_("Lend something"), cancel_url=cancel)


@permission("staff.lend_item")
def loan_return(request: StaffRequest, pk: UUID) -> HttpResponse:
    units = units_in_charge(request.user).order_by().values("pk")
    rows = Loan.objects.select_related("person__unit").filter(person__unit__in=units)
    loan = visible_or_404(rows, request, pk)
    if request.method == "POST":
        loans.take_item_back(loan=loan, today=timezone.localdate(), by=request.user)
        messages.success(request, _("Returned."))
        return HttpResponseRedirect(reverse("staff:loan_list"))
    context = {
        "title": _("Take it back"),
        "text": f"{loan.item} {loan.serial_number} · {loan.person.full_name}",
        "cancel_url": reverse("staff:loan_list"),
        "submit_label": _("It is back"),
    }
    return TemplateResponse(request, "crud/confirm.html", context)


# Duty -----------------------------------------------------------------------------------------


@permission("staff.do_task")
def duty_list(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    mine = set(units_in_charge(request.user).order_by().values_list("pk", flat=True))
    rows = [(shift, shift.unit_id in mine) for shift in roster(request.user, now)[:SHIFTS_SHOWN]]
    return TemplateResponse(request, "staff/duty_list.html", {"shifts": rows, "now": now})


@permission("staff.edit_duty")
def duty_create(request: StaffRequest) -> HttpResponse:
    form = ShiftForm(request.POST or None, by=request.user, initial={"unit": request.user.unit_id})
    if request.method == "POST" and form.is_valid():
        duty.add_shift(by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("staff:duty_list"))
    return form_page(request, form, title=_("New shift"), cancel_url=reverse("staff:duty_list"))


@permission("staff.edit_duty")
@require_POST
def duty_remove(request: StaffRequest, pk: UUID) -> HttpResponse:
    units = units_in_charge(request.user).order_by().values("pk")
    shift = get_object_or_404(DutyShift.objects.filter(unit__in=units), pk=pk)
    duty.remove_shift(shift=shift, by=request.user)
    messages.success(request, _("The shift is removed."))
    return HttpResponseRedirect(reverse("staff:duty_list"))
