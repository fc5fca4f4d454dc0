from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from crm.lib import search
from staff import badges, holdings, messages


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        import_module("accounts.receivers")
        import_module("accounts.printing").register()
        import_module("accounts.on_client_page")
        import_module("accounts.merging").declare_rules()
        waiting = import_module("accounts.selectors.change_requests").waiting_for
        badges.register(
            "accounts:change_request_list",
            badges.Badge("accounts.decide_change", waiting, "to_decide=true"),
        )
        messages.register(
            {
                "contact-next-step": _("%(client)s: %(step)s"),
                "contact-major": _("%(person)s reports a major issue of %(client)s"),
                "note-mention": _("%(person)s mentions you in a note on %(client)s"),
                "class-proposed": _("%(person)s proposes class %(class)s for %(client)s"),
                "class-approved": _("%(client)s is now of class %(class)s"),
                "class-refused": _("Class %(class)s for %(client)s was refused"),
                "archive-correction": _(
                    "Correct the archive of %(client)s: a check found something else"
                ),
                "major-change": _("%(person)s reports a major change at %(client)s"),
                "major-change-seen": _("%(person)s has seen your report about %(client)s"),
                "representative-assigned": _("%(person)s now represents %(client)s"),
                "representative-ended": _("%(client)s has no chief representative any more"),
                "instruction": _("%(client)s: %(text)s"),
                "instruction-given": _("%(person)s asks you about %(client)s: %(text)s"),
                "instruction-done": _("%(person)s has done it for %(client)s: %(text)s"),
                "escalated": _("%(person)s asks for help with %(client)s"),
                "escalation-answered": _("%(person)s answers your call for help with %(client)s"),
                "promise": _("Keep the promise to %(client)s: %(text)s"),
                "promise-authority": _("A promise to %(client)s needs your authority: %(text)s"),
                "promise-allowed": _("The promise to %(client)s may be kept: %(text)s"),
                "promise-declined": _("No authority for the promise to %(client)s: %(text)s"),
                "improvement-suggested": _("%(person)s suggests an improvement: %(title)s"),
                "improvement-taken-up": _("%(person)s takes up your improvement: %(title)s"),
                "improvement-done": _("Your improvement is done: %(title)s"),
                "improvement-declined": _("Your improvement was declined: %(title)s"),
                "change-requested": _("%(person)s hands in changes of %(client)s"),
                "change-decided": _("%(person)s decided on your changes of %(client)s"),
                "pair-same": _("Bring together what is the same: %(records)s"),
                "client-merged": _("%(person)s merged %(old)s into %(client)s: %(reason)s"),
                "client-parted": _("%(person)s parted %(old)s from %(client)s: %(reason)s"),
                "report-due": _("Report to submit: %(title)s"),
                "report-submitted": _("%(person)s submits a report: %(title)s"),
                "report-answered": _("%(person)s answers your report: %(title)s"),
                "report-overdue": _("The time for this report is over: %(title)s"),
                "suggestions-drafted": _(
                    "%(count)s suggestion reports are drafted from bills and usage"
                ),
                "number-transfer": _("Transfer %(number)s of %(client)s to the person who uses it"),
                "tier-review": _("Look again at the cards of %(year)s: %(lines)s lines"),
                "file-infected": _("A virus was found in “%(title)s” of %(client)s: %(found)s"),
                "file-broken": _("“%(title)s” of %(client)s is broken and was not kept"),
                "clients-received": _("You got %(clients)s clients of %(person)s: %(reason)s"),
                "clients-given": _("%(clients)s of your clients were handed over: %(reason)s"),
                "clients-changed-manager": _(
                    "%(clients)s clients you represent have a new account manager"
                    " instead of %(person)s"
                ),
                "handover-undone": _(
                    "The handover of %(clients)s clients of %(person)s was undone: %(reason)s"
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
            search.Kind(
                "agreement", _("Agreements"), "file-text", right, f"{found}.find_agreements", 58
            ),
            search.Kind("file", _("Files"), "file-text", right, f"{found}.find_files", 60),
        )  # fmt: skip
        ours = import_module("accounts.holdings")
        holdings.register("clients", ours.CLIENTS)
        holdings.register_portfolio(ours.PORTFOLIO)
        places = import_module("accounts.file_places")
        places.register("note", places.Place(_("Note"), right, places.find_note))
