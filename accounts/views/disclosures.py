"""The log of who looked at, printed and took out whose data, for those who answer for a unit."""

from typing import Any, cast

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.disclosure_tables import (
    ExportLogFilter,
    ExportLogTable,
    FileLookTable,
    RecordLookFilter,
    RecordLookTable,
    RevealFilter,
    RevealTable,
)
from accounts.filters import FileLookFilter
from accounts.models import FileLook, NumberReveal, RecordLook
from accounts.views.member_page import Tab
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView
from staff.models import Export

LOGS = {
    "accounts:reveal_log": gettext_lazy("Numbers shown"),
    "accounts:record_log": gettext_lazy("Records looked at"),
    "accounts:file_log": gettext_lazy("Files taken out"),
    "accounts:export_log": gettext_lazy("Exports"),
    "complaints:lookup_log": gettext_lazy("Clients looked for"),  # of an app above
}


class LogView(ScopedListView):
    """One of the logs, with links to the others."""

    right = "accounts.view_disclosures"
    template_name = "accounts/disclosure_list.html"
    title = gettext_lazy("Use of personal data")
    empty_text = gettext_lazy("Every look at personal data is kept here with its reason.")
    empty_icon = "eye"

    def extra_context(self) -> dict[str, Any]:
        match = self.request.resolver_match
        here = match.view_name if match else ""
        return {
            "subtitle": _("Who saw, printed or took out what, when and why"),
            "tabs_items": [Tab(str(label), reverse(name), name == here)
                           for name, label in LOGS.items()],
        }  # fmt: skip


class RevealLogView(LogView):
    model = NumberReveal
    filterset_class = RevealFilter
    table_class = RevealTable
    empty_title = gettext_lazy("No number was shown")

    def queryset(self) -> Any:
        return super().queryset().select_related("revealed_by", "member__client")


class RecordLogView(LogView):
    model = RecordLook
    filterset_class = RecordLookFilter
    table_class = RecordLookTable
    empty_title = gettext_lazy("Nobody looked at records")

    def queryset(self) -> Any:
        return super().queryset().select_related("looked_by", "member__client")


class FileLogView(LogView):
    model = FileLook
    filterset_class = FileLookFilter
    table_class = FileLookTable
    empty_title = gettext_lazy("Nobody took out a paper about people")

    def queryset(self) -> Any:
        return super().queryset().select_related("looked_by", "file__client")


class ExportLogView(LogView):
    model = Export
    filterset_class = ExportLogFilter
    table_class = ExportLogTable
    empty_title = gettext_lazy("Nothing was exported")

    def queryset(self) -> Any:
        """Whose exports: the files stay their owners', what was taken out is for the boss."""
        request = cast("StaffRequest", self.request)
        rows = Export.objects.overseen_by(request.user).select_related("owner")
        return rows.annotate(times_downloaded=Count("downloads"))
