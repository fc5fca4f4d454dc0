"""The tab of a client's value: class, assessments, major changes, reports."""

from uuid import UUID

from django.http import HttpResponse

from accounts.selectors import classes
from accounts.views.client_page import client_tab, get_client
from crm.lib.http import StaffRequest
from crm.lib.views import permission


@permission("accounts.view_client")
def client_value(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    context = {"class_view": classes.class_view(client, request.user)}
    return client_tab(request, client, "value", "accounts/_client_value.html", context)
