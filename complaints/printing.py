"""What this app adds to the documents of others; registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from accounts.selectors import dossier
from accounts.selectors.dossier import DossierSection, Part
from complaints.dossier import cases_section


def register() -> None:
    dossier.register("cases", DossierSection(_("Cases"), Part.ARCHIVE, 65, cases_section))
