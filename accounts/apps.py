from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from crm.lib import search
from staff import holdings, messages


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        messages.register(
            {
                "class-proposed": _("%(person)s proposes class %(class)s for %(client)s"),
                "class-approved": _("%(client)s is now of class %(class)s"),
                "class-refused": _("Class %(class)s for %(client)s was refused"),
                "archive-correction": _(
                    "Correct the archive of %(client)s: a check found something else"
                ),
            }
        )
        found = "accounts.selectors.search"
        right = "accounts.view_client"
        search.register(
            search.Kind(
                "client", _("Clients"), "building", right, f"{found}.find_clients", 10,
                suggest=f"{found}.opened_lately",
            ),
            search.Kind(
                "contact", _("Contacts"), "address-book", right, f"{found}.find_contacts", 20
            ),
            search.Kind(
                "member", _("Members"), "device-mobile", right, f"{found}.find_members", 30
            ),
        )  # fmt: skip
        holdings.register("clients", import_module("accounts.holdings").CLIENTS)
