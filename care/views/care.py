"""The gift register, the tab of a client, and its two forms."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from accounts.views.client_page import client_of_query, client_tab, get_client
from care.filters import GiftFilter
from care.forms import DecisionForm, GiftForm, ServiceForm
from care.models import Gift, ServiceRecord
from care.services import gifts, service_records
from care.tables import ClientGiftTable, GiftTable, ServiceTable
from crm.lib.exceptions import DomainError
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, form_done, form_page, permission, visible_or_404

SHOWN = 50


class GiftListView(ScopedListView):
    """What went to clients and came from them, for those who answer for it (SEC-13)."""

    model = Gift
    filterset_class = GiftFilter
    table_class = GiftTable
    right = "care.view_care"
    export_right = "accounts.export_clients"
    title = gettext_lazy("Gift register")
    empty_title = gettext_lazy("No gifts yet")
    empty_text = gettext_lazy("Gifts given and received are registered on a client's page.")
    empty_icon = "star"

    def queryset(self) -> Any:
        return super().queryset().with_people()


@permission("care.view_care")
def client_care(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    given = Gift.objects.visible_to(request.user).filter(client=client).with_people()
    served = ServiceRecord.objects.visible_to(request.user).filter(client=client).with_people()
    context = {
        "gifts": ClientGiftTable(list(given.order_by("-happened_on", "-pk")[:SHOWN])),
        "services": ServiceTable(list(served.order_by("-served_on", "-pk")[:SHOWN])),
    }
    return client_tab(request, client, "care", "care/_client_care.html", context)


@permission("care.view_care")
def gift_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    gift = visible_or_404(Gift.objects.with_people(), request, pk)
    form = DecisionForm() if gift.may_be_decided_by(request.user) else None
    return TemplateResponse(request, "care/gift_detail.html", {"gift": gift, "form": form})


@permission("care.record_care")
def gift_create(request: StaffRequest) -> HttpResponse:
    client, now = client_of_query(request), timezone.now()
    form = GiftForm(request.POST or None, client=client, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            gift = gifts.register_gift(client=client, now=now, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return form_done(request, gift.get_absolute_url(), _("The gift is registered."))
    return form_page(
        request,
        form,
        title=_("Register a gift"),
        subtitle=client.name,
        cancel_url=reverse("care:client_care", args=[client.pk]),
    )


@require_POST
@permission("care.approve_gift")
def gift_decide(request: StaffRequest, pk: UUID) -> HttpResponse:
    gift = visible_or_404(Gift.objects.with_people(), request, pk)
    form = DecisionForm(request.POST)
    if form.is_valid():
        try:
            gifts.decide_gift(
                gift=gift,
                approves=request.POST.get("approves") == "1",
                now=timezone.now(),
                by=request.user,
                **form.cleaned_data,
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return HttpResponseRedirect(gift.get_absolute_url())
    context = {"gift": gift, "form": form}
    return TemplateResponse(request, "care/gift_detail.html", context, status=422)


@permission("care.record_care")
def service_create(request: StaffRequest) -> HttpResponse:
    client, now = client_of_query(request), timezone.now()
    url = reverse("care:client_care", args=[client.pk])
    form = ServiceForm(request.POST or None, client=client, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            service_records.record_service(
                client=client, now=now, by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, error.message)
        else:
            return form_done(request, url, _("The service is recorded."))
    return form_page(
        request, form, title=_("Record a service"), subtitle=client.name, cancel_url=url
    )
