"""Lists, a client's page and searches of two people in a large archive."""

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.crypto import get_random_string

from accounts.models import Client, Member
from analytics.bench.archive_data import PEOPLE
from analytics.bench.page_visits import milliseconds, queries, server
from staff.models import User

LISTS = {
    "by_income": "",
    "class_and_status": "client_class=A&status=signed",
    "industry": "industry=教育",
    "income_range": "income__gte=1000&income__lte=2000",
    "two_characters": "q=医院",
    "initials": "q=hebyy",
}
TERMS = {
    "characters": "医院",
    "one_character": "王",
    "half_of_all": "有限公司",
    "pinyin": "yiyuan",
    "initials": "hebyy",
    "person": "王伟",
}


def measure(requests: str) -> dict[str, Any]:
    """For each page and person the median milliseconds and the queries of one request."""
    password = get_random_string(20)
    figures = {}
    with server() as port:
        for name in PEOPLE:
            person = User.objects.get(username=name)
            person.set_password(password)
            person.save()
            for page, path in _pages(person).items():
                figures[f"{page}_{name}"] = {
                    "milliseconds": milliseconds(port, person, password, path, int(requests)),
                    "queries": queries(User.objects.get(pk=person.pk), path),
                }
    return figures


def _pages(person: User) -> dict[str, str]:
    client = Client.objects.visible_to(person).order_by("-income", "pk")[0]
    member = Member.objects.visible_to(person).order_by("pk")[0]
    terms = TERMS | {
        "code": client.code,
        "last_digits": str(member.msisdn)[-4:],
        "number": str(member.msisdn),
    }
    clients, search = reverse("accounts:client_list"), reverse("staff:search")
    return {
        **{f"clients_{name}": f"{clients}?{_encoded(query)}" for name, query in LISTS.items()},
        "client_page": reverse("accounts:client_detail", args=[client.pk]),
        **{f"search_{name}": f"{search}?{urlencode({'q': text})}" for name, text in terms.items()},
    }


def _encoded(query: str) -> str:
    return QueryDict(query).urlencode()
