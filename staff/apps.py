from importlib import import_module

from django.apps import AppConfig
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from staff import badges, messages


class StaffConfig(AppConfig):
    name = "staff"

    def ready(self) -> None:
        waiting = import_module("staff.selectors.exports").waiting_count
        badges.register(
            "staff:export_queue",
            badges.Badge("staff.approve_export", lambda user: waiting(user, timezone.now())),
        )
        messages.register(
            {
                "loan-overdue": _("Please return %(item)s; it was due on %(day)s"),
                "absence-requested": _("%(person)s asks for leave from %(from)s to %(until)s"),
                "absence-approved": _("Your absence from %(from)s to %(until)s is approved"),
                "absence-refused": _("Your absence from %(from)s to %(until)s was refused"),
                "export-waiting": _(
                    "%(person)s wants to export data of %(rows)s people; please decide"
                ),
                "export-approved": _("Your export of data of %(rows)s people is approved"),
                "export-refused": _("Your export of data of %(rows)s people was refused"),
                "export-expired": _(
                    "Nobody decided about your export of data of %(rows)s people in time"
                ),
                "absence-deputy": _("You stand in for %(person)s from %(from)s to %(until)s"),
            }
        )
