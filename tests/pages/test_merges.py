"""Pages on which two records become one, and the way from old addresses to the record that stayed."""

import pytest
from django.urls import reverse

from accounts.models import Client, Contact, Merge
from tests.factories.accounts import ClientFactory, ContactFactory, NoteFactory
from tests.factories.merges import make_merge
from tests.factories.pairs import SuspectedPairFactory, contact_pair

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-20")]
LIST, NEW = reverse("accounts:merge_list"), reverse("accounts:merge_create")


@pytest.fixture
def two(manager):
    return (
        ClientFactory(code="STAYS", name="Harbour", owner=manager, industry="port", income=2),
        ClientFactory(code="GOES", name="Harbour Ltd", owner=manager, address="1 Quay"),
    )


def new(one, other=None):
    query = {one._meta.model_name: one.pk} | ({"other": other.pk} if other else {})
    return f"{NEW}?{'&'.join(f'{name}={value}' for name, value in query.items())}"


def part(merge):
    return reverse("accounts:merge_part", args=[merge.pk])


# Who may ------------------------------------------------------------------------------------------


def test_supervisors_and_operations_see_merges_of_their_units(
    manager, outsider, supervisor, operations, login
):
    ours, theirs = make_merge(manager), make_merge(outsider)
    for person in (supervisor, operations):
        html = login(person).get(LIST).text
        assert ours.get_absolute_url() in html
        assert theirs.get_absolute_url() not in html
        assert login(person).get(theirs.get_absolute_url()).status_code == 404
        assert login(person).post(part(theirs), {"reason": "x"}).status_code == 404


def test_others_may_not(two, manager, login):
    merge = make_merge(manager)
    browser = login(manager)
    for address in (LIST, new(*two), merge.get_absolute_url()):
        assert browser.get(address).status_code == 403
    assert browser.post(new(*two), {"survivor": "one", "reason": "x"}).status_code == 403
    assert browser.post(part(merge), {"reason": "x"}).status_code == 403
    html = browser.get(two[0].get_absolute_url()).text
    assert NEW not in html


def test_neither_of_the_two_may_be_out_of_sight(two, foreign_client, supervisor, login):
    browser = login(supervisor)
    for address in (new(two[0], foreign_client), new(foreign_client, two[0]), new(foreign_client)):
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"survivor": "one", "reason": "x"}).status_code == 404
    assert Merge.objects.count() == 0


def test_an_address_without_a_record(supervisor, login):
    assert login(supervisor).get(NEW).status_code == 404
    assert login(supervisor).get(f"{NEW}?client=nonsense").status_code == 404


# Finding the other one ----------------------------------------------------------------------------


def test_from_the_page_of_a_client_over_its_code_to_the_comparison(two, supervisor, login):
    browser = login(supervisor)
    assert new(two[0]) in browser.get(two[0].get_absolute_url()).text

    html = browser.get(new(two[0])).text
    assert f"other={two[1].pk}" in html  # an alike name is offered

    assert "Harbour Ltd" in browser.get(f"{NEW}?client={two[0].pk}&code=goes").text
    assert "You see no client with this code." in browser.get(
        f"{NEW}?client={two[0].pk}&code=nobody"
    ).text  # fmt: skip


def test_people_of_the_client_are_offered_with_masked_numbers(own_client, supervisor, login):
    one = ContactFactory(client=own_client, name="Zhao", mobile="13900000001")
    twin = ContactFactory(client=own_client, name="zhao", mobile="13900000002")
    ContactFactory(client=own_client, name="An", mobile="13900000003")
    browser = login(supervisor)
    assert new(one) in browser.get(one.get_absolute_url()).text

    response = browser.get(new(one))

    assert response.context["people"][0] == twin
    assert "13900000002" not in response.text
    assert "139****0002" in response.text


def test_somebody_alone_has_nobody_to_be_merged_with(own_client, supervisor, login):
    alone = ContactFactory(client=own_client)

    assert "The client has nobody else on file" in login(supervisor).get(new(alone)).text


def test_from_a_pair(manager, supervisor, login):
    pair, people = SuspectedPairFactory(owner=manager), contact_pair(manager)
    far = ContactFactory(client=ClientFactory(owner=manager))
    browser = login(supervisor)
    for each in (pair, people):
        assert NEW in browser.get(each.get_absolute_url()).text
        assert browser.get(each.merge_url).status_code == 200

    people.second, people.second_contact = far.client, far
    if people.first_contact.pk > far.pk:
        people.first_contact, people.second_contact = far, people.first_contact
        people.first, people.second = far.client, people.first
    people.save()
    assert NEW not in browser.get(people.get_absolute_url()).text


# The comparison -----------------------------------------------------------------------------------


def test_shows_what_differs_and_what_comes_together(two, supervisor, login):
    stays, goes = two
    NoteFactory(client=goes)
    ClientFactory(owner=stays.owner)

    response = login(supervisor).get(new(*two))

    assert [choice.name for choice, _field in response.context["form"].rows] == ["name"]
    assert [(row.label, row.first, row.second) for row in response.context["counts"]] == [
        ("Notes", 0, 1)
    ]
    assert "STAYS" in response.text
    assert "GOES" in response.text


def test_numbers_of_people_stay_masked(own_client, supervisor, login):
    people = [ContactFactory(client=own_client, mobile=f"1390000000{n}") for n in range(2)]

    html = login(supervisor).get(new(*people)).text

    assert "13900000001" not in html
    assert "139****0001" in html


