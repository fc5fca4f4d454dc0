from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from accounts import portfolio
from crm.lib import search
from staff import messages


class ComplaintsConfig(AppConfig):
    name = "complaints"

    def ready(self) -> None:
        import_module("complaints.checks")
        import_module("complaints.receivers")
        import_module("complaints.on_client_page")
        import_module("complaints.printing").register()
        counts = import_module("complaints.selectors.client_parts")
        portfolio.register("running_cases", _("Open cases"), counts.running_cases)
        search.register(
            search.Kind(
                "case",
                _("Cases"),
                "inbox",
                "complaints.view_case",
                "complaints.selectors.search.find_cases",
                55,
            )
        )
        messages.register(
            {
                "case-first-reply": _("Reply to %(client)s: case %(number)s"),
                "case-work": _("Solve case %(number)s of %(client)s"),
                "case-confirm": _("Ask %(client)s whether case %(number)s is really solved"),
                "case-opened": _("%(person)s took down case %(number)s of %(client)s"),
                "case-major": _("%(person)s took down a major case of %(client)s: %(number)s"),
                "case-handed": _("%(person)s hands over case %(number)s of %(client)s"),
                "case-leader": _(
                    "%(client)s asks for a leader: %(person)s calls you, case %(number)s"
                ),
                "case-overdue": _("Case %(number)s of %(client)s is overdue"),
                "case-dissatisfied": _("%(client)s is not satisfied with case %(number)s"),
            }
        )
