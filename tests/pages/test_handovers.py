"""Pages of handing clients over."""

import pytest
from django.urls import reverse

from accounts.models import Client, Handover
from staff.choices import Role
from staff.models import User
from tests.factories.handovers import make_clients, make_handover
from tests.factories.staff import UserFactory
from tests.factories.visits import VisitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ORG-02")]
LIST, NEW = "/handovers/", "/handovers/new/"


def asked(source: User, *targets: User, way="number", **more) -> str:
    query = f"source={source.pk}&way={way}" + "".join(f"&targets={t.pk}" for t in targets)
    return f"{NEW}?{query}" + "".join(f"&{name}={value}" for name, value in more.items())


def plan_of(response) -> dict[str, str]:
    """The fields of the preview's form, as a browser would send them."""
    preview, form = response.context_data["preview"], response.context_data["form"]
    key = form.initial.get("key") or form.data["key"]
    rows = {f"to-{row.client.pk}": row.target_id or "" for row in preview.rows}
    return {"key": key, "reason": "leave", "do": "1"} | rows


def test_choose_look_and_hand_over(manager, peer, supervisor, login, units):
    third = UserFactory(unit=units.team_1, full_name="Qi San")
    clients = make_clients(manager, 4)
    browser = login(supervisor)
    assert "Ma Li (4)" in browser.get(NEW).content.decode()

    preview = browser.get(asked(manager, peer, third))
    response = browser.post(asked(manager, peer, third), plan_of(preview))

    handover = Handover.objects.get()
    assert response.headers["Location"] == handover.get_absolute_url()
    assert sorted(share.clients for share in handover.shares.all()) == [2, 2]
    assert {*Client.objects.values_list("owner", flat=True)} == {peer.pk, third.pk}
    html = browser.get(handover.get_absolute_url()).content.decode()
    assert all(text in html for text in ("Clients of Ma Li", "Pan Wei", "Qi San", "leave"))
    assert len(clients) == handover.clients


def test_by_hand_some_clients_stay(manager, peer, supervisor, login):
    one, two = make_clients(manager, 2)
    browser, url = login(supervisor), asked(manager, peer, way="hand")
    sent = plan_of(browser.get(url)) | {f"to-{one.pk}": peer.pk}

    looked = browser.post(url, sent | {"look": "1"})
    assert looked.status_code == 200
    assert not Handover.objects.exists()
    assert looked.context_data["preview"].shares[0].clients == 1
    browser.post(url, plan_of(looked))

    assert dict(Client.objects.values_list("pk", "owner")) == {one.pk: peer.pk, two.pk: manager.pk}


def test_only_one_class(manager, peer, supervisor, login):
    (large,) = make_clients(manager, 1, client_class="A")
    make_clients(manager, 1, client_class="C")

    preview = login(supervisor).get(asked(manager, peer, client_class="A"))

    assert [row.client for row in preview.context_data["preview"].rows] == [large]


def test_nothing_happens_without_a_reason_or_a_client(manager, peer, supervisor, login):
    make_clients(manager, 1)
    browser, url = login(supervisor), asked(manager, peer)
    sent = plan_of(browser.get(url))

    assert browser.post(url, sent | {"reason": ""}).status_code == 422
    nobody = {name: "" if name.startswith("to-") else value for name, value in sent.items()}
    refused = browser.post(url, nobody | {"to-nonsense": peer.pk})
    assert refused.status_code == 422
    assert "No client was chosen" in refused.content.decode()
    assert not Handover.objects.exists()


def test_a_preview_that_is_outdated_says_so(manager, peer, supervisor, login):
    one, _two = make_clients(manager, 2)
    browser, url = login(supervisor), asked(manager, peer)
    sent = plan_of(browser.get(url))
    Client.objects.filter(pk=one.pk).update(owner=peer)

    refused = browser.post(url, sent)

    assert refused.status_code == 422
    assert f"Meanwhile no longer Ma Li&#x27;s: {one.name}" in refused.content.decode()
    Client.objects.update(owner=peer)
    assert "no clients that you could" in browser.post(url, sent).content.decode()
    assert not Handover.objects.exists()


@pytest.mark.parametrize("query", ["source=x&way=number", "way=number", "way=magic&source=1"])
def test_a_choice_that_makes_no_sense_asks_again(query, supervisor, login):
    assert login(supervisor).get(f"{NEW}?{query}").status_code == 422


def test_nobody_hands_over_to_themselves(manager, peer, supervisor, login):
    make_clients(manager, 1)

    response = login(supervisor).get(asked(manager, manager))

    assert response.status_code == 422
    assert "Choose other people" in response.content.decode()


@pytest.mark.rule("P1")
def test_people_and_clients_out_of_sight_are_not_offered(
    manager, outsider, supervisor, login, units
):
    make_clients(manager, 1)
    make_clients(manager, 1, unit=units.team_2, name="Far away")
    make_clients(outsider, 1)
    browser = login(supervisor)

    assert "Ouyang Fei" not in browser.get(NEW).content.decode()
    assert browser.get(asked(outsider, manager)).status_code == 422
    peer = UserFactory(unit=units.team_1)
    assert "Far away" not in browser.get(asked(manager, peer)).content.decode()


