"""Gifts and services in the printed dossier of a client; for us only."""

from django.utils.translation import gettext as _

from accounts.selectors.dossier import DossierContext
from care.models import Gift, ServiceRecord
from crm.lib.documents.content import Block, Column, Grid

SHOWN = 40


def gifts_section(context: DossierContext) -> list[Block]:
    """The newest gifts, both ways (ARC-17)."""
    gifts = Gift.objects.visible_to(context.user).filter(client=context.client).with_people()
    rows = [
        [
            f"{gift.happened_on:%Y-%m-%d}",
            gift.get_direction_display(),
            gift.item,
            f"¥{gift.value:,}",
            gift.person.full_name,
            gift.get_state_display(),
        ]
        for gift in gifts.order_by("-happened_on", "-pk")[:SHOWN]
    ]
    labels = (_("Date"), _("Direction"), _("Item"), _("Value"), _("Person"), _("State"))
    return [Grid([Column(label) for label in labels], rows, _("No gifts yet"))]


def services_section(context: DossierContext) -> list[Block]:
    """The newest services (ARC-50)."""
    found = ServiceRecord.objects.visible_to(context.user).filter(client=context.client)
    rows = [
        [
            f"{record.served_on:%Y-%m-%d}",
            record.get_service_display(),
            record.whom,
            "\n".join(filter(None, (record.done, record.result))),
            record.served_by.full_name,
        ]
        for record in found.with_people().order_by("-served_on", "-pk")[:SHOWN]
    ]
    labels = (_("Date"), _("Main service"), _("Served person"), _("What was done"), _("By whom"))
    return [Grid([Column(label) for label in labels], rows, _("No services yet"))]
