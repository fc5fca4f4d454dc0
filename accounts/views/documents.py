"""Ordering documents about clients."""

from uuid import UUID

from django.http import HttpResponse

from accounts import printing
from accounts.views.client_page import get_client
from crm.lib.http import StaffRequest
from crm.lib.views import permission
from staff.views.documents import order_page


@permission(printing.RIGHT)
def client_dossier(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The whole archive on paper, for colleagues or for the client (ARC-10)."""
    client = get_client(request, pk)
    return order_page(
        request,
        printing.DOSSIER,
        client,
        label=client.name,
        cancel_url=client.get_absolute_url(),
        form_class=printing.DossierForm,
    )
