"""The gift register, and care on a client's page."""

from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.selectors.dossier import SECTIONS, Part
from care.models import Gift, ServiceRecord
from tests.factories.care import GiftFactory, ServiceRecordFactory

pytestmark = pytest.mark.django_db
REGISTER = reverse("care:gift_list")
HTMX = {"HX-Request": "true"}


def gift_input(**changes):
    return {
        "direction": "given", "occasion": "festival", "item": "Tea", "value": "80.00",
        "happened_on": f"{timezone.localdate()}", "note": "",
    } | changes  # fmt: skip


def new(name, client):
    return f"{reverse(f'care:{name}_create')}?client={client.pk}"


def items(response):
    return [row.item for row in response.context_data["table"].data]


@pytest.mark.rule("P1", "SEC-13")
def test_the_register_shows_gifts_in_sight_only(own_client, manager, supervisor, outsider, login):
    GiftFactory(client=own_client, person=manager, item="Ours")
    GiftFactory(person=outsider, item="Theirs")

    for person in (manager, supervisor):
        assert items(login(person).get(REGISTER)) == ["Ours"]
    fragment = login(manager).get(REGISTER, headers=HTMX).content.decode()
    assert "<html" not in fragment
    assert "Ours" in fragment


@pytest.mark.rule("SEC-13")
@pytest.mark.parametrize(
    ("query", "found"),
    [("direction=received", ["B"]), ("state=waiting", ["B"]), ("value__gte=100", ["B"])],
)
def test_the_register_is_filtered(query, found, own_client, manager, login):
    GiftFactory(client=own_client, person=manager, item="A")
    GiftFactory(client=own_client, person=manager, item="B", direction="received", waiting=True)

    assert items(login(manager).get(f"{REGISTER}?{query}")) == found


def test_the_register_costs_the_same_for_any_number(own_client, manager, login, queries_of):
    GiftFactory(client=own_client, person=manager)
    one = queries_of(login(manager), REGISTER)
    GiftFactory.create_batch(2, client=own_client, person=manager)

    assert queries_of(login(manager), REGISTER) == one


@pytest.mark.rule("SEC-13")
def test_a_gift_is_registered_and_approved_by_somebody_else(own_client, manager, supervisor, login):
    response = login(manager).post(new("gift", own_client), gift_input(value="900.00"))
    gift = Gift.objects.get()
    url = reverse("care:gift_decide", args=[gift.pk])

    assert response.headers["Location"] == gift.get_absolute_url()
    assert login(manager).get(gift.get_absolute_url()).context_data["form"] is None
    assert login(manager).post(url, {"approves": "1"}).status_code == 403
    boss = login(supervisor)
    assert boss.get(gift.get_absolute_url()).context_data["form"] is not None
    assert boss.post(url, {"approves": "0"}).status_code == 422
    assert boss.post(url, {"approves": "1"}).status_code == 302
    gift.refresh_from_db()
    assert (gift.state, gift.decided_by) == ("approved", supervisor)


@pytest.mark.parametrize(
    "wrong", [{"item": ""}, {"value": "-1"}, {"occasion": "x"}, {"happened_on": "2099-01-01"}]
)
def test_a_wrong_gift_keeps_the_input(wrong, own_client, manager, login):
    response = login(manager).post(new("gift", own_client), gift_input(note="Kept") | wrong)

    assert response.status_code == 422
    assert "Kept" in response.content.decode()
    assert not Gift.objects.exists()


@pytest.mark.rule("ARC-50")
def test_a_service_is_recorded(own_client, manager, login):
    fields = {
        "service": "boarding",
        "served_on": f"{timezone.localdate()}",
        "done": "Easy boarding",
    }

    response = login(manager).post(new("service", own_client), fields)

    assert response.headers["Location"] == reverse("care:client_care", args=[own_client.pk])
    assert ServiceRecord.objects.get().served_by == manager


@pytest.mark.rule("P1")
def test_out_of_sight_is_not_there(own_client, manager, outsider, login):
    gift = GiftFactory(client=own_client, person=manager)
    stranger = login(outsider)

    for url in (gift.get_absolute_url(), new("gift", own_client), new("service", own_client),
                reverse("care:client_care", args=[own_client.pk])):  # fmt: skip
        assert stranger.get(url).status_code == 404


def test_without_the_right_it_is_refused(own_client, manager, operations, login):
    gift = GiftFactory(client=own_client, person=manager, waiting=True)
    browser = login(operations)

    assert browser.get(gift.get_absolute_url()).status_code == 200
    assert browser.get(new("gift", own_client)).status_code == 403
    assert browser.get(new("service", own_client)).status_code == 403
    assert browser.post(reverse("care:gift_decide", args=[gift.pk])).status_code == 403


@pytest.mark.rule("ARC-17")
def test_the_tab_and_the_timeline_tell_of_gifts_and_services(own_client, manager, login):
    GiftFactory(client=own_client, person=manager, item="Moon cakes")
    ServiceRecordFactory(client=own_client, served_by=manager, done="Went through the bill")
    browser = login(manager)

    tab = browser.get(reverse("care:client_care", args=[own_client.pk])).content.decode()
    line = browser.get(
        f"{reverse('accounts:client_timeline', args=[own_client.pk])}?kind=care"
    ).content.decode()

    for page in (tab, line):
        assert "Moon cakes" in page
        assert "Went through the bill" in page


@pytest.mark.rule("ARC-17", "ARC-18")
def test_the_dossier_has_visits_services_and_gifts_in_the_archive():
    ours = [SECTIONS[name] for name in ("visits", "services", "gifts")]

    assert {section.part for section in ours} == {Part.ARCHIVE}
    assert [section.position for section in ours] == sorted(each.position for each in ours)
    assert not any(section.client_may_read for section in ours)


def test_what_a_gift_is_worth_is_shown_in_full(own_client, manager, login):
    gift = GiftFactory(client=own_client, person=manager, value=Decimal("1234.50"))

    assert "¥1,234.50" in login(manager).get(gift.get_absolute_url()).content.decode()
