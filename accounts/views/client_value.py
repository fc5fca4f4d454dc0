"""The tab of a client's value: class, assessments, major changes, reports."""

from uuid import UUID

from django.http import HttpResponse

from accounts.models import MajorChange
from accounts.selectors import classes
from accounts.selectors.reports import reports_of
from accounts.views.client_page import client_tab, get_client
from crm.lib.http import StaffRequest
from crm.lib.views import permission

SHOWN = 10


@permission("accounts.view_client")
def client_value(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    changes = MajorChange.objects.visible_to(request.user).filter(client=client)
    context = {
        "class_view": classes.class_view(client, request.user),
        "reports": reports_of(client, request.user),
        "changes": changes.select_related("reported_by").order_by("-reported_at", "-pk")[:SHOWN],
    }
    return client_tab(request, client, "value", "accounts/_client_value.html", context)
