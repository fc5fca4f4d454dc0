from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from staff import messages


class VisitsConfig(AppConfig):
    name = "visits"

    def ready(self) -> None:
        import_module("visits.receivers")
        messages.register(
            {"record-overdue": _("The record of your visit to %(client)s was due on %(day)s")}
        )
