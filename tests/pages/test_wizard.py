"""The way of a file through the pages: columns, words, dry run, loading."""

import io

import pytest
from django.urls import reverse

from analytics.choices import ImportState
from analytics.models import BillingImport, ColumnMapping, MemberBill
from analytics.services import drafts, imports
from staff.choices import Role
from tests.analytics.billing_files import NOW, csv_text, load, row
from tests.analytics.draft_files import confirmed, hand_in_draft, loaded, looked_at
from tests.factories.accounts import ClientFactory
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
ODD = "集团编码号,手机号,用户状态,账期,合计元\nC1,13800000001,在网,2026-06,10\nC1,13800000002,拆机,2026-06,20\n"


@pytest.fixture
def browser(operations, login):
    ClientFactory(code="C1", unit=operations.unit)
    return login(operations)


@pytest.fixture
def draft(browser, operations):
    return looked_at(ODD, by=operations)


def columns_of(draft):
    return reverse("analytics:import_columns", args=[draft.pk])


def preview_of(draft):
    return reverse("analytics:import_preview", args=[draft.pk])


def answers(draft, **more):
    return {
        "kind": "member_bill", "column-0": "client_code", "column-1": "msisdn",
        "column-2": "status", "column-3": "period", "column-4": "total",
        "word-status-2-0": "active", "word-status-2-1": "churned",
    } | more  # fmt: skip


def test_a_looked_at_draft_leads_to_its_columns(browser, draft):
    response = browser.get(draft.get_absolute_url())
    assert response.headers["Location"] == columns_of(draft)

    part = browser.get(draft.get_absolute_url(), headers=HTMX)
    assert part.headers["HX-Redirect"] == columns_of(draft)


def test_the_columns_page_shows_names_samples_guesses_and_words(browser, draft):
    html = browser.get(columns_of(draft)).content.decode()

    for text in ("集团编码号", "138****0001", "by its name", "guessed", "在网", "拆机", "utf-8",
                 "separated by commas", "Words we do not know"):  # fmt: skip
        assert text in html, text
    assert "13800000001" not in html


def test_missing_columns_are_named_and_refused(browser, draft):
    html = browser.post(
        columns_of(draft), answers(draft, **{"column-1": "", "refresh": "1"}), headers=HTMX
    ).content.decode()
    assert html.strip().startswith('<div id="import-columns"')
    assert "they are required" in html
    assert "手机号码 (msisdn)" in html

    response = browser.post(columns_of(draft), answers(draft, **{"column-1": ""}))
    assert response.status_code == 422
    assert "These columns are missing: 手机号码 (msisdn)" in response.content.decode()
    draft.refresh_from_db()
    assert draft.state == ImportState.READY


def test_one_column_cannot_be_two(browser, draft):
    response = browser.post(columns_of(draft), answers(draft, **{"column-0": "msisdn"}))

    assert response.status_code == 422
    assert "Another column is this one already." in response.content.decode()


def test_a_month_is_asked_for_when_the_file_has_none(browser, draft):
    response = browser.post(columns_of(draft), answers(draft, **{"column-3": ""}))
    assert response.status_code == 422
    assert "say which month it is for" in response.content.decode()

    response = browser.post(
        columns_of(draft), answers(draft, **{"column-3": "", "period": "2026-06"})
    )
    assert response.status_code == 302


def test_words_of_a_newly_chosen_column_are_asked_about(browser, draft):
    first = answers(draft)
    del first["word-status-2-0"], first["word-status-2-1"]

    response = browser.post(columns_of(draft), first)

    assert response.status_code == 422
    assert "words we do not know; say below" in response.content.decode()
    assert browser.post(columns_of(draft), answers(draft)).status_code == 302


def test_another_kind_has_other_columns(browser, draft):
    html = browser.get(columns_of(draft), {"kind": "contacts"}).content.decode()

    assert "buying_roles" in html
    assert "The month is complete with this file" not in html


def test_from_the_columns_over_the_preview_into_the_tables(browser, draft):
    assert browser.post(columns_of(draft), answers(draft)).status_code == 302
    drafts.run_check(draft, now=NOW)

    assert browser.get(draft.get_absolute_url()).headers["Location"] == preview_of(draft)
    html = browser.get(preview_of(draft)).content.decode()
    for text in ("Nothing is loaded yet.", "2026-06", "¥30.00", "Load 2 rows"):
        assert text in html, text
    assert not MemberBill.objects.exists()

    response = browser.post(preview_of(draft))
    again = browser.post(preview_of(draft))
    assert response.headers["Location"] == again.headers["Location"] == draft.get_absolute_url()
    draft.refresh_from_db()
    assert draft.state == ImportState.QUEUED
    assert imports.run_import(draft, now=NOW).loaded == 2


def test_going_back_finds_the_answers(browser, draft):
    browser.post(columns_of(draft), answers(draft, creates_clients="on"))
    drafts.run_check(draft, now=NOW)

    html = browser.get(columns_of(draft)).content.decode()

    assert '<option value="churned" selected>' in html
    assert 'name="creates_clients"' in html
    assert "checked" in html


