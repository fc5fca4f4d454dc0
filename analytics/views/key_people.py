"""Parts of pages about contacts: arrears on their own lines."""

from uuid import UUID

from django.http import HttpResponse
from django.template.response import TemplateResponse

from accounts.models import Contact
from accounts.views.client_page import get_client
from analytics.selectors.key_people import key_arrears
from crm.lib.http import StaffRequest
from crm.lib.views import permission, visible_or_404

TEMPLATE = "analytics/_key_arrears.html"


@permission("analytics.view_alert")
def contact_arrears(request: StaffRequest, pk: UUID) -> HttpResponse:
    contact = visible_or_404(Contact, request, pk)
    rows = key_arrears(Contact.objects.filter(pk=contact.pk), request.user)
    return TemplateResponse(request, TEMPLATE, {"rows": rows, "show_client": False})


@permission("analytics.view_alert")
def client_key_arrears(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    rows = key_arrears(Contact.objects.key_people().filter(client=client), request.user)
    return TemplateResponse(request, TEMPLATE, {"rows": rows, "show_client": False})
