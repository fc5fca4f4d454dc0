from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts import findings, portfolio
from crm.lib import search
from staff import messages


class AnalyticsConfig(AppConfig):
    name = "analytics"

    def ready(self) -> None:
        import_module("analytics.receivers")
        import_module("analytics.services.merging").declare_rules()
        search.register(
            search.Kind(
                "alert",
                _("Alerts"),
                "alert-triangle",
                "analytics.view_alert",
                "analytics.selectors.search.find_alerts",
                40,
            )
        )
        handing_over = import_module("analytics.services.handing_over")
        import_module("analytics.printing").register()
        portfolio.register("open_alerts", _("Open alerts"), handing_over.open_alerts)
        portfolio.register("open_tasks", _("Open tasks"), handing_over.open_tasks)
        import_module("analytics.on_client_page")
        findings.register(import_module("analytics.selectors.communication").find)
        messages.register(
            {
                "alert-visit": _("Visit %(client)s: alert of %(month)s"),
                "alert-raised": _("New alert for %(client)s, %(month)s"),
                "alert-again": _("The alert of %(client)s goes on in %(month)s"),
                "alert-revised": _("Corrected bills changed an alert of %(client)s, %(month)s"),
                "import-loaded": _(
                    "%(file)s is loaded: %(loaded)s rows, %(quarantined)s quarantined"
                ),
                "import-failed": _("%(file)s was refused; nothing was loaded"),
                "import-cancelled": _("The import of %(file)s was cancelled"),
                "import-undone": _("Your import of %(file)s was undone by %(person)s"),
                "import-undo-refused": _("The import of %(file)s could not be undone"),
                "values-to-judge": _("Judge the value of clients: %(clients)s are due"),
                "class-suggestions": _("The figures suggest other classes for %(count)s clients"),
                "period-held": _("Bills of %(month)s seem incomplete; please look"),
            }
        )
