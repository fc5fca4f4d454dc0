"""The quarantine file: corrected and handed in again it finishes the job."""

from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.translation import gettext

from analytics.models import ClientMonth
from tests.analytics.billing_files import (
    JUNE,
    bills,
    csv_text,
    load,
    load_month,
    number,
    quarantine,
    row,
)

pytestmark = pytest.mark.django_db


@pytest.mark.rule("P14")
def test_quarantine_handed_in_corrected_finishes_the_job(clients):
    lines = [row(n, 备注=f"n{n}") for n in range(1, 9)]
    lines[2]["total"] = "ten"
    lines[5]["status"] = "?"
    columns = ["total", "备注", "status", "msisdn", "period", "client_code"]
    first = load_month(csv_text(lines, columns), creates_clients=False)

    sheet = quarantine(first)
    assert sheet == [
        [*columns, "line", "reason"],
        ["ten", "n3", "active", str(number(3)), "2026-06", "C1", "4", "total: not an amount"],
        ["10.00", "n6", "?", str(number(6)), "2026-06", "C1", "7", "status: not a known value"],
    ]
    corrected = [
        [cell.replace("ten", "7.00").replace("?", "正常") for cell in each] for each in sheet
    ]
    second = load("\n".join(",".join(each) for each in corrected))

    assert (second.loaded, second.quarantined, second.ignored_columns) == (2, 0, ["备注"])
    assert bills() == {number(n): ("C1", 1000) for n in range(1, 9)} | {number(3): ("C1", 700)}
    assert ClientMonth.objects.get(period=JUNE).income == Decimal("77.00")


@pytest.mark.rule("P14")
def test_quarantine_of_more_than_half_does_not_replace_the_good_half(clients):
    first = load([row(1), *(row(n, total="x") for n in range(2, 6))])
    corrected = [[cell.replace("x", "2.00") for cell in each] for each in quarantine(first)]

    load("\n".join(",".join(each) for each in corrected))

    assert bills() == {number(1): ("C1", 1000), **{number(n): ("C1", 200) for n in range(2, 6)}}


@pytest.mark.rule("P14")
def test_quarantine_keeps_cells_as_they_were(clients):
    text = (
        "period,client_code,msisdn,status,total\n"
        '2026-06,"C1, old",13800000001,"活\n动",5\n'
        "2026-06,C1,13800000002,active\n"
        "2026-06,C1,13800000003,active,1,2,3\n"
        '2026-06,C1,"13800000004,active,1\n'
    )

    done = load(text)

    assert [line[:-1] for line in quarantine(done)[1:]] == [
        ["2026-06", "C1, old", "13800000001", "活\n动", "5", "2"],
        ["2026-06", "C1", "13800000002", "active", "", "4"],
        ["2026-06", "C1", "13800000003", "active", "1,2,3", "5"],
        ["2026-06", "C1", '"13800000004', "active", "1", "6"],
    ]


@pytest.mark.rule("P31")
@pytest.mark.parametrize("cell", ["=1+1", "+cmd|x", "-2+3", "@SUM(A1)", "\t=1", "=", "-x"])
def test_quarantine_neutralises_formulas(clients, cell):
    done = load(csv_text([row(1, total="x", client_name=cell)]))

    name = quarantine(done)[1][5]
    assert name == f"'{cell}"


@pytest.mark.rule("P31")
@pytest.mark.parametrize("cell", ["-12.50", "+3", "-1,234.00"])
def test_quarantine_leaves_numbers_alone(clients, cell):
    done = load(csv_text([row(1, msisdn="x", total=cell)]))

    assert quarantine(done)[1][4] == cell


@pytest.mark.rule("P31")
def test_quarantine_neutralises_formulas_in_the_header(clients):
    done = load(csv_text([row(1, total="x") | {"=HYPERLINK(A1)": "1"}]))

    assert quarantine(done)[0][5] == "'=HYPERLINK(A1)"


def test_reasons_are_in_the_language_of_the_author(clients, operations):
    operations.language = "zh-hans"
    operations.save()

    done = load([row(1, total="x")], by=operations)

    with translation.override("zh-hans"):
        reason = gettext("%(column)s: %(problem)s") % {
            "column": "total",
            "problem": gettext("not an amount"),
        }
    assert quarantine(done)[1][-1] == reason


@pytest.mark.rule("P14")
def test_rows_still_bad_come_back_without_the_columns_we_added(clients):
    first = load([row(1, total="x", 备注="n")])
    again = load("\n".join(",".join(each) for each in quarantine(first)))

    assert quarantine(again)[1] == [
        "2026-06", "C1", str(number(1)), "active", "x", "n", "2", "total: not an amount"
    ]  # fmt: skip


@pytest.mark.rule("P14")
def test_a_cell_too_many_before_the_columns_we_added_is_kept(clients):
    columns = "period,client_code,msisdn,status,total,line,reason\n"

    done = load(columns + "2026-06,C1,13800000001,active,1,234.00,2,total: not an amount\n")

    assert quarantine(done)[1][:6] == [
        "2026-06", "C1", "13800000001", "active", "1,234.00", "2"
    ]  # fmt: skip
