"""Checks and writes about the archive of a client as a whole."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.choices import LeadSource
from accounts.exceptions import CircularSuperior, ReferralIncomplete, SameName
from accounts.models import Client
from crm.lib.services import service
from staff.models import User

CHECKED_FIELDS = {
    "name", "unit", "superior", "lead_source", "referring_client", "referring_colleague",
}  # fmt: skip


def check_archive(client: Client, *, allow_same_name: bool) -> None:
    """Refuse what cannot be: a name that is taken, a circle of superiors, half a referral."""
    _refuse_half_referral(client)
    _refuse_circle(client)
    if not allow_same_name and same_named(client):
        raise SameName(_("There is a client of this name in the unit already."))


def same_named(client: Client) -> Client | None:
    """Another client of the unit with the same name (ARC-F01); found by the sort key's index."""
    others = Client.objects.filter(
        sort_key=client.sort_key, name__iexact=client.name.strip(), unit=client.unit_id
    )
    return others.exclude(pk=client.pk).order_by("pk").first()


def _refuse_half_referral(client: Client) -> None:
    """A referral says who referred (ARC-04)."""
    if client.lead_source == LeadSource.CLIENT and client.referring_client_id is None:
        raise ReferralIncomplete(_("Say which client referred this one."))
    if client.lead_source == LeadSource.COLLEAGUE and client.referring_colleague_id is None:
        raise ReferralIncomplete(_("Say which colleague helped."))
    if client.referring_client_id == client.pk:
        raise ReferralIncomplete(_("A client cannot refer itself."))


def _refuse_circle(client: Client) -> None:
    """No client is above itself (ARC-F04)."""
    above, seen = client.superior_id, {client.pk}
    while above is not None:
        if above in seen:
            raise CircularSuperior(_("A client cannot be above itself."))
        seen.add(above)
        above = Client.objects.values_list("superior", flat=True).get(pk=above)


@service
def review_archive(*, client: Client, now: datetime, by: User) -> Client:
    """Somebody read the archive and found it right: fresh again without a change (ARC-13)."""
    client = Client.objects.select_for_update().get(pk=client.pk)
    client.reviewed_at = client.archive_current_at = now
    client.reviewed_by = by
    client.save(update_fields=["reviewed_at", "reviewed_by", "archive_current_at"])
    return client
