"""The client's page and its tabs, each at an address of its own."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from accounts.services import clients
from tests.factories.accounts import ClientFactory, ContactFactory, MemberFactory, OwnershipFactory
from tests.factories.analytics import (
    AlertFactory,
    BillingPeriodFactory,
    BusinessHandlingFactory,
    ClientMonthFactory,
    DailyUsageFactory,
    PaymentFactory,
    ProductBillFactory,
)
from tests.factories.archive import FACTORIES as ARCHIVE_LISTS
from tests.factories.archive import ArchiveCheckFactory, StatusChangeFactory
from tests.factories.care import GiftFactory, ServiceRecordFactory
from tests.factories.complaints import CaseFactory
from tests.factories.visits import VisitFactory

pytestmark = pytest.mark.django_db
MONTHS = [date(2026, month, 1) for month in (4, 5, 6)]


def fill_basic(client, row):
    ContactFactory(client=client, name=f"Contact {row}")


def fill_archive(client, row):
    for factory in (*ARCHIVE_LISTS.values(), ArchiveCheckFactory, StatusChangeFactory):
        factory(client=client)
    ClientFactory(superior=client, owner=client.owner)


def fill_people(client, row):
    ContactFactory(client=client, name=f"Contact {row}")
    OwnershipFactory(client=client, owner=client.owner, ended_at="2026-02-01T00:00Z")


def fill_members(client, row):
    MemberFactory(client=client)


def fill_bills(client, row):
    ClientMonthFactory(client=client, period=MONTHS[row])
    ProductBillFactory(client=client)
    PaymentFactory(member=MemberFactory(client=client))


def fill_business(client, row):
    ProductBillFactory(client=client, period=MONTHS[row])
    for make in (BusinessHandlingFactory, DailyUsageFactory):
        make(member=MemberFactory(client=client))


def fill_alerts(client, row):
    AlertFactory(client=client, state="closed", survey="s", cause="other", action="a",
                 closed_at="2026-07-06T00:00Z", latest_period=MONTHS[row])  # fmt: skip


def fill_visits(client, row):
    VisitFactory(client=client, visitor=client.owner)


def fill_care(client, row):
    GiftFactory(client=client, person=client.owner)
    ServiceRecordFactory(client=client, served_by=client.owner)


def fill_cases(client, row):
    CaseFactory(client=client, first_responder=client.owner)


def fill_history(client, row):
    clients.update_client(client=client, by=client.owner, notes=f"Note {row}")


def fill_summary(client, row):
    ClientMonthFactory(client=client, period=MONTHS[row])


# Tab -> what fills it with one more row, and what it says when it is empty.
TABS = {
    "accounts:client_detail": (fill_basic, "Nobody known yet"),
    "accounts:client_archive": (fill_archive, "Still missing"),
    "accounts:client_timeline": (fill_visits, "Nothing here yet"),
    "accounts:client_people": (fill_people, "Nobody known yet"),
    "accounts:client_members": (fill_members, "No members yet"),
    "accounts:client_history": (fill_history, ""),
    "analytics:client_bills": (fill_bills, "No complete month yet"),
    "analytics:client_business": (fill_business, "Nothing known of the services in use"),
    "analytics:client_alerts": (fill_alerts, "No alerts"),
    "visits:client_visits": (fill_visits, "No visits yet"),
    "care:client_care": (fill_care, "No gifts yet"),
    "complaints:client_cases": (fill_cases, "No cases yet"),
}
tabs = pytest.mark.parametrize("tab", TABS)


@tabs
def test_a_tab_is_part_of_the_page_or_alone(tab, own_client, manager, login):
    url = reverse(tab, args=[own_client.pk])

    whole = login(manager).get(url).content.decode()
    part = login(manager).get(url, headers={"HX-Request": "true"}).content.decode()

    assert "<html" in whole
    assert f'href="{url}" aria-current="page"' in whole
    assert "<html" not in part
    assert part.strip()


@tabs
def test_an_empty_tab_says_so(tab, own_client, manager, login):
    html = login(manager).get(reverse(tab, args=[own_client.pk])).content.decode()

    assert TABS[tab][1] in html


@pytest.mark.parametrize("tab", [*TABS, "analytics:client_summary"])
def test_the_number_of_queries_is_the_same_for_three_rows(
    tab, own_client, manager, login, queries_of
):
    fill = TABS[tab][0] if tab in TABS else fill_summary
    url, browser = reverse(tab, args=[own_client.pk]), login(manager)
    fill(own_client, 0)
    for_one = queries_of(browser, url)
    fill(own_client, 1)
    fill(own_client, 2)

    assert queries_of(browser, url) == for_one


def test_the_bills_tab_shows_figures_per_handset_and_change(own_client, manager, login):
    BillingPeriodFactory(complete=True)
    ClientMonthFactory(
        client=own_client, income="690.00", previous_income="1000.00", active=20, arrears="12.50"
    )

    url = reverse("analytics:client_bills", args=[own_client.pk])
    html = login(manager).get(url).content.decode()

    for figure in ("¥690.00", "-31.00 %", "¥34.50", "¥12.50"):
        assert figure in html, figure


def bills_tab(client, person, login) -> str:
    url = reverse("analytics:client_bills", args=[client.pk])
    return login(person).get(url).content.decode()


def business_tab(client, person, login) -> str:
    url = reverse("analytics:client_business", args=[client.pk])
    return login(person).get(url).content.decode()


@pytest.mark.rule("ARC-24")
def test_the_business_tab_follows_the_use_of_each_service(
    own_client, foreign_client, manager, login
):
    for month, amount in zip(MONTHS, ("10.00", "20.00", "40.00"), strict=True):
        ProductBillFactory(client=own_client, period=month, product_code="L", amount=amount,
                           product_name="Internet line")  # fmt: skip
    ProductBillFactory(client=own_client, period=MONTHS[0], product_code="S", product_name="Texts")
    ProductBillFactory(client=foreign_client, product_name="Secret service")

    url = reverse("analytics:client_business", args=[own_client.pk])
    page = login(manager).get(url)

    line, texts = page.context_data["business"].products
    assert [str(amount) for amount in line.amounts] == ["10.00", "20.00", "40.00"]
    assert (line.first_month, line.is_gone) == (MONTHS[0], False)
    assert (texts.amounts[1:], texts.is_gone) == ([None, None], True)
    html = page.content.decode()
    assert "not billed since 2026-04" in html
    assert "Secret service" not in html


@pytest.mark.rule("ANA-11")
@pytest.mark.rule("ANA-14")
def test_the_bills_tab_shows_payments_of_the_clients_members(
    own_client, foreign_client, manager, login
):
    member = MemberFactory(client=own_client, msisdn=13_812_345_678)
    PaymentFactory(member=member, operation_type="settlement", amount="156.9",
                   serial_number="SERIAL-1", operated_time="09:05")  # fmt: skip
    PaymentFactory(member=MemberFactory(client=foreign_client), serial_number="SERIAL-2")

    html = bills_tab(own_client, manager, login)

    for text in ("138****5678", "Month-end settlement", "¥156.90", "SERIAL-1", "2026-06-12 09:05"):
        assert text in html, text
    assert "13812345678" not in html
    assert "SERIAL-2" not in html


@pytest.mark.rule("ANA-10")
def test_the_business_tab_shows_what_was_handled(own_client, manager, login):
    member = MemberFactory(client=own_client)
    BusinessHandlingFactory(member=member, operation_type="改服务方法", place="中心营业厅")

    html = business_tab(own_client, manager, login)

    for text in ("改服务方法", "中心营业厅", member.masked_number, "2026-06-12"):
        assert text in html, text


def test_the_bills_tab_shows_the_newest_twenty_of_each(own_client, manager, login):
    member = MemberFactory(client=own_client)
    for day in range(1, 22):
        PaymentFactory(member=member, operated_on=date(2026, 6, day))

    html = bills_tab(own_client, manager, login)

    assert html.count("****") == 20
    assert "2026-06-21" in html
    assert "2026-06-01" not in html


@pytest.mark.rule("ANA-03")
def test_the_business_tab_sums_usage_by_day(own_client, foreign_client, manager, login):
    member = MemberFactory(client=own_client)
    for number, minutes in ((1, "1.00"), (2, "40.25")):  # the second import counts
        DailyUsageFactory(member=member, import_number=number, voice_minutes=minutes, sms=0)
    DailyUsageFactory(member=MemberFactory(client=own_client), voice_minutes="2.00", sms=0)
    DailyUsageFactory(member=member, day=date(2026, 6, 1), voice_minutes="7.00", sms=0)
    DailyUsageFactory(member=member, day=date(2026, 5, 31), voice_minutes="888.00", sms=0)
    DailyUsageFactory(member=MemberFactory(client=foreign_client), voice_minutes="999.00")

    url = reverse("analytics:client_business", args=[own_client.pk])
    charts = login(manager).get(url).context_data["business"].usage

    assert [chart.id for chart in charts] == ["client-usage-voice", "client-usage-data"]
    voice = dict(zip(charts[0].labels, charts[0].series[0].values, strict=True))
    assert len(voice) == 30
    assert {day: str(value) for day, value in voice.items() if value is not None} == {
        "06-01": "7.00",
        "06-30": "42.25",
    }


def test_sections_without_records_stay_away(own_client, manager, login):
    assert "Payments" not in bills_tab(own_client, manager, login)
    html = business_tab(own_client, manager, login)

    for heading in ("Services in use", "Business handled", "Last 30 days"):
        assert heading not in html


def test_the_history_tab_shows_before_and_after_and_who(own_client, manager, login):
    clients.update_client(client=own_client, by=manager, notes="Moved to the new tower")

    url = reverse("accounts:client_history", args=[own_client.pk])
    html = login(manager).get(url).content.decode()

    assert "Moved to the new tower" in html
    assert manager.full_name in html


def test_members_show_masked_numbers_only(own_client, manager, login):
    MemberFactory(client=own_client, msisdn=13_812_345_678)

    url = reverse("accounts:client_members", args=[own_client.pk])
    html = login(manager).get(url).content.decode()

    assert "138****5678" in html
    assert "13812345678" not in html


def test_members_come_in_pages(own_client, manager, login):
    for _ in range(51):
        MemberFactory(client=own_client)
    url, browser = reverse("accounts:client_members", args=[own_client.pk]), login(manager)

    first = browser.get(url).context_data["page"]
    second = browser.get(url + first.next_url).context_data["page"]
    nonsense = browser.get(f"{url}?cursor=x").context_data["page"]

    assert (len(first.rows), len(second.rows)) == (50, 1)
    assert nonsense.rows == first.rows


def test_the_pager_of_members_finds_its_part_in_the_fragment(own_client, manager, login):
    for _ in range(51):
        MemberFactory(client=own_client)
    url, browser = reverse("accounts:client_members", args=[own_client.pk]), login(manager)

    html = browser.get(url).content.decode()
    link = re.search(r'rel="next".*?hx-get="(.*?)" hx-target="#(.*?)" hx-select="#(.*?)"', html)
    address, target, selected = map(unescape, link.groups())
    part = browser.get(url + address, headers={"HX-Request": "true"}).content.decode()

    assert target == selected
    assert html.count(f'id="{target}"') == 1
    assert part.strip().count(f'id="{selected}"') == 1
    assert part.count("****") == 1


def test_a_class_a_client_without_representative_is_pointed_out(own_client, manager, login):
    own_client.client_class = "A"
    own_client.save()

    html = login(manager).get(own_client.get_absolute_url()).content.decode()

    assert "need a chief representative" in html


def test_more_users_than_twice_the_employees_are_pointed_out(own_client, manager, login):
    own_client.employees, own_client.own_users, own_client.other_users = 10, 15, 6
    own_client.save()

    html = login(manager).get(own_client.get_absolute_url()).content.decode()

    assert "More users than twice the employees" in html
