"""Finding the client of a case, and keeping who looked for whom."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from accounts.models import Client
from complaints.exceptions import TooManyLooks
from complaints.models import ClientLookup
from complaints.selectors.client_names import ClientName, client_names, names_of
from crm.lib.services import service
from staff.models import User


@service
def look_for_clients(*, text: str, now: datetime, by: User) -> list[ClientName]:
    """Names and codes of clients, also of those out of sight (ORG-08).

    A look that shows any of these is kept, and there are so many an hour: enough to work, too
    few to copy the list of clients.
    """
    found = client_names(by, text)
    _keep_look(text, found, now=now, by=by)
    return found


@service
def name_client(*, client: Client, now: datetime, by: User) -> ClientName:
    """One client by its key, kept in the same way."""
    (name,) = names_of(by, [client])
    _keep_look(client.code, [name], now=now, by=by)
    return name


def _keep_look(text: str, found: list[ClientName], *, now: datetime, by: User) -> None:
    foreign = sum(not name.is_visible for name in found)
    if not foreign:
        return
    looks = ClientLookup.objects.filter(person=by, looked_at__gt=now - timedelta(hours=1))
    if looks.count() >= settings.CLIENT_LOOKS_PER_HOUR:
        raise TooManyLooks(
            _("You have looked for many clients within an hour. Wait a little, or ask a colleague.")
        )
    ClientLookup.objects.create(person=by, text=text[:100], shown=foreign, looked_at=now)