def test_what_is_odd_must_be_ticked(browser, operations):
    load([row(n, period="2026-05") for n in range(1, 9)], by=operations)
    draft = confirmed(looked_at(csv_text([row(1), row(2, total="x")]), by=operations))
    html = browser.get(preview_of(draft)).content.decode()
    assert "1 of 2 rows (50 %) would be quarantined." in html
    assert "2026-06 would have 1 rows, the month before has 8 (-88 %)." in html
    assert "¥80.00" in html

    response = browser.post(preview_of(draft), {"looked_at": ["many_bad"]})
    assert response.status_code == 422
    assert "look at everything that is odd" in response.content.decode()

    keys = ["many_bad", "rows_differ-2026-06", "sum_differs-2026-06"]
    assert browser.post(preview_of(draft), {"looked_at": keys}).status_code == 302


@pytest.mark.rule("P31")
def test_cells_and_names_of_the_file_are_escaped(browser, operations):
    text = 'period,client_code,msisdn,status,total,"<script>h()</script>"\n'
    text += "2026-06,C1,13800000001,<b>?</b>,1,x\n"
    draft = looked_at(text, by=operations)

    html = browser.get(columns_of(draft)).content.decode()
    draft = confirmed(draft)
    html += browser.get(preview_of(draft)).content.decode()

    assert "<script>h()" not in html
    assert "<b>?</b>" not in html
    assert "&lt;b&gt;?" in html


def test_a_discarded_draft_ends(browser, draft):
    response = browser.post(reverse("analytics:import_cancel", args=[draft.pk]))

    assert response.headers["Location"] == draft.get_absolute_url()
    assert (
        "Nothing of this file was loaded" in browser.get(draft.get_absolute_url()).content.decode()
    )
    assert browser.get(columns_of(draft)).headers["Location"] == draft.get_absolute_url()
    assert browser.get(preview_of(draft)).headers["Location"] == draft.get_absolute_url()
    assert browser.post(preview_of(draft)).status_code == 409


@pytest.mark.rule("P5")
def test_who_may_look_at_imports_may_not_confirm_them(draft, supervisor, login):
    other = login(supervisor)

    assert "To be confirmed by" in other.get(draft.get_absolute_url()).content.decode()
    for url in (columns_of(draft), preview_of(draft), reverse("analytics:mapping_list")):
        assert other.get(url).status_code == 403
        assert other.post(url).status_code == 403


@pytest.mark.rule("P1")
def test_a_draft_of_another_city_is_not_there(draft, units, login):
    stranger = login(UserFactory(role=Role.OPERATIONS, unit=units.city_2))

    assert stranger.get(columns_of(draft)).status_code == 404
    assert stranger.post(preview_of(draft)).status_code == 404


def test_a_checking_draft_looks_again_by_itself(browser, operations):
    draft = hand_in_draft(ODD, by=operations)

    part = browser.get(draft.get_absolute_url(), headers=HTMX).content.decode()

    assert "Looking at the file" in part
    assert 'hx-trigger="every 1s"' in part
    assert "Discard" in part


def test_remembered_mappings_are_listed_and_forgotten(browser, draft, operations):
    url = reverse("analytics:mapping_list")
    assert "Nothing is remembered yet" in browser.get(url).content.decode()
    words = {"status": {"在网": "active", "拆机": None}}
    loaded(confirmed(draft, words=words))

    html = browser.get(url).content.decode()
    for text in ("手机号 → 手机号码", "状态: 在网 → active", "状态: 拆机 → quarantine", "Ou Jie"):
        assert text in html, text

    mapping = ColumnMapping.objects.get()
    delete = reverse("analytics:mapping_delete", args=[mapping.pk])
    assert "Forget this mapping" in browser.get(delete).content.decode()
    assert browser.post(delete).headers["Location"] == url
    assert not ColumnMapping.objects.exists()


def test_the_list_of_mappings_takes_the_same_queries(browser, operations, queries_of):
    url = reverse("analytics:mapping_list")

    def remember(name):
        text = ODD.replace("合计元", name)
        loaded(confirmed(looked_at(text, by=operations)))

    remember("合计1")
    for_one = queries_of(browser, url)
    remember("合计2")
    remember("合计3")

    assert queries_of(browser, url) == for_one


def test_a_remembered_header_is_told_with_who_confirmed_it(browser, draft, operations):
    loaded(confirmed(draft))
    again = looked_at(ODD, by=operations)

    assert "Read as Ou Jie confirmed on" in browser.get(columns_of(again)).content.decode()


def test_a_file_keeps_its_name(browser):
    file = io.BytesIO(ODD.encode())
    file.name = "十月 账单.csv"
    browser.post(reverse("analytics:import_create"), {"file": file})

    assert BillingImport.objects.get().file_name == "十月 账单.csv"
