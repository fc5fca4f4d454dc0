"""The queue of cases, and the part of it on a client's page."""

from typing import Any, cast
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.views.client_page import Tab, client_tab, get_client
from complaints.filters import CaseFilter
from complaints.models import Case
from complaints.tables import CaseTable, ClientCaseTable
from crm.lib.http import StaffRequest
from crm.lib.views import ScopedListView, permission

SHOWN_ON_CLIENT = 50


class CaseListView(ScopedListView):
    """Everything the person may see; the tabs are filters with names."""

    model = Case
    filterset_class = CaseFilter
    table_class = CaseTable
    template_name = "complaints/case_list.html"
    right = "complaints.view_case"
    export_right = "accounts.export_clients"
    title = gettext_lazy("Cases")
    empty_title = gettext_lazy("No cases yet")
    empty_text = gettext_lazy("Complaints, faults, enquiries and leads of clients are kept here.")
    empty_icon = "inbox"

    def queryset(self) -> Any:
        return super().queryset().with_people().with_clock(timezone.now())

    def extra_context(self) -> dict[str, Any]:
        may_create = self.request.user.has_perm("complaints.create_case")
        return {
            "quick_tabs": self._quick_tabs(),
            "create_url": reverse("complaints:case_create") if may_create else "",
            "create_label": _("New case"),
        }

    def _quick_tabs(self) -> list[Tab]:
        user = cast("StaffRequest", self.request).user
        asked = self.request.GET.dict()
        asked.pop("cursor", None)
        wanted: tuple[tuple[str, dict[str, str]], ...] = (
            (_("All"), {}),
            (_("Mine"), {"mine": "true", "sort": "due_at"}),
            (_("My unit"), {"unit": user.unit.code, "running": "true", "sort": "due_at"}),
            (_("Overdue"), {"overdue": "true", "sort": "due_at"}),
        )
        return [
            Tab(label, _address(query), {k: v for k, v in asked.items() if v} == query)
            for label, query in wanted
        ]


def _address(query: dict[str, str]) -> str:
    pairs = "&".join(f"{name}={value}" for name, value in query.items())
    return (
        f"{reverse('complaints:case_list')}?{pairs}" if pairs else reverse("complaints:case_list")
    )


@permission("complaints.view_case")
def client_cases(request: StaffRequest, pk: UUID) -> HttpResponse:
    client = get_client(request, pk)
    rows = Case.objects.visible_to(request.user).filter(client=client).with_people()
    cases = rows.with_clock(timezone.now()).order_by("-first_contact_at", "-pk")
    table = ClientCaseTable(list(cases[:SHOWN_ON_CLIENT]))
    return client_tab(request, client, "cases", "complaints/_client_cases.html", {"table": table})
