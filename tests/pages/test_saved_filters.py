"""Filters under a name, shared ones, columns of one's choice."""

import csv
import io

import pytest
from django.urls import reverse

from staff.choices import Role
from staff.models import Export, ListSetting, SavedFilter
from staff.tasks import run_export_task
from tests.factories.accounts import ClientFactory
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db
LIST = "accounts:client_list"
CLIENTS = "/clients/"


def save(browser, query="client_class=A&sort=-income", name="Class A", unit=""):
    url = reverse("staff:saved_filter_create", args=[LIST])
    return browser.post(f"{url}?{query}", {"name": name, "unit": unit})


def tabs(browser, query="view=all"):
    return [tab.name for tab in browser.get(f"{CLIENTS}?{query}").context_data["tools"].tabs]


def test_a_filter_becomes_a_tab_with_its_rows(manager, login):
    ClientFactory(owner=manager, name="Mill", client_class="A")
    ClientFactory(owner=manager, name="Harbour", client_class="B")
    browser = login(manager)
    assert "Save this filter" in browser.get(f"{CLIENTS}?client_class=A").content.decode()

    response = save(browser, "cursor=x&sort=-income&industry=&client_class=A")

    assert response.headers["Location"] == f"{CLIENTS}?client_class=A&sort=-income"
    page = browser.get(response.headers["Location"])
    html = page.content.decode()
    assert [tab.is_active for tab in page.context_data["tools"].tabs] == [True]
    assert "Mill" in html
    assert "Harbour" not in html
    assert "Save this filter" not in html
    saved = SavedFilter.objects.get()
    assert (saved.owner, saved.unit, saved.name) == (manager, None, "Class A")
    verbs = SavedFilter.pgh_event_model.objects.values_list(
        "pgh_context__metadata__verb", flat=True
    )
    assert list(verbs) == ["staff.save_filter"]


@pytest.mark.rule("P32")
@pytest.mark.parametrize(
    "query",
    ["", "owner__password=x", "sort=password", "client_class=Z", "client_class=A&is_admin=1", "cursor=x"],
)  # fmt: skip
def test_what_the_list_does_not_offer_is_not_saved(query, manager, login):
    save(login(manager), query)

    assert not SavedFilter.objects.exists()


@pytest.mark.rule("P32")
@pytest.mark.parametrize("query", ["gone=1&client_class=A", "client_class=A&sort=gone"])
def test_a_filter_that_no_longer_fits_says_so(query, manager, own_client, login):
    SavedFilter.objects.create(owner=manager, list_name=LIST, name="Old", query=query)

    html = login(manager).get(f"{CLIENTS}?{query}").content.decode()

    assert "“Old” no longer fits this list" in html


@pytest.mark.rule("P1")
def test_a_shared_filter_is_for_the_unit_and_below(
    units, manager, peer, supervisor, outsider, province, own_client, login
):
    save(login(supervisor), "q=own", "Ours", units.city_1.pk)
    save(login(manager), "q=own", "Mine")

    assert tabs(login(manager)) == ["Mine", "Ours"]
    assert tabs(login(peer)) == ["Ours"]
    assert tabs(login(supervisor)) == ["Ours"]
    assert tabs(login(outsider)) == []
    assert tabs(login(province)) == []
    assert "Own Client" not in login(peer).get(f"{CLIENTS}?q=own").content.decode()
    shared = SavedFilter.objects.get(name="Ours")
    assert login(peer).get(reverse("staff:saved_filter_edit", args=[shared.pk])).status_code == 404
    assert "from Su Min" in login(peer).get(reverse("staff:saved_filter_list")).content.decode()


@pytest.mark.rule("P1")
def test_nobody_shares_above_or_beside_the_own_unit(units, manager, supervisor, login):
    for person, unit in ((supervisor, units.city_2), (supervisor, units.province), (manager, units.city_1)):  # fmt: skip
        assert save(login(person), "q=own", "Ours", unit.pk).status_code == 422
    assert not SavedFilter.objects.exists()


def test_names_are_given_once_and_filters_are_renamed(manager, login):
    browser = login(manager)
    save(browser, "q=a", "One")

    assert save(browser, "q=b", "One").status_code == 422
    save(browser, "q=b", "Two")
    two = SavedFilter.objects.get(name="Two")
    edit = reverse("staff:saved_filter_edit", args=[two.pk])
    assert browser.post(edit, {"name": "One", "unit": ""}).status_code == 422
    assert browser.post(edit, {"name": "Three", "unit": manager.unit_id}).status_code == 302
    two.refresh_from_db()
    assert (two.name, two.unit) == ("Three", manager.unit)


def test_filters_are_ordered_deleted_and_taken_back(manager, login):
    browser = login(manager)
    for name in ("One", "Two", "Three"):
        save(browser, f"q={name}", name)
    three = SavedFilter.objects.get(name="Three")
    browser.post(reverse("staff:saved_filter_up", args=[three.pk]))
    assert tabs(browser) == ["One", "Three", "Two"]

    browser.post(reverse("staff:saved_filter_delete", args=[three.pk]))
    assert tabs(browser) == ["One", "Two"]
    assert "Take back" in browser.get(reverse("staff:saved_filter_list")).content.decode()
    save(browser, "q=new", "Three")
    assert browser.post(reverse("staff:saved_filter_restore", args=[three.pk])).status_code == 409
    browser.post(reverse("staff:saved_filter_delete", args=[SavedFilter.objects.get(query="q=new").pk]))  # fmt: skip
    browser.post(reverse("staff:saved_filter_restore", args=[three.pk]))
    assert tabs(browser) == ["One", "Three", "Two"]


