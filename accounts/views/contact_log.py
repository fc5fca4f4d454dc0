"""The contact diary: logging a contact, its page, the list by day."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.filters import ContactLogFilter
from accounts.forms import ContactLogForm
from accounts.models import ContactLog
from accounts.services import contact_log
from accounts.tables import ContactLogTable
from accounts.views.client_page import client_of_query
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, form_done, form_page, permission, visible_or_404


class DiaryView(ScopedListView):
    """Everybody's logged contacts that the person may see; by day, person and unit (ORG-05)."""

    model = ContactLog
    filterset_class = ContactLogFilter
    table_class = ContactLogTable
    template_name = "accounts/diary.html"
    right = "accounts.view_client"
    export_right = "accounts.export_clients"
    title = gettext_lazy("Contact diary")
    empty_title = gettext_lazy("No contacts logged")
    empty_text = gettext_lazy("Calls, messages and receptions are logged on a client's page.")
    empty_icon = "phone"

    def queryset(self) -> Any:
        return super().queryset().with_people()

    def extra_context(self) -> dict[str, Any]:
        today = timezone.localdate()
        day = _day(self.request.GET.get("day", ""))
        mine = f"person={self.request.user.pk}"
        return {
            "day": day,
            "today_url": f"?{mine}&day={today}",
            "before_url": f"?{mine}&day={(day or today) - timedelta(days=1)}",
            "after_url": f"?{mine}&day={day + timedelta(days=1)}" if day and day < today else "",
        }


def _day(text: str) -> date | None:
    """A day of the address; nonsense and the ends of time are none."""
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and date.min < day < date.max else None


def _get(request: StaffRequest, pk: UUID) -> ContactLog:
    return visible_or_404(ContactLog.objects.with_people(), request, pk)


@permission("accounts.log_contact")
def contact_log_create(request: StaffRequest) -> HttpResponse:
    """Log a contact with `?client=`; `?direction=` proposes who came to whom."""
    client, now = client_of_query(request), timezone.now()
    initial = {name: request.GET[name] for name in ("direction", "contact") if name in request.GET}
    form = ContactLogForm(request.POST or None, client=client, now=now, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            log = contact_log.log_contact(
                client=client, now=now, by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return form_done(request, log.get_absolute_url(), _("The contact is logged."))
    return form_page(
        request,
        form,
        title=_("Log a contact"),
        subtitle=client.name,
        cancel_url=client.get_absolute_url(),
    )


@permission("accounts.view_client")
def contact_log_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    log = _get(request, pk)
    may_correct = request.user.has_perm("accounts.log_contact") and log.may_be_corrected(
        request.user, timezone.now()
    )
    context = {"log": log, "may_correct": may_correct, "today": timezone.localdate()}
    return TemplateResponse(request, "accounts/contact_log_detail.html", context)


@permission("accounts.log_contact")
def contact_log_edit(request: StaffRequest, pk: UUID) -> HttpResponse:
    log, now = _get(request, pk), timezone.now()
    form = ContactLogForm(request.POST or None, instance=log, client=log.client, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            contact_log.correct_contact_log(log=log, now=now, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return form_done(request, log.get_absolute_url(), _("Saved."))
    return form_page(
        request,
        form,
        title=_("Correct the entry"),
        subtitle=log.client.name,
        cancel_url=log.get_absolute_url(),
    )


@permission("accounts.log_contact")
@require_POST
def contact_log_step_done(request: StaffRequest, pk: UUID) -> HttpResponse:
    log = _get(request, pk)
    contact_log.finish_next_step(log=log, now=timezone.now(), by=request.user)
    return HttpResponseRedirect(reverse("accounts:contact_log_detail", args=[log.pk]))
