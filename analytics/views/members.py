"""Tabs of a line's page: its bills, its history."""

from uuid import UUID

from django.http import HttpResponse

from accounts.views.member_page import get_member, member_tab
from analytics.selectors import member_pages
from crm.lib.http import StaffRequest
from crm.lib.views import permission


@permission("accounts.view_client")
def member_bills(request: StaffRequest, pk: UUID) -> HttpResponse:
    member = get_member(request, pk)
    bills = member_pages.member_bills(member, request.user)
    return member_tab(request, member, "bills", "analytics/_member_bills.html", {"bills": bills})


@permission("accounts.view_client")
def member_history(request: StaffRequest, pk: UUID) -> HttpResponse:
    member = get_member(request, pk)
    stretches = member_pages.member_history(member, request.user)
    context = {"stretches": stretches}
    return member_tab(request, member, "history", "analytics/_member_history.html", context)
