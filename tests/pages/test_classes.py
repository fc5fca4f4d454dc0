"""Pages of class changes: tab, proposal, queue."""

import pytest
from django.urls import reverse

from accounts.models import ClassProposal
from tests.factories.accounts import ClassProposalFactory, ClientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.rule("ARC-14")]


def proposal_of(client, person, **fields):
    return ClassProposalFactory(client=client, proposed_by=person, **fields)


def page(name, row):
    return reverse(f"accounts:{name}", args=[row.pk])


def test_an_account_manager_proposes_another_class(own_client, manager, login):
    url = page("class_propose", own_client)

    assert login(manager).get(url).status_code == 200
    empty = login(manager).post(url, {"to_class": "A", "reason": ""})
    sent = login(manager).post(url, {"to_class": "A", "reason": "Two new branches"})
    again = login(manager).post(url, {"to_class": "B", "reason": "Once more"})

    assert empty.status_code == 422
    proposal = ClassProposal.objects.get()
    assert sent.headers["Location"] == proposal.get_absolute_url()
    assert (proposal.to_class, proposal.proposed_by) == ("A", manager)
    assert again.status_code == 422
    assert "waiting for a decision already" in again.content.decode()


def test_the_class_it_has_is_not_offered(own_client, manager, login):
    own_client.client_class = "A"
    own_client.save()

    form = login(manager).get(page("class_propose", own_client)).context_data["form"]

    assert [letter for letter, _ in form.fields["to_class"].choices] == ["B", "C"]


def test_who_answers_for_the_unit_approves_with_a_word(own_client, manager, supervisor, login):
    proposal = proposal_of(own_client, manager)
    browser = login(supervisor)

    shown = browser.get(page("proposal_detail", proposal)).content.decode()
    response = browser.post(page("proposal_decide", proposal), {"word": "Well argued"})

    assert "Approve" in shown
    assert response.headers["Location"] == proposal.get_absolute_url()
    own_client.refresh_from_db()
    assert own_client.client_class == "A"
    assert "Well argued" in browser.get(page("proposal_detail", proposal)).content.decode()


def test_a_no_needs_a_word(own_client, manager, supervisor, login):
    proposal = proposal_of(own_client, manager)
    url = page("proposal_decide", proposal)

    silent = login(supervisor).post(url, {"refuse": "1"})
    assert silent.status_code == 422
    assert "Say why the proposal is refused." in silent.content.decode()

    login(supervisor).post(url, {"refuse": "1", "word": "Wait for the autumn"})
    proposal.refresh_from_db()
    assert (proposal.state, proposal.word) == ("refused", "Wait for the autumn")


def test_one_decides_not_about_oneself(own_client, supervisor, login):
    proposal = proposal_of(own_client, supervisor)

    shown = login(supervisor).get(page("proposal_detail", proposal)).content.decode()
    response = login(supervisor).post(page("proposal_decide", proposal), {"word": "Me"})

    assert ">Approve<" not in shown
    assert "Withdraw the proposal" in shown
    assert response.status_code == 422
    proposal.refresh_from_db()
    assert proposal.is_open


def test_the_proposer_withdraws(own_client, manager, supervisor, login):
    proposal = proposal_of(own_client, manager)

    assert login(supervisor).post(page("proposal_withdraw", proposal)).status_code == 409
    login(manager).post(page("proposal_withdraw", proposal))

    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"


@pytest.mark.parametrize("name", ["proposal_decide"])
def test_without_the_right_nobody_decides(name, own_client, manager, login):
    proposal = proposal_of(own_client, manager)

    assert login(manager).post(page(name, proposal), {"word": "x"}).status_code == 403
    assert login(manager).post(reverse("accounts:proposal_approve_picked")).status_code == 403


def test_proposals_of_another_city_are_not_found(foreign_client, outsider, supervisor, login):
    proposal = proposal_of(foreign_client, outsider)
    browser = login(supervisor)

    assert browser.get(page("proposal_detail", proposal)).status_code == 404
    assert browser.post(page("proposal_decide", proposal), {"word": "x"}).status_code == 404
    assert browser.get(page("class_propose", foreign_client)).status_code == 404


def test_ticked_proposals_are_approved_but_no_others(
    own_client, foreign_client, manager, supervisor, outsider, login
):
    second = ClientFactory(owner=manager)
    unticked = proposal_of(ClientFactory(owner=manager), manager)
    rows = [
        proposal_of(own_client, manager),
        proposal_of(second, manager, to_class="B"),
        proposal_of(ClientFactory(owner=manager), supervisor),
        proposal_of(foreign_client, outsider),
    ]
    browser = login(supervisor)

    url = reverse("accounts:proposal_approve_picked")
    response = browser.post(url, {"picked": [*(str(row.pk) for row in rows), "nonsense"]})

    html = browser.get(response.headers["Location"]).content.decode()
    assert "2 classes were changed." in html
    assert "1 proposal was left" in html
    states = [ClassProposal.objects.get(pk=row.pk).state for row in [*rows, unticked]]
    assert states == ["approved", "approved", "open", "open", "open"]


def test_the_tab_shows_what_waits_and_what_was(own_client, manager, supervisor, login, queries_of):
    url = page("client_value", own_client)
    assert "has not been changed" in login(manager).get(url).content.decode()
    proposal_of(
        own_client, manager, to_class="B", state="approved", decided_by=supervisor,
        decided_at="2026-07-06T04:00Z", reason="Grown",
    )  # fmt: skip
    few = queries_of(login(supervisor), url)
    for number in range(2):
        proposal_of(
            own_client, manager, from_class="B", state="refused", decided_by=supervisor,
            decided_at="2026-07-07T04:00Z", word=f"No {number}",
        )  # fmt: skip
    assert queries_of(login(supervisor), url) == few
    waiting = proposal_of(own_client, manager, from_class="B")

    html = login(supervisor).get(url).content.decode()
    part = login(supervisor).get(url, headers={"HX-Request": "true"}).content.decode()

    assert waiting.get_absolute_url() in html
    assert all(word in html for word in ("Decide", "Grown", "No 0", "Su Min"))
    assert "<html" not in part
    assert "Grown" in part


def test_only_who_decides_gets_boxes_to_tick(own_client, manager, supervisor, login):
    proposal = proposal_of(own_client, manager)
    done = proposal_of(own_client, manager, state="withdrawn", decided_at="2026-07-07T04:00Z")
    url = reverse("accounts:proposal_list")

    assert str(proposal.pk) in login(manager).get(url).content.decode()
    assert 'name="picked"' not in login(manager).get(url).content.decode()
    html = login(supervisor).get(url).content.decode()
    assert f'name="picked" value="{proposal.pk}" form="selection"' in html
    assert f'value="{done.pk}"' not in html
    assert "1 proposal waits for a decision" in html
