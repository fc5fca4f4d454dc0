from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from staff import messages


class CareConfig(AppConfig):
    name = "care"

    def ready(self) -> None:
        import_module("care.on_client_page")
        import_module("care.printing").register()
        messages.register(
            {
                "gift-approval": _("Approve a gift of ¥%(value)s: %(item)s (%(client)s)"),
                "gift-approved": _("The gift %(item)s (%(client)s) is approved"),
                "gift-refused": _("The gift %(item)s (%(client)s) is refused"),
                "gift-received": _("%(person)s received %(item)s (¥%(value)s) from %(client)s"),
            }
        )