@pytest.mark.rule("ORG-22")
def test_more_clients_than_one_step_takes(manager, peer, supervisor, login, settings):
    settings.HANDOVER_CLIENTS = 2
    make_clients(manager, 3)

    response = login(supervisor).get(asked(manager, peer))

    assert "More than 2 clients" in response.content.decode()


@pytest.mark.rule("ORG-22")
def test_a_large_portfolio_is_pointed_out(manager, peer, supervisor, login, settings):
    settings.PORTFOLIO_CLIENTS = 2
    make_clients(manager, 3)

    assert "more than 2 clients" in login(supervisor).get(asked(manager, peer)).content.decode()


def test_undo_asks_first_and_names_what_stays(manager, peer, supervisor, login):
    one, two = make_clients(manager, 2)
    visit = VisitFactory(client=two, visitor=manager)
    handover = make_handover(manager, peer, clients=[one, two])
    Client.objects.filter(pk=one.pk).get().ownerships.current().update(
        ended_at=handover.handed_over_at
    )
    visit.__class__.objects.filter(pk=visit.pk).update(state="cancelled", cancelled_reason="snow")
    browser = login(supervisor)
    url = reverse("accounts:handover_undo", args=[handover.pk])
    assert "2 clients go back to Ma Li" in browser.get(url).content.decode()
    assert browser.post(url, {"reason": ""}).status_code == 422

    browser.post(url, {"reason": "too early"})

    html = browser.get(handover.get_absolute_url()).content.decode()
    assert f"{one.name}</a>: meanwhile given to somebody else" in html
    assert "called off meanwhile (Pan Wei)" in html
    assert "Undo the handover" not in html
    refused = browser.post(url, {"reason": "again"})
    assert refused.status_code == 422
    assert "undone already" in refused.content.decode()


@pytest.mark.rule("P2")
def test_the_number_of_clients_opens_exactly_them(manager, peer, supervisor, login, units):
    near, far = make_clients(manager, 2)
    make_clients(peer, 1)
    handover = make_handover(manager, peer, clients=[near, far])
    Client.objects.filter(pk=far.pk).update(unit=units.team_2)

    for person, shown in ((supervisor, [near]), (peer, [near, far])):
        browser = login(person)
        share = handover.shares.get()
        page = browser.get(share.get_absolute_url())
        opened = browser.get(page.context_data["clients_url"], headers={"HX-Request": "true"})
        assert page.context_data["number"] == len(shown)
        assert sorted(c.pk for c in opened.context_data["filter"].qs) == sorted(c.pk for c in shown)


@pytest.mark.rule("P1")
def test_a_share_of_others_is_no_filter(manager, outsider, supervisor, login):
    far = make_handover(outsider)
    make_clients(manager, 1)

    url = f"/clients/?handover={far.shares.get().pk}"
    page = login(supervisor).get(url)

    assert page.context_data["filter"].form.errors["handover"]
    assert not page.context_data["table"].rows


# History ----------------------------------------------------------------------------------------


@pytest.mark.rule("P1")
def test_the_history_shows_own_handovers_only(manager, peer, outsider, supervisor, login):
    own, far = make_handover(manager, peer), make_handover(outsider)
    browser = login(supervisor)

    html = browser.get(LIST).content.decode()

    assert all(text in html for text in ("Ma Li", "Pan Wei", own.get_absolute_url()))
    assert "Ouyang Fei" not in html
    assert browser.get(far.get_absolute_url()).status_code == 404
    assert browser.get(f"{far.get_absolute_url()}undo/").status_code == 404
    assert browser.get(far.shares.get().get_absolute_url()).status_code == 404


def test_the_history_is_filtered(manager, peer, supervisor, login):
    make_handover(manager, peer)
    browser = login(supervisor)

    def rows(query):
        answer = browser.get(f"{LIST}?{query}", headers={"HX-Request": "true"})
        assert "<html" not in answer.content.decode()
        return answer.context_data["filter"].qs.count()

    assert rows(f"source={manager.pk}&undone=false") == 1
    assert rows(f"source={peer.pk}") == rows("undone=true") == 0


def test_without_the_right_there_is_no_handover(manager, peer, login):
    handover = make_handover(manager, peer)

    for person in (manager, peer):
        browser = login(person)
        assert browser.get(LIST).status_code == 403
        assert browser.get(NEW).status_code == 403
        assert browser.get(f"{handover.get_absolute_url()}undo/").status_code in {403, 404}
    assert "Undo" not in login(manager).get(handover.get_absolute_url()).content.decode()


def test_queries_do_not_grow_with_the_rows(manager, peer, supervisor, login, queries_of, units):
    browser = login(supervisor)

    def counts():
        make_clients(manager, 1)
        handover = Handover.objects.order_by("-pk")[0]
        share = handover.shares.first()
        urls = (LIST, NEW, asked(manager, peer), handover.get_absolute_url(),
                share.get_absolute_url())  # fmt: skip
        return [queries_of(browser, url) for url in urls]

    make_handover(manager, peer)
    for_one = counts()
    for _ in range(2):
        make_handover(manager, UserFactory(unit=units.team_1, role=Role.AGENT))
    make_handover(manager, clients=make_clients(manager, 3))

    assert counts() == for_one
