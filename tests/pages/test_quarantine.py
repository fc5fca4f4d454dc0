"""The rows that were not loaded: downloaded, corrected in the page, handed in again."""

import io
import re

import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from analytics.choices import ImportState
from analytics.models import BillingImport, BillingPeriod, QuarantineLook
from analytics.services import imports
from tests.analytics.billing_files import (
    JUNE,
    bills,
    csv_text,
    hand_in,
    load,
    load_month,
    number,
    problems,
    quarantine,
    row,
    xlsx,
)  # fmt: skip
from tests.factories.accounts import ClientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(operations, login):
    return login(operations)


@pytest.fixture
def client_1(units):
    return ClientFactory(code="C1", unit=units.team_1)


@pytest.fixture
def bad(client_1, operations):
    """Six rows, three of them bad: the amount of the 3rd, the status of the 4th, no client."""
    lines = [row(n, 备注=f"n{n}") for n in range(1, 7)]
    lines[2]["total"] = "ten"
    lines[3]["status"] = "?"
    lines[4]["client_code"] = "NOBODY"
    return load_month(lines, by=operations, creates_clients=False)


def rows_url(done):
    return reverse("analytics:import_quarantine_rows", args=[done.pk])


def inputs(html):
    """Name -> value of every text field of the page."""
    return dict(re.findall(r'<input type="text" name="(\w+)" value="([^"]*)"', html))


def run_newest():
    newest = BillingImport.objects.latest("number")
    return imports.run_import(newest, now=timezone.now())


# As a workbook ----------------------------------------------------------------------------------


def workbook(browser, done):
    url = reverse("analytics:import_quarantine", args=[done.pk])
    response = browser.get(url, {"format": "xlsx"})
    assert response.status_code == 200
    return response, openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active


@pytest.mark.rule("P14")
def test_the_workbook_has_the_users_columns_line_and_reason(browser, bad):
    response, sheet = workbook(browser, bad)

    assert response.headers["Content-Disposition"] == 'attachment; filename="file-quarantine.xlsx"'
    assert [[cell.value for cell in line] for line in sheet.rows] == [
        ["period", "client_code", "msisdn", "status", "total", "备注", "line", "reason"],
        ["2026-06", "NOBODY", str(number(5)), "active", "10.00", "n5", 6,
         "client_code: no client of yours has this code"],
        ["2026-06", "C1", str(number(3)), "active", "ten", "n3", 4, "total: not an amount"],
        ["2026-06", "C1", str(number(4)), "?", "10.00", "n4", 5, "status: not a known value"],
    ]  # fmt: skip
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:H4")


@pytest.mark.rule("P14")
def test_the_workbook_corrected_finishes_the_job(browser, bad):
    _response, sheet = workbook(browser, bad)
    corrected = [[cell.value for cell in line] for line in sheet.rows]
    corrected[1][1], corrected[2][4], corrected[3][3] = "C1", "7.00", "正常"

    again = load(xlsx(corrected))

    assert (again.loaded, again.quarantined) == (3, 0)
    assert bills()[number(3)] == ("C1", 700)
    assert len(bills()) == 6


@pytest.mark.rule("P31")
@pytest.mark.parametrize("cell", ["=1+1", "+cmd|x", "@SUM(A1)", "-x"])
def test_formulas_in_the_workbook_are_text(browser, operations, client_1, cell):
    done = load([row(1, total="x", client_name=cell)], by=operations)

    _response, sheet = workbook(browser, done)

    name = sheet["F2"]
    assert (name.value, name.data_type) == (f"'{cell}", "s")


def test_long_numbers_keep_their_digits(browser, operations, client_1):
    digits = "012345678901234567890"
    done = load([row(1, total="x", 备注=digits)], by=operations)

    _response, sheet = workbook(browser, done)

    assert sheet["F2"].value == digits


def test_too_many_rows_for_a_workbook_come_as_csv_only(browser, bad, settings):
    settings.QUARANTINE_XLSX_ROWS = 2
    url = reverse("analytics:import_quarantine", args=[bad.pk])

    refused = browser.get(url, {"format": "xlsx"})

    assert refused.status_code == 409
    assert "Download the rows as CSV" in refused.content.decode()
    assert b"".join(browser.get(url).streaming_content).count(b"\r\n") == 4


def test_a_cell_that_a_workbook_would_cut_is_refused(browser, operations, client_1):
    done = load([row(1, total="x", 备注="y" * 40_000)], by=operations)
    url = reverse("analytics:import_quarantine", args=[done.pk])

    assert browser.get(url, {"format": "xlsx"}).status_code == 409
    assert not QuarantineLook.objects.exists()


def test_other_formats_are_not_there(browser, bad):
    url = reverse("analytics:import_quarantine", args=[bad.pk])

    assert browser.get(url, {"format": "pdf"}).status_code == 404


