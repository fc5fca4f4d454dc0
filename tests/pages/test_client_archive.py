"""The archive tab of a client, its forms, lists, reviews, checks and history."""

from html import unescape

import pytest
from django.urls import reverse

from accounts.archive_lists import KINDS
from accounts.models import ArchiveCheck, Client, Segment
from accounts.services import clients
from tests.factories.accounts import ClientFactory
from tests.factories.archive import FACTORIES, ArchiveCheckFactory, SegmentFactory

pytestmark = pytest.mark.django_db
kinds = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)


def page(browser, route, *args, **query):
    response = browser.get(reverse(f"accounts:{route}", args=args), query)
    assert response.status_code == 200
    return unescape(response.content.decode())


@pytest.mark.rule("ARC-13")
def test_the_tab_says_how_complete_and_what_is_missing(own_client, manager, login):
    clients.update_client(client=own_client, features="Night shifts", points=120, by=manager)
    own_client.refresh_from_db()

    html = page(login(manager), "client_archive", own_client.pk)

    assert f"{own_client.completeness} % complete" in html
    edit = reverse("accounts:client_edit", args=[own_client.pk])
    assert f"{edit}?group=identity#id_nature" in html
    assert "#id_features" not in html
    assert "Night shifts" in html
    assert "120" in html


def test_who_may_not_edit_reads_only(own_client, province, login):
    html = page(login(province), "client_archive", own_client.pk)

    assert "Still missing" in html
    assert "/edit/" not in html
    assert "/review/" not in html


@pytest.mark.rule("ARC-F04", "P1")
def test_a_superior_of_colleagues_is_not_named(own_client, foreign_client, manager, login):
    own_client.superior = foreign_client
    own_client.save()
    ClientFactory(name="Hidden Branch", superior=own_client, owner=foreign_client.owner)
    ClientFactory(name="Own Branch", superior=own_client, owner=manager)

    html = page(login(manager), "client_archive", own_client.pk)

    assert "a client of colleagues" in html
    assert "Foreign Client" not in html
    assert "Hidden Branch" not in html
    assert "Own Branch" in html


def test_a_group_is_edited_alone(own_client, manager, login):
    url = reverse("accounts:client_edit", args=[own_client.pk])
    html = login(manager).get(url, {"group": "money"}).content.decode()

    assert 'name="payment_method"' in html
    assert 'name="features"' not in html

    answer = login(manager).post(
        f"{url}?group=money", {"payment_method": "cash", "hoped_policy": "cheaper roaming"}
    )
    own_client.refresh_from_db()
    assert answer.url == reverse("accounts:client_archive", args=[own_client.pk])
    assert (own_client.payment_method, own_client.hoped_policy, own_client.name) == (
        "cash", "cheaper roaming", "Own Client",
    )  # fmt: skip


@pytest.mark.rule("ARC-F09", "ARC-F14", "ARC-F24", "ARC-F25")
def test_points_and_credit_come_from_files_only(own_client, manager, login):
    html = page(login(manager), "client_edit", own_client.pk)

    for name in ("fee_reimbursement", "office_automation", "payment_method"):
        assert f'name="{name}"' in html
    assert 'name="points"' not in html
    assert 'name="credit"' not in html


@pytest.mark.rule("ARC-F01")
def test_a_name_that_is_taken_has_to_be_insisted_on(own_client, manager, login):
    browser, url = login(manager), reverse("accounts:client_create")
    fields = {"code": "N1", "name": "Own Client", "unit": manager.unit_id, "status": "signed"}

    refused = browser.post(url, fields)
    assert refused.status_code == 422
    assert '<input type="hidden" name="suspects_seen" value="1">' in refused.content.decode()
    assert not Client.objects.filter(code="N1").exists()

    assert browser.post(url, {**fields, "suspects_seen": "1"}).status_code == 302
    assert Client.objects.get(code="N1").name == "Own Client"


