"""Noting who looked at what a line was used for."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.choices import RecordWay
from accounts.exceptions import ReasonMissing
from accounts.models import Member, RecordLook
from crm.lib.services import service
from staff.models import User


@service
def look_at_records(
    *, member: Member, way: str, reason: str, now: datetime, by: User
) -> RecordLook:
    """Register the look before anything is shown, printed or taken out (SEC-05)."""
    if not reason.strip():
        raise ReasonMissing(_("Say what you need the records for."))
    return RecordLook.objects.create(
        member=member, way=RecordWay(way), reason=reason.strip(), looked_by=by, looked_at=now
    )
