from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from staff import messages


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        messages.register(
            {
                "class-proposed": _("%(person)s proposes class %(class)s for %(client)s"),
                "class-approved": _("%(client)s is now of class %(class)s"),
                "class-refused": _("Class %(class)s for %(client)s was refused"),
            }
        )
