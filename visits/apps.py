from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts import portfolio
from crm.lib import search
from staff import messages


class VisitsConfig(AppConfig):
    name = "visits"

    def ready(self) -> None:
        import_module("visits.receivers")
        search.register(
            search.Kind(
                "visit",
                _("Visits"),
                "calendar-event",
                "visits.view_visit",
                "visits.selectors.search.find_visits",
                50,
            )
        )
        handing_over = import_module("visits.handing_over")
        import_module("visits.printing").register()
        portfolio.register("planned_visits", _("Planned visits"), handing_over.planned_visits)
        import_module("visits.on_client_page")
        import_module("visits.with_files")
        messages.register(
            {"record-overdue": _("The record of your visit to %(client)s was due on %(day)s")}
        )