@pytest.mark.rule("P34", "P35")
def test_each_look_leaves_a_trace(browser, bad, operations):
    url = reverse("analytics:import_quarantine", args=[bad.pk])
    for query in ({}, {"format": "xlsx"}):
        list(browser.get(url, query).streaming_content)
    browser.get(rows_url(bad))

    looks = QuarantineLook.objects.values_list("billing_import", "way", "rows", "looked_by")
    assert set(looks) == {(bad.pk, way, 3, operations.pk) for way in ("csv", "xlsx", "page")}


# In the page ------------------------------------------------------------------------------------


def test_the_page_marks_the_wrong_cells(browser, bad):
    html = browser.get(rows_url(bad)).content.decode()

    fields = inputs(html)
    assert (fields["r1c4"], fields["r2c3"], fields["r0c1"]) == ("ten", "?", "NOBODY")
    assert html.count('aria-invalid="true"') == 3
    for name, message in (
        ("r1c4", "not an amount"),
        ("r2c3", "not a known value"),
        ("r0c1", "no client of yours has this code"),
    ):
        assert f'title="{message}" aria-invalid="true" aria-describedby="{name}_error"' in html
        assert f'id="{name}_error">{message}<' in html


def test_reasons_are_in_the_readers_language(browser, bad, operations):
    operations.language = "zh-hans"
    operations.save()

    html = browser.get(rows_url(bad)).content.decode()

    assert "not an amount" not in html
    assert 'title="金额格式有误"' in html


def test_reasons_of_whole_rows_stand_at_the_row(browser, operations, client_1):
    text = csv_text([row(1)]) + "2026-06,C1\n"
    done = load(text, by=operations)

    html = browser.get(rows_url(done)).content.decode()

    assert '<div class="text-danger">wrong number of columns in this line</div>' in html
    assert "cell-minor" not in html  # any of its cells may be the wrong one


@pytest.mark.rule("P14")
def test_corrected_rows_become_an_import_that_only_adds(browser, bad, operations):
    fields = inputs(browser.get(rows_url(bad)).content.decode())

    response = browser.post(rows_url(bad), fields | {"r1c4": "7.00", "r2c3": "正常", "skip0": "on"})

    child = run_newest()
    assert response.headers["Location"] == child.get_absolute_url()
    assert (child.corrects, child.corrects_rows) == (bad, [1, 2])
    assert (child.kind, child.period, child.creates_clients, child.completes_period) == (
        "member_bill", None, False, False
    )  # fmt: skip
    assert (child.state, child.loaded, child.quarantined, child.replaced) == ("loaded", 2, 0, 0)
    assert child.created_by == operations
    assert bills() == {number(n): ("C1", 1000) for n in (1, 2, 4, 6)} | {number(3): ("C1", 700)}

    page = browser.get(bad.get_absolute_url()).content.decode()
    assert f"2 of 3 rows corrected in import #{child.number}" in page
    assert child.get_absolute_url() in page
    back = browser.get(child.get_absolute_url()).content.decode()
    assert bad.get_absolute_url() in back


@pytest.mark.rule("P14")
def test_rows_left_out_stay_and_bad_ones_come_back_in_the_child(browser, bad):
    fields = inputs(browser.get(rows_url(bad)).content.decode())
    browser.post(rows_url(bad), fields | {"r1c4": "7.00", "r2c3": "??", "skip0": "on"})
    child = run_newest()

    assert (child.loaded, child.quarantined) == (1, 1)
    assert problems(child) == {("bad_choice", "status"): [3]}
    assert set(inputs(browser.get(rows_url(bad)).content.decode())) == {
        f"r0c{position}" for position in range(6)
    }
    assert inputs(browser.get(rows_url(child)).content.decode())["r0c3"] == "??"
    assert "1 row is still wrong there" in browser.get(bad.get_absolute_url()).content.decode()


@pytest.mark.rule("P14")
def test_a_correction_never_replaces_the_rows_it_belongs_to(browser, operations, client_1):
    """The same number as two of the three rows: a whole file like this would be a corrected one."""
    done = load_month(
        [row(1), row(2), row(3), row(1, total="5.00"), row(2, total="6.00")], by=operations
    )
    fields = inputs(browser.get(rows_url(done)).content.decode())

    browser.post(rows_url(done), fields)
    child = run_newest()

    assert (child.loaded, child.quarantined) == (2, 0)
    assert bills() == {
        number(1): ("C1", 500), number(2): ("C1", 600), number(3): ("C1", 1000),
    }  # fmt: skip


def test_the_same_rows_are_not_handed_in_twice(browser, bad):
    fields = inputs(browser.get(rows_url(bad)).content.decode())

    assert browser.post(rows_url(bad), fields).status_code == 302
    assert browser.post(rows_url(bad), fields).status_code == 409
    assert BillingImport.objects.count() == 2


def test_a_correction_that_failed_gives_the_rows_back(browser, bad):
    fields = inputs(browser.get(rows_url(bad)).content.decode())
    browser.post(rows_url(bad), fields)
    BillingImport.objects.filter(corrects=bad).update(state=ImportState.CANCELLED)

    assert len(inputs(browser.get(rows_url(bad)).content.decode())) == 18


