"""Appointments in the document for whoever takes clients over."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.selectors.handover_pack import PackContext
from crm.lib.documents.content import Block, Column, Grid
from visits.models import Visit


def visits_section(context: PackContext) -> list[Block]:
    """What is planned, the next one first; records that are due still stand among them."""
    planned = Visit.objects.visible_to(context.user).planned().filter(client__in=context.clients)
    rows = [
        [
            f"{timezone.localtime(visit.starts_at):%Y-%m-%d %H:%M}",
            visit.client.name,
            visit.get_purpose_display(),
            visit.visitor.full_name,
            visit.outline,
        ]
        for visit in planned.with_people().order_by("starts_at", "pk")
    ]
    labels = (_("Appointment"), _("Client"), _("Purpose"), _("Visitor"), _("Outline"))
    return [Grid([Column(label) for label in labels], rows, _("No planned visits"))]