def test_a_list_opens_with_the_chosen_filter(manager, login):
    browser = login(manager)
    save(browser, "client_class=A", "Class A")
    saved = SavedFilter.objects.get()
    default = reverse("staff:saved_filter_default", args=[saved.pk])

    browser.post(default)

    assert browser.get(CLIENTS).headers["Location"] == "?client_class=A"
    page = browser.get(f"{CLIENTS}?client_class=A").content.decode()
    assert 'href="?view=all"' in page
    assert browser.get(f"{CLIENTS}?view=all").status_code == 200
    assert browser.get(CLIENTS, headers={"HX-Request": "true"}).status_code == 200
    browser.post(default)
    assert browser.get(CLIENTS).status_code == 200
    browser.post(default)
    browser.post(reverse("staff:saved_filter_delete", args=[saved.pk]))
    assert browser.get(CLIENTS).status_code == 200


@pytest.mark.rule("P32")
def test_a_list_does_not_open_with_what_no_longer_fits(manager, login):
    saved = SavedFilter.objects.create(owner=manager, list_name=LIST, name="Old", query="gone=1")
    ListSetting.objects.create(person=manager, list_name=LIST, default_filter=saved)

    assert login(manager).get(CLIENTS).status_code == 200


def headers(browser):
    table = browser.get(f"{CLIENTS}?view=all").context_data["table"]
    return [column.name for column in table.columns]


def test_columns_are_chosen_ordered_and_reset(manager, own_client, login):
    browser = login(manager)
    url = reverse("staff:list_columns", args=[LIST])
    as_it_comes = headers(browser)

    moved = browser.post(url, {"column": ["code", "status", "income"], "show": ["status", "code"], "up": "status"})  # fmt: skip
    assert [c.name for c in moved.context_data["choices"]][:3] == ["status", "code", "income"]
    assert headers(browser) == as_it_comes
    browser.post(url, {"column": ["status", "code", "income"], "show": ["code", "status"]})
    assert headers(browser) == ["name", "status", "code"]
    offered = browser.get(url).context_data["choices"]
    assert [c.name for c in offered if c.is_shown] == ["status", "code"]
    assert 'id="list-table"' in browser.get(CLIENTS).content.decode()
    browser.post(url, {"reset": "1"})
    assert headers(browser) == as_it_comes


@pytest.mark.rule("P32")
def test_only_columns_of_the_list_can_be_chosen(manager, own_client, login):
    browser = login(manager)
    url = reverse("staff:list_columns", args=[LIST])

    browser.post(url, {"column": ["password", "owner__password", "code"], "show": ["password", "owner__password", "code"]})  # fmt: skip

    assert ListSetting.objects.get().columns == ["name", "code"]
    ListSetting.objects.update(columns=["owner__password", "gone", "code"])
    assert headers(browser) == ["name", "code"]


def test_a_file_has_the_chosen_columns(manager, own_client, login):
    browser = login(manager)
    url = reverse("staff:list_columns", args=[LIST])
    browser.post(url, {"column": ["status", "code"], "show": ["status", "code"]})
    browser.post(reverse("staff:export_create", args=[LIST]), {"format": "csv", "reason": "audit"})
    export = Export.objects.get()
    run_export_task(str(export.pk))

    response = browser.get(reverse("staff:export_download", args=[export.pk]))

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [
        ["Client", "Status", "Code"], ["Own Client", "Signed", "OWN"]
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["nothing", "staff:login", "home", "staff:task_list"])
def test_what_is_no_list_has_no_filters_and_columns(name, manager, login):
    browser = login(manager)

    for route in ("staff:saved_filter_create", "staff:list_columns"):
        assert browser.get(f"{reverse(route, args=[name])}?q=x").status_code == 404


@pytest.mark.rule("P5")
def test_a_list_one_may_not_open_cannot_be_kept(units, login):
    clerk = login(UserFactory(role=Role.COMPLAINT_CLERK, unit=units.team_1))

    for route in ("staff:saved_filter_create", "staff:list_columns"):
        assert clerk.get(f"{reverse(route, args=[LIST])}?q=x").status_code == 403


def test_the_number_of_queries_is_the_same_for_three_filters(manager, login, queries_of):
    browser = login(manager)
    save(browser, "q=1", "1")
    urls = (f"{CLIENTS}?view=all", reverse("staff:saved_filter_list"))
    for_one = [queries_of(browser, url) for url in urls]
    save(browser, "q=2", "2")
    save(browser, "q=3", "3")

    assert [queries_of(browser, url) for url in urls] == for_one


@pytest.mark.parametrize(("rows", "text"), [(1, "1 row"), (3, "3 rows"), (51, "51 rows")])
def test_a_list_says_how_many_rows_it_has(rows, text, manager, login):
    for _ in range(rows):
        ClientFactory(owner=manager)

    assert f">{text}<" in login(manager).get(CLIENTS).content.decode()


def test_nobody_counts_beyond_a_thousand(manager, login, monkeypatch):
    monkeypatch.setattr("crm.lib.views.COUNTED", 60)
    for _ in range(61):
        ClientFactory(owner=manager)

    assert ">60+ rows<" in login(manager).get(CLIENTS).content.decode()