def test_merge_and_part_again(two, supervisor, login):
    stays, goes = two
    NoteFactory(client=goes, text="Moved along")
    browser = login(supervisor)

    done = browser.post(
        new(*two), {"survivor": "one", "take_name": "two", "reason": "One house."}, follow=True
    )

    merge = Merge.objects.get()
    assert done.redirect_chain == [(merge.get_absolute_url(), 302)]
    stays.refresh_from_db()
    assert (stays.name, stays.address, stays.client_notes.count()) == ("Harbour Ltd", "1 Quay", 1)
    assert ("Notes", 1, 0) in done.context["steps"]
    assert merge.get_absolute_url() in browser.get(LIST).text

    parted = browser.post(part(merge), {"reason": "Two houses."}, follow=True)

    assert "Two houses." in parted.text
    assert Client.objects.get(pk=goes.pk).client_notes.get().text == "Moved along"
    assert part(merge) not in parted.text


def test_the_second_record_may_be_the_one_that_stays(two, supervisor, login):
    stays, goes = two[1], two[0]

    login(supervisor).post(
        new(*two), {"survivor": "two", "take_name": "two", "reason": "One house."}
    )

    assert Client.objects.get(pk=stays.pk).name == "Harbour Ltd"
    assert not Client.objects.filter(pk=goes.pk).exists()


def test_a_second_press_of_the_button_shows_what_the_first_did(two, supervisor, login):
    browser = login(supervisor)
    body = {"survivor": "one", "take_name": "one", "reason": "One house."}
    first = browser.post(new(*two), body)

    second = browser.post(new(*two), body)

    assert (second.status_code, second.url) == (302, first.url)
    assert Merge.objects.count() == 1


def test_what_is_missing_or_refused_is_said_and_nothing_happens(two, manager, supervisor, login):
    stays, goes = two
    between = ClientFactory(owner=manager, superior=goes)
    Client.objects.filter(pk=stays.pk).update(superior=between)
    browser = login(supervisor)

    bare = browser.post(new(*two), {"survivor": "one", "take_name": "one", "reason": " "})
    circle = browser.post(new(*two), {"survivor": "one", "take_name": "one", "reason": "x"})

    assert (bare.status_code, circle.status_code) == (422, 422)
    assert "This field is required." in bare.text
    assert "A client cannot be above itself." in circle.text
    assert Merge.objects.count() == 0


def test_parting_says_why_it_cannot_be(manager, supervisor, login):
    first = make_merge(manager)
    make_merge(manager, survivor=ClientFactory(owner=manager), loser=first.client)
    browser = login(supervisor)
    Merge.objects.filter(pk=first.pk).update(merged_at="2026-07-01T00:00Z")

    assert browser.post(part(first), {"reason": ""}).status_code == 422
    refused = browser.post(part(first), {"reason": "Two houses."})

    assert refused.status_code == 422
    assert "first: it was brought together later." in refused.text


# Lists --------------------------------------------------------------------------------------------


def test_the_list_is_filtered_and_comes_as_a_fragment(manager, supervisor, login):
    stands, gone = make_merge(manager), make_merge(manager)
    browser = login(supervisor)
    browser.post(part(gone), {"reason": "Two houses."})

    def shown(**query):
        html = browser.get(LIST, query, headers={"HX-Request": "true"}).text
        assert "<html" not in html
        return {each for each in (stands, gone) if each.get_absolute_url() in html}

    assert "<html" in browser.get(LIST).text
    assert shown() == {stands, gone}
    assert shown(state="standing") == {stands}
    assert shown(state="undone") == {gone}
    assert shown(kind="contact") == set()
    assert shown(unit="T1") == {stands, gone}


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_the_same_queries(
    number, manager, supervisor, login, django_assert_num_queries
):
    for _ in range(number):
        make_merge(manager)
    browser = login(supervisor)
    browser.get(LIST)

    with django_assert_num_queries(16):
        browser.get(LIST)


# Old addresses ------------------------------------------------------------------------------------


def test_old_addresses_lead_to_the_record_that_stayed(manager, supervisor, outsider, login):
    goes = ClientFactory(owner=manager)
    merge = make_merge(manager, loser=goes)
    tab = reverse("accounts:client_people", args=[goes.pk])
    browser = login(manager)

    assert browser.get(f"{tab}?x=1").url == tab.replace(str(goes.pk), str(merge.client.pk)) + "?x=1"
    assert browser.get(goes.get_absolute_url()).url == merge.client.get_absolute_url()
    assert browser.post(reverse("accounts:client_edit", args=[goes.pk])).status_code == 404
    assert login(outsider).get(goes.get_absolute_url()).status_code == 404

    login(supervisor).post(part(merge), {"reason": "Two houses."})
    assert browser.get(goes.get_absolute_url()).status_code == 200


def test_those_of_a_person_too(own_client, supervisor, login):
    stays, goes = ContactFactory(client=own_client), ContactFactory(client=own_client)
    browser = login(supervisor)
    browser.post(new(stays, goes), {
        "survivor": "one", "take_name": "one", "take_mobile": "one", "reason": "One man.",
    })  # fmt: skip

    assert not Contact.objects.filter(pk=goes.pk).exists()
    assert browser.get(goes.get_absolute_url()).url == stays.get_absolute_url()


def test_a_stranger_learns_nothing(manager, client):
    goes = ClientFactory(owner=manager)
    make_merge(manager, loser=goes)

    assert "/login/" in client.get(goes.get_absolute_url()).url
