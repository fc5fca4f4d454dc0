"""What the search box finds here: clients, their people, lines, agreements and files."""

from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, Q, When
from django.urls import reverse

from accounts.models import Agreement, Client, ClientFile, Contact, Member
from accounts.models.clients import SearchedQuerySet
from accounts.selectors.recents import recent_clients, recent_ids
from crm.lib.search import Hit, Search
from staff.models import User

# Of what is found so many are ranked; `有限公司` is in half of all names.
LOOKED_AT = 1_000
CLASS_TONES = {"A": "danger", "B": "warning", "C": "info"}
CLIENTS_OF_OTHERS = 50  # so many clients lend their visits and alerts to a search


def find_clients(search: Search, limit: int) -> list[Hit]:
    """Clients by name, pinyin, initials or code: those opened lately and one's own first."""
    hits = [_client_hit(client, search.text) for client in _clients(search)[:limit]]
    return sorted(hits, key=lambda hit: not hit.is_exact)


def opened_lately(user: User) -> list[Hit]:
    return [_client_hit(client) for client in recent_clients(user)]


def _client_hit(client: Client, text: str = "") -> Hit:
    return Hit(
        title=client.name,
        url=client.get_absolute_url(),
        subtitle=_dotted(client.code, client.unit.name, client.owner and client.owner.full_name),
        badge=client.client_class,
        tone=CLASS_TONES.get(client.client_class, "neutral"),
        is_exact=text in (client.code.lower(), client.name.lower()),
    )


def found_client_ids(search: Search) -> list[UUID]:
    """The clients that the search finds, best first; upper apps find what hangs on them."""
    return [client.pk for client in _clients(search)]


def _clients(search: Search) -> list[Client]:
    return search.remembered("clients", _find_clients)


def _find_clients(search: Search) -> list[Client]:
    rows = Client.objects.visible_to(search.user)
    nearness = Case(
        When(code__iexact=search.text, then=0),
        When(Q(owner=search.user) | Q(chief_representative=search.user), then=1),
        default=2,
        output_field=IntegerField(),
    )
    lately = recent_ids(search.user, search.text)
    found = _best(rows, search.text, CLIENTS_OF_OTHERS, nearness, "-income")
    whole = rows.with_people().in_bulk([*lately, *found])
    return [whole[pk] for pk in dict.fromkeys([*lately, *found]) if pk in whole]


def find_contacts(search: Search, limit: int) -> list[Hit]:
    """People by name, pinyin, initials, title or a part of their telephone numbers."""
    rows = Contact.objects.visible_to(search.user)
    nearness = Case(
        When(is_active=False, then=2), When(client__owner=search.user, then=0), default=1
    )
    text = search.digits or search.text
    found = _best(rows, text, limit, nearness, "sort_key")
    whole = Contact.objects.select_related("client").in_bulk(found)
    return [_contact_hit(whole[pk], search) for pk in found]


def _contact_hit(contact: Contact, search: Search) -> Hit:
    return Hit(
        title=contact.name,
        url=contact.get_absolute_url(),
        subtitle=_dotted(contact.title, contact.client.name),
        is_exact=contact.name.lower() == search.text or contact.mobile == search.digits != "",
    )


def find_members(search: Search, limit: int) -> list[Hit]:
    """Lines by their number or its last four digits or more; the number stays masked (P35)."""
    if not search.digits:
        return []
    rows = Member.objects.visible_to(search.user).numbered(search.digits)
    own = Case(When(client__owner=search.user, then=0), default=1)
    members = rows.select_related("client").order_by(own, "status", "msisdn")[:limit]
    return [
        Hit(
            title=member.masked_number,
            url=reverse("accounts:client_members", args=[member.client_id]),
            subtitle=_dotted(member.client.name, member.get_status_display()),
            is_exact=str(member.msisdn) == search.digits,
        )
        for member in members
    ]


def find_files(search: Search, limit: int) -> list[Hit]:
    """Files by their title; removed ones are not found."""
    rows = ClientFile.objects.visible_to(search.user).kept()
    nearness = Case(When(client__owner=search.user, then=0), default=1)
    found = _best(rows, search.text, limit, nearness, "-created_at")
    whole = ClientFile.objects.select_related("client").in_bulk(found)
    return [
        Hit(
            title=file.title,
            url=file.get_absolute_url(),
            subtitle=_dotted(file.client.name, file.get_kind_display()),
            is_exact=file.title.lower() == search.text,
        )
        for file in (whole[pk] for pk in found)
    ]


def find_agreements(search: Search, limit: int) -> list[Hit]:
    """Agreements by their product, group number or short numbers; removed ones are not found."""
    rows = Agreement.objects.visible_to(search.user).live()
    nearness = Case(When(client__owner=search.user, then=0), default=1)
    text = search.digits or search.text
    found = _best(rows, text, limit, nearness, "-created_at")
    whole = Agreement.objects.select_related("client").in_bulk(found)
    return [_agreement_hit(whole[pk], text) for pk in found]


def _agreement_hit(agreement: Agreement, text: str) -> Hit:
    return Hit(
        title=agreement.product,
        url=f"{agreement.get_absolute_url()}#agreements",
        subtitle=_dotted(agreement.client.name, agreement.group_number),
        is_exact=text in (agreement.product.lower(), agreement.group_number.lower()),
    )


def _best(rows: SearchedQuerySet, text: str, limit: int, *order: Any) -> list[UUID]:
    """Keys of the best: names that begin like this, then words that do, then other places.

    However common the words are, no step sorts more than LOOKED_AT rows.
    """
    found = _ranked(rows, rows.named_like(text), text, limit, order)
    if len(found) < limit:
        others = rows.matching(text).exclude(pk__in=found)
        found += _ranked(rows, others, text, limit - len(found), order)
    return found


def _ranked(
    rows: SearchedQuerySet, some: SearchedQuerySet, text: str, limit: int, order: tuple[Any, ...]
) -> list[UUID]:
    looked_at = rows.filter(pk__in=some.order_by().values("pk")[:LOOKED_AT])
    return list(looked_at.best_first(text, *order).values_list("pk", flat=True)[:limit])


def _dotted(*words: object) -> str:
    return " · ".join(str(word) for word in words if word)
