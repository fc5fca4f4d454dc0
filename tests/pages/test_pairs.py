"""Pages of records that may be the same."""

import pytest
from django.urls import reverse

from accounts.models import SuspectedPair
from tests.factories.accounts import ClientFactory, ContactFactory
from tests.factories.pairs import SuspectedPairFactory, contact_pair

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-20")]
LIST = reverse("accounts:pair_list")
CLIENTS = reverse("accounts:client_list")


def page(name, pair):
    return reverse(f"accounts:pair_{name}", args=[pair.pk])


@pytest.fixture
def pair(manager):
    return SuspectedPairFactory(
        first=ClientFactory(name="Harbour", owner=manager, address="1 Quay"),
        second=ClientFactory(name="Harbour Ltd", owner=manager, address="2 Quay"),
    )


@pytest.fixture
def half(own_client, foreign_client):
    """One of the two is out of sight for everybody of city 1."""
    return SuspectedPairFactory(first=own_client, second=foreign_client)


def test_supervisors_and_operations_see_pairs_of_which_they_see_both(
    pair, half, supervisor, operations, login
):
    for person in (supervisor, operations):
        html = login(person).get(LIST).text

        assert pair.title in html
        assert "Foreign Client" not in html
        assert "Own Client" not in html


def test_others_may_not(pair, half, manager, supervisor, login):
    browser = login(manager)
    assert browser.get(LIST).status_code == 403
    assert browser.get(page("detail", pair)).status_code == 403
    for name in ("judge", "reopen"):
        assert browser.post(page(name, pair), {"verdict": "same"}).status_code == 403
        assert login(supervisor).post(page(name, half), {"verdict": "same"}).status_code == 404
    assert login(supervisor).get(page("detail", half)).status_code == 404


def test_the_list_is_filtered_and_comes_as_a_fragment(pair, manager, supervisor, units, login):
    people = contact_pair(
        manager, state="different", decided_by=supervisor, decided_at=pair.found_at
    )
    browser = login(supervisor)

    def shown(**query):
        html = browser.get(LIST, query, headers={"HX-Request": "true"}).text
        assert "<html" not in html
        return {row for row in (pair, people) if row.get_absolute_url() in html}

    assert "<html" in browser.get(LIST).text
    assert shown() == {pair, people}
    assert shown(state="open") == shown(kind="client") == shown(reason="same_name") == {pair}
    assert shown(state="different") == shown(kind="contact") == {people}
    assert shown(unit="T1") == {pair, people}
    assert "<td" not in browser.get(LIST, {"unit": "C1", "state": "later"}).text


def test_the_unit_of_either_record_counts(manager, supervisor, units, login):
    deep = ClientFactory(unit=units.city_1)
    pair = SuspectedPairFactory(first=ClientFactory(owner=manager), second=deep)

    assert pair.get_absolute_url() in login(supervisor).get(LIST, {"unit": "T1"}).text


def test_both_records_stand_beside_each_other(pair, supervisor, login):
    response = login(supervisor).get(page("detail", pair))

    for record in pair.records:
        assert f'href="{record.get_absolute_url()}"' in response.text
    differing = {row.label for row in response.context["rows"] if row.differs}
    assert {"Name", "Client code", "Address"} <= differing
    assert "Unit" not in differing
    assert "1 Quay" in response.text
    assert "2 Quay" in response.text


@pytest.mark.rule("SEC-10")
def test_numbers_of_contacts_are_masked_and_compared_in_full(manager, supervisor, login):
    client = ClientFactory(owner=manager)
    one = ContactFactory(
        client=client, name="Zhao", mobile="13900001111", birth_month=5, birth_day=2
    )
    two = ContactFactory(client=client, name="Zhao Min", mobile="13900002111")
    one, two = sorted((one, two), key=lambda row: row.pk)
    pair = SuspectedPairFactory(
        kind="contact", first=client, second=client, first_contact=one, second_contact=two
    )

    response = login(supervisor).get(page("detail", pair))

    assert "13900001111" not in response.text
    assert one.masked_mobile in response.text
    rows = {row.label: row for row in response.context["rows"]}
    assert rows["Mobile"].differs
    assert {rows["Birthday"].first, rows["Birthday"].second} == {"05-02", ""}
    assert not rows["Client"].differs


def test_a_judgement_is_made_and_taken_back(pair, supervisor, login):
    browser = login(supervisor)

    done = browser.post(page("judge", pair), {"verdict": "different"}, follow=True)

    assert supervisor.full_name in done.text
    assert "Mark as the same" not in done.text
    assert "Not the same" in done.text
    assert browser.post(page("judge", pair), {"verdict": "later"}).status_code == 409
    browser.post(page("reopen", pair))
    assert SuspectedPair.objects.get(pk=pair.pk).state == "open"
    assert browser.post(page("reopen", pair)).status_code == 409
    assert browser.post(page("judge", pair), {"verdict": "nonsense"}).status_code == 400


def test_what_was_put_off_says_until_when(pair, supervisor, login):
    done = login(supervisor).post(page("judge", pair), {"verdict": "later"}, follow=True)

    pair.refresh_from_db()
    assert f"{pair.later_until:%Y-%m-%d}" in done.text
    assert "Judge later" not in done.text
    assert "Mark as the same" in done.text


def test_the_list_of_clients_leads_there_with_a_count(pair, half, manager, supervisor, login):
    html = login(supervisor).get(CLIENTS).text

    assert f"{LIST}?state=open" in html
    assert "Suspected duplicates: 1" in html
    assert LIST not in login(manager).get(CLIENTS).text


@pytest.mark.parametrize("make", [SuspectedPairFactory, contact_pair])
def test_as_many_queries_for_three_pairs_as_for_one(make, manager, supervisor, login, queries_of):
    browser = login(supervisor)
    first = make(owner=manager)
    few = queries_of(browser, LIST), queries_of(browser, CLIENTS)
    detail = queries_of(browser, page("detail", first))
    for _ in range(2):
        make(owner=manager)

    assert (queries_of(browser, LIST), queries_of(browser, CLIENTS)) == few
    assert queries_of(browser, page("detail", first)) == detail
