"""What this app adds to the documents of others; registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from accounts.selectors import dossier
from accounts.selectors.dossier import DossierSection, Part
from visits.dossier import visits_section


def register() -> None:
    dossier.register("visits", DossierSection(_("Visits"), Part.ARCHIVE, 60, visits_section))
