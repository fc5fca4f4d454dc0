from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from staff import messages


class AnalyticsConfig(AppConfig):
    name = "analytics"

    def ready(self) -> None:
        import_module("analytics.receivers")
        messages.register(
            {
                "alert-visit": _("Visit %(client)s: alert of %(month)s"),
                "alert-raised": _("New alert for %(client)s, %(month)s"),
                "alert-revised": _("Corrected bills changed an alert of %(client)s, %(month)s"),
                "period-held": _("Bills of %(month)s seem incomplete; please look"),
            }
        )
