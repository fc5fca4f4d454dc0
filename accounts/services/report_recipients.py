"""Writes about who of the province gets market months and urgent reports (ORG-33)."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.exceptions import CannotReceive, NothingChanged
from accounts.models import ReportRecipient
from accounts.selectors.reports import may_receive
from crm.lib.services import service
from staff.models import Position, User


@service
def add_recipient(
    *, person: User | None, position: Position | None, now: datetime, by: User
) -> ReportRecipient:
    """A person who sees everything anyway, or a position: its holders who do so get the reports."""
    if (person is None) == (position is None):
        raise CannotReceive(_("Choose a person or a position."))
    if person and not may_receive(person):
        raise CannotReceive(
            _("%(person)s does not see the whole province.") % {"person": person.full_name}
        )
    if ReportRecipient.objects.filter(person=person, position=position).exists():
        raise NothingChanged(_("The group has this recipient already."))
    return ReportRecipient.objects.create(
        person=person, position=position, added_at=now, added_by=by
    )


@service
def remove_recipient(*, recipient: ReportRecipient, by: User) -> None:
    recipient.delete()
