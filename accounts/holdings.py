"""Clients as pages about units and people count them (`staff.holdings`)."""

from collections.abc import Collection

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Client
from staff.holdings import Holding, Portfolio
from staff.models import User


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


def clients_in_sight(person_id: int, asker: User) -> int:
    return Client.objects.visible_to(asker).filter(owner=person_id).count()


CLIENTS = Holding(
    label=_("clients"),
    by_unit=clients_by_unit,
    by_person=clients_by_person,
    in_sight=clients_in_sight,
    url_of_person=clients_url,
    right="accounts.view_client",
)


def overloaded(people: QuerySet[User]) -> QuerySet[User]:
    """Who is responsible for more clients than one can look after (ORG-22)."""
    return people.filter(pk__in=_too_many().values("owner"))


def with_portfolio(people: QuerySet[User], asker: User) -> QuerySet[User]:
    """The number is of clients in sight, as the list behind it shows them; the warning of all."""
    theirs = Client.objects.visible_to(asker).filter(owner=OuterRef("pk")).order_by()
    counted = theirs.values("owner").annotate(number=Count("pk")).values("number")
    return people.annotate(
        portfolio=Coalesce(Subquery(counted), 0),
        is_overloaded=Exists(_too_many().filter(owner=OuterRef("pk"))),
    )


def _too_many() -> QuerySet:
    owned = Client.objects.exclude(owner=None).order_by().values("owner")
    return owned.annotate(number=Count("pk")).filter(number__gt=settings.PORTFOLIO_CLIENTS)


PORTFOLIO = Portfolio(
    label=_("Clients"),
    annotate=with_portfolio,
    overloaded=overloaded,
    url_of_person=clients_url,
)
