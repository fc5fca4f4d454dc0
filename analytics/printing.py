"""What this app adds to the documents of others; registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from accounts.selectors import dossier
from accounts.selectors.dossier import DossierSection, Part
from analytics.selectors.dossier import alerts_section, bills_section


def register() -> None:
    dossier.register(
        "bills",
        DossierSection(_("Bills"), Part.ARCHIVE, 40, bills_section, client_may_read=True),
    )
    dossier.register("alerts", DossierSection(_("Alerts"), Part.ARCHIVE, 50, alerts_section))