def test_a_name_that_is_taken_has_to_be_insisted_on_when_a_client_is_renamed(
    own_client, manager, login
):
    other = ClientFactory(owner=manager, unit=own_client.unit)
    browser = login(manager)
    url = reverse("accounts:client_edit", args=[other.pk]) + "?group=identity"
    fields = {"name": "Own Client", "unit": other.unit_id}

    refused = browser.post(url, fields)
    assert refused.status_code == 422
    assert 'type="checkbox" name="allow_same_name"' in refused.content.decode()

    assert browser.post(url, {**fields, "allow_same_name": "on"}).status_code == 302
    other.refresh_from_db()
    assert other.name == "Own Client"


def test_a_superior_is_named_by_its_code_among_those_in_sight(
    own_client, foreign_client, manager, login
):
    above = ClientFactory(code="UP", owner=manager)
    url = reverse("accounts:client_edit", args=[own_client.pk]) + "?group=identity"
    fields = {"name": own_client.name, "unit": own_client.unit_id}

    unseen = login(manager).post(url, {**fields, "superior": "FOREIGN"})
    assert unseen.status_code == 422
    login(manager).post(url, {**fields, "superior": "UP"})

    own_client.refresh_from_db()
    assert own_client.superior == above


def test_a_review_is_noted(own_client, manager, login):
    login(manager).post(reverse("accounts:client_review", args=[own_client.pk]))

    own_client.refresh_from_db()
    assert own_client.reviewed_by == manager
    assert "reviewed" in page(login(manager), "client_archive", own_client.pk)


# Lists ----------------------------------------------------------------------------------------


@kinds
def test_a_list_shows_its_rows_and_none_of_another_client(
    kind, own_client, foreign_client, manager, login
):
    own = FACTORIES[kind.slug](client=own_client)
    gone = FACTORIES[kind.slug](client=own_client, removed_at="2026-07-06T08:00Z")
    FACTORIES[kind.slug](client=foreign_client)

    html = page(login(manager), "client_archive", own_client.pk)

    for verb, item in (("edit", own), ("remove", own), ("restore", gone)):
        assert reverse(f"accounts:{kind.slug}_{verb}", args=[item.pk]) in html
    assert html.count(f"/archive/{kind.slug}/") == 3, "edit, remove, put back"


@kinds
def test_a_row_is_changed_removed_and_put_back_on_pages(kind, own_client, manager, login):
    browser, item = login(manager), FACTORIES[kind.slug](client=own_client)
    form = kind.form(instance=item, client=own_client)
    values = {
        name: f"{value:%Y-%m}" if name == "month" else value
        for name, value in form.initial.items() if value is not None
    }  # fmt: skip

    url = reverse(f"accounts:{kind.slug}_edit", args=[item.pk])
    assert browser.get(url).status_code == 200
    assert browser.post(url, values).status_code == 302
    new = reverse(f"accounts:{kind.slug}_create", args=[own_client.pk])
    assert browser.get(new).status_code == 200
    assert browser.post(new, {"sent": "empty"}).status_code == 422
    remove = reverse(f"accounts:{kind.slug}_remove", args=[item.pk])
    assert browser.get(remove).status_code == 200
    assert browser.post(remove).status_code == 302
    item.refresh_from_db()
    assert item.removed_at is not None
    browser.post(reverse(f"accounts:{kind.slug}_restore", args=[item.pk]))
    item.refresh_from_db()
    assert item.removed_at is None


def test_the_same_mark_twice_is_said_on_the_form(own_client, manager, login):
    SegmentFactory(client=own_client, factor="size", value="large")
    url = reverse("accounts:segments_create", args=[own_client.pk])

    answer = login(manager).post(url, {"factor": "size", "value": "large"})

    assert answer.status_code == 422
    assert "The archive says this already." in answer.content.decode()
    assert Segment.objects.count() == 1


# Checks ---------------------------------------------------------------------------------------