def test_a_correction_that_was_undone_gives_the_rows_back(browser, bad):
    fields = inputs(browser.get(rows_url(bad)).content.decode())
    browser.post(rows_url(bad), fields | {"r1c4": "7.00"})
    child = run_newest()
    BillingImport.objects.filter(pk=child.pk).update(state=ImportState.UNDONE)

    page = browser.get(bad.get_absolute_url()).content.decode()

    assert f"The correction in import #{child.number} was undone" in page
    assert rows_url(bad) in page
    assert len(inputs(browser.get(rows_url(bad)).content.decode())) == 18


def test_leaving_every_row_out_hands_nothing_in(browser, bad):
    response = browser.post(rows_url(bad), {"skip0": "on", "skip1": "on", "skip2": "on"})

    assert response.status_code == 409
    assert "nothing to hand in" in response.content.decode()
    assert BillingImport.objects.count() == 1


def test_a_correction_takes_the_month_of_its_parent(browser, operations, client_1):
    lines = [row(1), row(2, total="x")]
    for line in lines:
        del line["period"]
    done = load(lines, by=operations, period=JUNE, creates_clients=True, completes_period=True)
    fields = inputs(browser.get(rows_url(done)).content.decode())

    browser.post(rows_url(done), fields | {"r0c3": "2.00"})
    child = run_newest()

    assert (child.period, child.creates_clients, child.loaded) == (JUNE, True, 1)
    assert BillingPeriod.objects.get().is_complete  # by the parent; the child asks for nothing
    assert not child.completes_period


def test_cells_come_back_as_they_were(browser, operations, client_1):
    """Line breaks, quotes, formulas and commas survive the way through the page."""
    columns = {"备注": '=1+1, "so"', "说明": "<b>&"}
    done = load([row(1, total="x", **columns)], by=operations)
    html = browser.get(rows_url(done)).content.decode()
    assert "&lt;b&gt;&amp;" in html

    browser.post(rows_url(done), {"r0c4": "x", "r0c5": columns["备注"]})
    child = run_newest()

    assert quarantine(child)[1][:7] == [
        "2026-06", "C1", str(number(1)), "active", "x", "'=1+1, \"so\"", "<b>&",
    ]  # fmt: skip


def test_columns_that_a_person_chose_are_read_the_same_way_again(browser, operations, client_1):
    text = f"账务月份;所属;号;在网吗;本月\n2026-06;C1;{number(1)};在网;1\n2026-06;C1;{number(2)};在网;x\n"
    waiting = hand_in(text, by=operations)
    waiting.mapping = {"period": 0, "client_code": 1, "msisdn": 2, "status": 3, "total": 4}
    waiting.words = {"status": {"在网": "active"}}
    waiting.save()
    done = imports.run_import(waiting, now=timezone.now())
    fields = inputs(browser.get(rows_url(done)).content.decode())

    browser.post(rows_url(done), fields | {"r0c4": "2.00"})

    child = run_newest()
    assert (child.state, child.loaded, child.quarantined) == ("loaded", 1, 0)
    assert bills() == {number(1): ("C1", 100), number(2): ("C1", 200)}


@pytest.mark.parametrize("limit", ["QUARANTINE_PAGE_ROWS", "QUARANTINE_PAGE_CELLS"])
def test_too_much_for_a_page_is_corrected_in_the_file(browser, bad, settings, limit):
    setattr(settings, limit, 2)

    assert browser.get(rows_url(bad)).status_code == 409
    if limit == "QUARANTINE_PAGE_ROWS":
        page = browser.get(bad.get_absolute_url()).content.decode()
        assert rows_url(bad) not in page
        assert "format=xlsx" in page


def test_fifty_rows_of_every_column_fit_the_page(browser, operations, client_1):
    """Django takes 1000 fields by default; a member bill has 28 columns."""
    wide = {f"col{n}": "x" for n in range(30)}
    done = load([row(n, total="x", **wide) for n in range(1, 51)], by=operations)
    fields = inputs(browser.get(rows_url(done)).content.decode())
    assert len(fields) == 50 * 35

    response = browser.post(rows_url(done), fields | {f"r{n}c4": "1.00" for n in range(50)})

    assert response.status_code == 302
    assert run_newest().loaded == 50


def test_an_import_that_waits_has_no_rows_to_correct(browser, operations, client_1):
    waiting = hand_in([row(1)], by=operations)

    assert browser.get(rows_url(waiting)).status_code == 409


@pytest.mark.rule("P5")
def test_looking_needs_the_right_to_import(bad, supervisor, login):
    browser = login(supervisor)

    assert browser.get(rows_url(bad)).status_code == 403
    assert browser.post(rows_url(bad)).status_code == 403
    page = browser.get(bad.get_absolute_url()).content.decode()
    assert rows_url(bad) not in page
    assert "/quarantine/" not in page


@pytest.mark.rule("P1")
def test_rows_of_another_city_are_not_found(bad, units, login):
    from tests.factories.staff import UserFactory  # noqa: PLC0415

    stranger = UserFactory(role="operations", unit=units.city_2)

    assert login(stranger).get(rows_url(bad)).status_code == 404
    assert not QuarantineLook.objects.exists()
