"""What this app adds to the documents of others; registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from accounts.selectors import dossier
from accounts.selectors.dossier import DossierSection, Part
from care.dossier import gifts_section, services_section


def register() -> None:
    dossier.register("services", DossierSection(_("Services"), Part.ARCHIVE, 70, services_section))
    dossier.register("gifts", DossierSection(_("Gifts"), Part.ARCHIVE, 75, gifts_section))
