"""Ordering documents about clients."""

from uuid import UUID

from django.http import HttpResponse

from accounts import printing
from accounts.models import Handover, HandoverShare
from accounts.selectors.handover_pack import title_of
from accounts.views.client_page import get_client
from crm.lib.http import StaffRequest
from crm.lib.views import permission, visible_or_404
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


@permission(printing.RIGHT)
def handover_pack(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Everything about the clients of a handover that its receivers have to know."""
    rows = Handover.objects.select_related("source")
    return _order_pack(request, printing.HANDOVER_PACK, visible_or_404(rows, request, pk))


@permission(printing.RIGHT)
def handover_share_pack(request: StaffRequest, pk: UUID) -> HttpResponse:
    """The same of what one person got."""
    rows = HandoverShare.objects.select_related("target", "handover__source")
    return _order_pack(request, printing.SHARE_PACK, visible_or_404(rows, request, pk))


def _order_pack(
    request: StaffRequest, document: str, subject: Handover | HandoverShare
) -> HttpResponse:
    return order_page(
        request,
        document,
        subject,
        label=title_of(subject),
        cancel_url=subject.get_absolute_url(),
    )