@pytest.mark.rule("ARC-30")
def test_a_check_is_noted_and_settled_on_pages(own_client, manager, login):
    browser, url = login(manager), reverse("accounts:client_check", args=[own_client.pk])
    assert browser.post(url, {"name_matches": "on", "nature_matches": "on"}).status_code == 422

    browser.post(url, {"name_matches": "on", "nature_matches": "on", "found": "Moved"})
    check = ArchiveCheck.objects.get()
    assert (check.address_matches, check.is_open) == (False, True)
    assert "to correct" in page(browser, "client_archive", own_client.pk)

    resolve = reverse("accounts:check_resolve", args=[check.pk])
    assert browser.get(resolve).status_code == 200
    browser.post(resolve, {"cause": "The roster was old"})
    assert "The roster was old" in page(browser, "client_archive", own_client.pk)
    assert not ArchiveCheck.objects.open().exists()


def test_open_checks_are_those_with_a_mismatch():
    check = ArchiveCheckFactory()
    ArchiveCheckFactory(address_matches=True)

    assert list(ArchiveCheck.objects.open()) == [check]
    assert ArchiveCheck.objects.settled().count() == 1


# History --------------------------------------------------------------------------------------


@pytest.mark.rule("ARC-15")
def test_the_history_is_narrowed_by_the_address(own_client, manager, supervisor, login):
    clients.update_client(client=own_client, directions="中山路", by=manager)
    clients.update_client(client=own_client, notes="A note", by=supervisor)

    browser = login(manager)
    of_field = page(browser, "client_history", own_client.pk, field="client.directions")
    of_person = page(browser, "client_history", own_client.pk, by=supervisor.pk)
    of_nonsense = page(browser, "client_history", own_client.pk, field="x'", by="1; --")

    assert ("中山路" in of_field, "A note" in of_field) == (True, False)
    assert ("中山路" in of_person, "A note" in of_person) == (False, True)
    assert ("中山路" in of_nonsense, "A note" in of_nonsense) == (True, True)
    archive = page(browser, "client_archive", own_client.pk)
    assert (
        reverse("accounts:client_history", args=[own_client.pk]) + "?field=client.directions"
        in archive
    )


# List of clients ------------------------------------------------------------------------------


@pytest.mark.rule("ARC-19", "ARC-25", "ARC-33")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"completeness__lte": 50}, {"LOW"}),
        ({"stale": "true"}, {"LOW"}),
        ({"stale": "false"}, {"HIGH"}),
        ({"high_end": "true"}, {"HIGH"}),
        ({"qualified": "true"}, {"LOW"}),
        ({"qualified": "false"}, set()),
        ({"segment": "large"}, {"HIGH"}),
        ({"segment_factor": "size"}, {"HIGH"}),
        ({"segment_factor": "loyalty", "segment": "large"}, set()),
        ({"lead_source": "display"}, {"LOW"}),
        ({"payment_method": "cash"}, {"HIGH"}),
        ({"status": "pre_churn"}, {"HIGH"}),
    ],
)
def test_clients_are_filtered_by_their_archive(query, found, manager, login):
    tests = dict.fromkeys(("can_pay", "has_need", "can_decide", "accepts_marketing"), True)
    low = ClientFactory(code="LOW", owner=manager, status="potential", completeness=10,
                        lead_source="display", **tests)  # fmt: skip
    high = ClientFactory(code="HIGH", owner=manager, status="pre_churn", completeness=90,
                         is_high_end=True, payment_method="cash")  # fmt: skip
    Client.objects.filter(pk=low.pk).update(archive_current_at="2020-01-01T00:00Z")
    SegmentFactory(client=high, factor="size", value="large")

    response = login(manager).get(reverse("accounts:client_list"), query)

    rows = {row.record.code for row in response.context_data["table"].rows}
    assert rows == found


def test_clients_are_sorted_by_completeness_and_age(manager, login):
    for number, percent in enumerate((50, 10, 90)):
        ClientFactory(code=f"C{number}", owner=manager, completeness=percent)
        Client.objects.filter(code=f"C{number}").update(
            archive_current_at=f"202{number}-01-01T00:00Z"
        )

    def order(sort):
        response = login(manager).get(reverse("accounts:client_list"), {"sort": sort})
        return [row.record.code for row in response.context_data["table"].rows]

    assert order("completeness") == ["C1", "C0", "C2"]
    assert order("-archive_current_at") == ["C2", "C1", "C0"]
