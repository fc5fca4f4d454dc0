"""Reading and writing what only some may know of a contact (CON-07)."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.exceptions import ReasonMissing
from accounts.models import ConfidentialLook, ConfidentialProfile, Contact
from crm.lib.services import service
from staff.models import User


@service
def look_at_profile(
    *, contact: Contact, reason: str, now: datetime, by: User
) -> ConfidentialProfile:
    """The confidential profile, after noting who reads it and why; an empty one when none is."""
    if not reason.strip():
        raise ReasonMissing(_("Say why you need to know."))
    ConfidentialLook.objects.create(contact=contact, looked_by=by, looked_at=now, reason=reason)
    stored = ConfidentialProfile.objects.filter(contact=contact).first()
    return stored or ConfidentialProfile(contact=contact)


@service
def update_profile(*, contact: Contact, by: User, **fields: str) -> ConfidentialProfile:
    """Write some or all of the six fields."""
    Contact.objects.select_for_update().get(pk=contact.pk)
    profile, _made = ConfidentialProfile.objects.get_or_create(contact=contact)
    for name, value in fields.items():
        setattr(profile, name, value)
    profile.save()
    return profile
