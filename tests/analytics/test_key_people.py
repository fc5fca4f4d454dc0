"""Arrears on the lines of key persons (CON-02)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Contact
from analytics.selectors.key_people import arrears_of_manager, key_arrears
from analytics.selectors.my_day import birthdays_ahead
from tests.factories.accounts import ContactFactory
from tests.factories.analytics import BillingPeriodFactory, add_member_bill

pytestmark = [pytest.mark.django_db, pytest.mark.rule("CON-02", "CHN-30")]
NUMBER = 13_812_345_678


@pytest.fixture(autouse=True)
def _months(db):
    BillingPeriodFactory(complete=True)
    BillingPeriodFactory(month=date(2026, 7, 1))  # not complete: its arrears are not told yet


@pytest.fixture
def leader(own_client):
    return ContactFactory(client=own_client, name="Zhao Min", kind="top_leader", mobile=str(NUMBER))


def test_the_newest_complete_month_counts(leader, own_client, manager):
    add_member_bill(msisdn=NUMBER, client=own_client, arrears=12_050)
    add_member_bill(msisdn=NUMBER, client=own_client, arrears=99_900, period=date(2026, 7, 1))

    found = arrears_of_manager(manager, limit=5)

    assert [(each.contact, each.month, each.amount) for each in found] == [
        (leader, date(2026, 6, 1), Decimal("120.50"))
    ]


@pytest.mark.parametrize("fields", [{"kind": "other"}, {"is_active": False}, {"is_external": True}])
def test_only_key_persons_are_watched(fields, leader, own_client, manager):
    Contact.objects.filter(pk=leader.pk).update(**fields)
    add_member_bill(msisdn=NUMBER, client=own_client, arrears=12_050)

    assert arrears_of_manager(manager, limit=5) == []


def test_who_owes_nothing_is_not_listed(leader, own_client, manager):
    add_member_bill(msisdn=NUMBER, client=own_client, arrears=0)

    assert arrears_of_manager(manager, limit=5) == []


@pytest.mark.rule("P1", "SEC-01")
def test_a_line_of_another_client_is_not_told(leader, foreign_client, manager, province):
    add_member_bill(msisdn=NUMBER, client=foreign_client, arrears=12_050)

    for person in (manager, province):
        assert key_arrears(Contact.objects.filter(pk=leader.pk), person) == []


def test_the_contacts_page_and_the_clients_page_tell(leader, own_client, manager, peer, login):
    add_member_bill(msisdn=NUMBER, client=own_client, arrears=12_050)
    urls = [
        reverse("analytics:contact_arrears", args=[leader.pk]),
        reverse("analytics:client_key_arrears", args=[own_client.pk]),
    ]

    for url in urls:
        html = login(manager).get(url).content.decode()
        assert "Zhao Min" in html
        assert "¥120.50" in html
        assert str(NUMBER) not in html
        assert login(peer).get(url).status_code == 404
    assert "¥120.50" in login(manager).get(reverse("home")).content.decode()


def test_three_people_take_as_many_queries_as_one(leader, own_client, manager):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            found = arrears_of_manager(manager, limit=5)
        return len(captured), len(found)

    add_member_bill(msisdn=NUMBER, client=own_client, arrears=100)
    queries()  # keeps the manager's scope
    one = queries()
    for number in (NUMBER + 1, NUMBER + 2):
        ContactFactory(client=own_client, mobile=str(number))
        add_member_bill(msisdn=number, client=own_client, arrears=100)

    assert (one[1], queries()) == (1, (one[0], 3))


@pytest.mark.rule("CON-20")
def test_my_day_tells_birthdays_of_key_persons_ahead(own_client, foreign_client, manager):
    soon = ContactFactory(client=own_client, kind="in_charge", birth_month=7, birth_day=10)
    ContactFactory(client=own_client, birth_month=7, birth_day=30)
    ContactFactory(client=own_client, kind="other", birth_month=7, birth_day=10)
    ContactFactory(client=foreign_client, birth_month=7, birth_day=10)

    assert birthdays_ahead(manager, date(2026, 7, 6)) == [soon]
