"""What this app adds to the documents of others; registered when the app is ready."""

from django.utils.translation import gettext_lazy as _

from accounts.selectors import dossier, handover_pack
from accounts.selectors.dossier import DossierSection, Part
from accounts.selectors.handover_pack import PackSection
from analytics.selectors.dossier import alerts_section, bills_section
from analytics.selectors.handover_pack import alerts_section as open_alerts_section


def register() -> None:
    dossier.register(
        "bills",
        DossierSection(_("Bills"), Part.ARCHIVE, 40, bills_section, client_may_read=True),
    )
    dossier.register("alerts", DossierSection(_("Alerts"), Part.ARCHIVE, 50, alerts_section))
    handover_pack.register("alerts", PackSection(_("Open alerts"), 30, open_alerts_section))
