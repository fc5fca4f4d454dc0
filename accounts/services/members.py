"""Writes about members."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.exceptions import ReasonMissing
from accounts.models import Member, NumberReveal
from crm.lib.services import service
from staff.models import User


@service
def reveal_number(*, member: Member, reason: str, now: datetime, by: User) -> str:
    """The member's full number, after noting who asked and why (P35)."""
    if not reason.strip():
        raise ReasonMissing(_("Say why you need the number."))
    NumberReveal.objects.create(member=member, revealed_by=by, revealed_at=now, reason=reason)
    return str(member.msisdn)
