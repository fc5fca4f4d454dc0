"""Cases in the printed dossier of a client; what was written about them is ours alone."""

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.selectors.dossier import DossierContext
from complaints.models import Case
from crm.lib.documents.content import Block, Column, Grid

SHOWN = 40


def cases_section(context: DossierContext) -> list[Block]:
    """The newest cases and how they ended."""
    cases = Case.objects.visible_to(context.user).filter(client=context.client)
    rows = [
        [
            case.number,
            f"{timezone.localtime(case.first_contact_at):%Y-%m-%d %H:%M}",
            case.get_kind_display(),
            case.get_status_display(),
            "\n".join(filter(None, (case.said, case.result, case.get_satisfaction_display()))),
        ]
        for case in cases.order_by("-first_contact_at", "-pk")[:SHOWN]
    ]
    labels = (_("Number"), _("First contact"), _("Kind"), _("State"), _("What was said, result"))
    return [Grid([Column(label) for label in labels], rows, _("No cases yet"))]
