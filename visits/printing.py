"""What this app adds to the documents of others; registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from accounts.selectors import dossier, handover_pack
from accounts.selectors.dossier import DossierSection, Part
from accounts.selectors.handover_pack import PackSection
from visits.dossier import visits_section
from visits.handover_pack import visits_section as planned_section


def register() -> None:
    dossier.register("visits", DossierSection(_("Visits"), Part.ARCHIVE, 60, visits_section))
    handover_pack.register("visits", PackSection(_("Planned visits"), 40, planned_section))
