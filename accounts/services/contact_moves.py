"""People who leave a client, come back, or go to another one."""

from datetime import date

from django.utils.translation import gettext as _

from accounts.choices import ContactKind
from accounts.exceptions import ContactNotThere, ContactStillThere, SameClient
from accounts.models import Client, Contact
from accounts.services.contacts import create_contact, update_contact
from crm.lib.services import service
from staff.models import User

# What belongs to the person; title, roles and relations belong to the place.
PERSONAL_FIELDS = (
    "name", "gender", "expertise", "mobile", "email", "personality", "attachment", "birth_month",
    "birth_day", "birth_year", "is_lunar_birthday", "is_leap_month_birthday", "nickname",
    "form_of_address", "preferences", "hobbies", "favourite_words", "own_line", "own_tier",
)  # fmt: skip


@service
def leave(*, contact: Contact, left_on: date, reason: str, today: date, by: User | None) -> Contact:
    """The person is no longer at the client; everything known stays readable."""
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    if not locked.is_active:
        raise ContactNotThere(_("%(name)s has left already.") % {"name": locked.name})
    return update_contact(
        contact=locked, is_active=False, left_on=left_on, left_reason=reason, today=today, by=by
    )


@service
def come_back(*, contact: Contact, today: date, by: User | None) -> Contact:
    """Undo of leaving. Where the person went meanwhile, they have left; the mark of the real
    decision maker stays with whoever has it now."""
    locked = Contact.objects.select_for_update().get(pk=contact.pk)
    if locked.is_active:
        raise ContactStillThere(_("%(name)s is there.") % {"name": locked.name})
    for later in locked.later.active():
        leave(contact=later, left_on=today, reason=_("Came back"), today=today, by=by)
    others = Contact.objects.active().filter(client=locked.client_id, is_decision_maker=True)
    is_decision_maker = locked.is_decision_maker and not others.exists()
    return update_contact(
        contact=locked, is_active=True, is_decision_maker=is_decision_maker, today=today, by=by
    )


@service
def move(
    *,
    contact: Contact,
    client: Client,
    title: str,
    left_on: date,
    today: date,
    by: User | None,
) -> Contact:
    """The person goes to another client: a new record there that remembers where they were."""
    if client.pk == contact.client_id:
        raise SameClient(_("This is where the person is already."))
    reason = _("Went to %(client)s") % {"client": client.name}
    if contact.is_active:
        left = leave(contact=contact, left_on=left_on, reason=reason[:200], today=today, by=by)
    else:
        left = contact
    personal = {name: getattr(left, name) for name in PERSONAL_FIELDS}
    return create_contact(
        client=client,
        formerly=left,
        title=title,
        kind=ContactKind.OTHER,
        today=today,
        by=by,
        **personal,
    )
