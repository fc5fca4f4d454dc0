"""Clients as pages about units and people count them (`staff.holdings`)."""

from collections.abc import Collection

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from staff.holdings import Holding


def clients_by_unit(unit_ids: Collection[int]) -> dict[int, int]:
    """From the index of the unit alone, whatever the number of clients."""
    return _counted("unit", unit_ids)


def clients_by_person(person_ids: Collection[int]) -> dict[int, int]:
    return _counted("owner", person_ids)


def _counted(name: str, ids: Collection[int]) -> dict[int, int]:
    rows = Client.objects.filter(**{f"{name}__in": ids}).values(name).annotate(number=Count(name))
    return {row[name]: row["number"] for row in rows}


def clients_url(person_id: int) -> str:
    return f"{reverse('accounts:client_list')}?owner={person_id}"


CLIENTS = Holding(
    label=_("clients"),
    by_unit=clients_by_unit,
    by_person=clients_by_person,
    url_of_person=clients_url,
)
