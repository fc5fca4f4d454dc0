"""Visits in the printed dossier of a client; what was written about them is ours alone."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.selectors.dossier import DossierContext
from crm.lib.documents.content import Block, Column, Grid
from visits.models import Visit

SHOWN = 40


def visits_section(context: DossierContext) -> list[Block]:
    """The newest visits with what came out of them (ARC-17)."""
    visits = Visit.objects.visible_to(context.user).filter(client=context.client)
    rows = [
        [
            f"{timezone.localtime(visit.starts_at):%Y-%m-%d %H:%M}",
            visit.get_purpose_display(),
            visit.visitor.full_name,
            visit.get_state_display(),
            "\n".join(filter(None, (visit.summary, visit.next_step))),
        ]
        for visit in visits.with_people().order_by("-starts_at", "-pk")[:SHOWN]
    ]
    labels = (
        _("Appointment"),
        _("Purpose"),
        _("Visitor"),
        _("State"),
        pgettext("of a visit", "Summary"),
    )
    return [Grid([Column(label) for label in labels], rows, _("No visits yet"))]
