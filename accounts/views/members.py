"""Members: looking at a number."""

from uuid import UUID

from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.forms import RevealForm
from accounts.models import Member
from accounts.services import members
from crm.lib.http import StaffRequest
from crm.lib.views import (
    permission,
    visible_or_404,
)


@never_cache
@permission("accounts.reveal_msisdn")
def member_reveal(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Ask for a member's full number; the reason is kept."""
    member = visible_or_404(Member.objects.select_related("client"), request, pk)
    form = RevealForm(request.POST if request.method == "POST" else None)
    context = {"member": member, "form": form}
    status = 422 if form.is_bound and not form.is_valid() else 200
    if form.is_valid():
        context["number"] = members.reveal_number(
            member=member, now=timezone.now(), by=request.user, **form.cleaned_data
        )
    return TemplateResponse(request, "accounts/member_reveal.html", context, status=status)
