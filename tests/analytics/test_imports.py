"""Bills and rosters from the file to the tables."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.choices import MemberStatus
from accounts.models import Client, Contact, Member, NumberReveal, Ownership
from analytics.importing import loading, reading, rosters
from analytics.models import BillingPeriod, ClientMonth, MemberBill, ProductBill
from analytics.progress import Progress
from analytics.services import imports
from staff.choices import Role
from staff.models import Notification
from tests.analytics.billing_files import (
    ENCODINGS,
    JULY,
    JUNE,
    MAY,
    NOW,
    bills,
    chinese,
    csv_text,
    encoded,
    hand_in,
    load,
    load_month,
    number,
    problems,
    quarantine,
    row,
    warnings,
    xlsx,
)
from tests.factories.accounts import ClientFactory
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def clients(db):
    return [ClientFactory(code=f"C{n}") for n in (1, 2, 3)]


def everything() -> dict[str, list]:
    """What an import may change, without the numbers of imports."""
    return {
        "bills": sorted(
            MemberBill.objects.values_list("period", "msisdn", "client", "total", "status")
        ),
        "members": sorted(Member.objects.values_list("msisdn", "client", "status", "tier")),
        "facts": sorted(ClientMonth.objects.values_list("client", "period", "income", "active")),
        "periods": sorted(BillingPeriod.objects.values_list("month", "state")),
        "clients": sorted(Client.objects.values_list("code", "name", "income")),
    }


# Rows ------------------------------------------------------------------------------------------


def test_every_column_of_a_bill_is_kept(clients):
    full = row(
        1,
        period="2026年6月",
        client_name="集团一",
        status="预约销户",
        tier="钻石卡",
        joined_on="2020/2/29",
        corporate_paid="是",
        local="1.00",
        domestic_long_distance="2.00",
        international_long_distance="3.00",
        roaming_in_province="4.00",
        roaming_out_of_province="5.00",
        ip="6.00",
        sms="7.00",
        voice_value_added="8.00",
        mobile_data="9.00",
        cmnet="10.00",
        internet_line="¥1,100.00",
        voip_line="１２.００",
        vpn="13.00",
        other="-14.00",
        discount="0.50",
        total="1165.50",
        arrears="99.99",
        payment_method="托收",
        points="1,234",
    )

    done = load(chinese(csv_text([full])))

    assert (done.state, done.loaded, done.quarantined, done.warnings) == ("loaded", 1, 0, 0)
    bill = MemberBill.objects.values().get()
    assert bill == {
        "period": JUNE, "msisdn": number(1), "client_id": clients[0].pk, "line": 2,
        "import_number": done.number, "status": 4, "tier": 4, "joined_on": date(2020, 2, 29),
        "is_corporate_paid": True, "local": 100, "domestic_long_distance": 200,
        "international_long_distance": 300, "roaming_in_province": 400,
        "roaming_out_of_province": 500, "ip": 600, "sms": 700, "voice_value_added": 800,
        "mobile_data": 900, "cmnet": 1000, "internet_line": 110_000, "voip_line": 1200,
        "vpn": 1300, "other": -1400, "discount": 50, "total": 116_550, "arrears": 9999,
        "payment_method": 3, "points": 1234,
    }  # fmt: skip


def test_columns_that_are_absent_take_their_defaults(clients):
    load([row(1)])

    bill = MemberBill.objects.values().get()
    assert {name: bill[name] for name in ("tier", "joined_on", "discount", "points", "local")} == {
        "tier": 0,
        "joined_on": None,
        "discount": 0,
        "points": 0,
        "local": 0,
    }


def test_the_import_says_what_became_of_the_file(clients, operations):
    Client.objects.update(unit=operations.unit)
    text = csv_text([row(1), row(2, total="x"), row(3, "C2", total="5.25")])

    done = load(text, by=operations)

    assert (done.state, done.rows, done.loaded, done.quarantined) == ("loaded", 3, 2, 1)
    assert (done.total, done.periods, done.encoding) == (Decimal("15.25"), [JUNE], "utf-8")
    assert (done.created_by, done.started_at, done.size) == (operations, NOW, len(text))
    assert timedelta(0) < done.duration < timedelta(minutes=5)
    told = Notification.objects.visible_to(operations).get()
    assert (told.kind, told.params["loaded"], told.params["quarantined"]) == ("import-loaded", 2, 1)
    assert bills() == {number(1): ("C1", 1000), number(3): ("C2", 525)}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (row(1, msisdn="1.38E+10"), ("scientific", "msisdn")),
        (row(1, msisdn="1380000000"), ("bad_number", "msisdn")),
        (row(1, msisdn=""), ("missing", "msisdn")),
        (row(1, period="2026-13"), ("bad_period", "period")),
        (row(1, period=""), ("missing", "period")),
        (row(1, client_code="NOBODY"), ("unknown_client", "client_code")),
        (row(1, client_code="X" * 33), ("too_long", "client_code")),
        (row(1, client_code=""), ("missing", "client_code")),
        (row(1, status="unknown"), ("bad_choice", "status")),
        (row(1, status=""), ("missing", "status")),
        (row(1, total=""), ("missing", "total")),
        (row(1, total="1.234"), ("too_many_decimals", "total")),
        (row(1, total="30000000"), ("too_large", "total")),
        (row(1, tier="platinum"), ("bad_choice", "tier")),
        (row(1, joined_on="2026-02-30"), ("bad_date", "joined_on")),
        (row(1, corporate_paid="maybe"), ("bad_choice", "corporate_paid")),
        (row(1, local="x"), ("bad_money", "local")),
        (row(1, discount="-1"), ("negative", "discount")),
        (row(1, arrears="-0.01"), ("negative", "arrears")),
        (row(1, payment_method="gold"), ("bad_choice", "payment_method")),
        (row(1, points="1.5"), ("bad_integer", "points")),
    ],
)
def test_bad_row_goes_to_the_quarantine_with_its_reason_and_the_good_ones_load(
    clients, line, problem
):
    done = load(csv_text([row(7), line, row(8)], list(line)))

    assert (done.rows, done.loaded, done.quarantined) == (3, 2, 1)
    assert problems(done) == {problem: [3]}
    assert list(bills()) == [number(7), number(8)]


def test_row_with_several_faults_names_each(clients):
    done = load([row(1, period="x", msisdn="1", status="?", total="y")])

    assert problems(done) == {
        ("bad_period", "period"): [2],
        ("bad_number", "msisdn"): [2],
        ("bad_choice", "status"): [2],
        ("bad_money", "total"): [2],
    }


def test_first_of_several_rows_of_a_number_stays(clients):
    done = load([row(1, total="1.00"), row(2), row(1, "C2", total="2.00"), row(1, total="3.00")])

    assert (done.rows, done.loaded, done.quarantined) == (4, 2, 2)
    assert problems(done) == {("duplicate", "msisdn"): [4, 5]}
    assert bills() == {number(1): ("C1", 100), number(2): ("C1", 1000)}
    assert done.total == Decimal("11.00")


def test_number_may_be_in_two_months_of_one_file(clients):
    done = load([row(1, period="2026-05"), row(1), row(2, period="202605", total="7.00")])

    assert (done.loaded, done.quarantined, done.periods) == (3, 0, [MAY, JUNE])
    assert bills(MAY) == {number(1): ("C1", 1000), number(2): ("C1", 700)}
    assert bills(JUNE) == {number(1): ("C1", 1000)}


def test_month_given_on_upload_fills_the_missing_column(clients):
    text = csv_text([row(1)], ["client_code", "msisdn", "status", "total"])

    done = load(text, period=JULY)

    assert (done.state, list(bills(JULY))) == ("loaded", [number(1)])


def test_month_that_contradicts_the_upload_is_quarantined(clients):
    done = load([row(1), row(2, period=""), row(3, period="2026-05")], period=JUNE)

    assert problems(done) == {("other_period", "period"): [4]}
    assert list(bills()) == [number(1), number(2)]


def test_file_without_any_month_is_refused(clients):
    done = load("client_code,msisdn,status,total\nC1,13800000001,active,1.00\n")

    assert (done.state, done.error_code) == ("failed", "missing_period")


def test_unknown_clients_are_made_when_the_upload_says_so(operations):
    done = load(
        [row(1, "N1", client_name="新集团"), row(2, "N2"), row(3, "N3", total="x")],
        creates_clients=True,
        by=operations,
    )

    assert (done.loaded, done.quarantined) == (2, 1)
    assert set(Client.objects.values_list("code", "name", "unit")) == {
        ("N1", "新集团", operations.unit_id),
        ("N2", "N2", operations.unit_id),
    }
    assert Client.objects.matching("xjt").get().code == "N1"


def test_file_without_author_founds_a_unit_for_its_clients():
    load([row(1, "N1")], creates_clients=True)

    assert Client.objects.get().unit.parent is None


def test_warnings_do_not_reject(clients):
    lines = [
        row(1, local="4.00", sms="6.00", discount="0.50", total="9.50"),
        row(2, local="4.00", sms="6.00", discount="0.50", total="9.51"),
        row(3, local="4.00", sms="6.00", discount="0.50", total="9.52"),
        row(4, local="4.00", sms="", discount="", total="-4.00"),
    ]

    done = load(lines)

    assert (done.loaded, done.quarantined, done.warnings) == (4, 0, 2)
    assert warnings(done) == {("sum_differs", "total"): [4, 5]}
    assert bills()[number(3)] == ("C1", 952)


def test_unknown_columns_are_a_warning_and_kept_in_the_quarantine(clients):
    done = load([row(1, 备注="hello"), row(2, total="x", 备注="world")])

    assert (done.ignored_columns, done.warnings, done.loaded) == (["备注"], 1, 1)
    assert [line[5] for line in quarantine(done)] == ["备注", "world"]


# The same data in every dress -------------------------------------------------------------------


@pytest.mark.rule("P13")
def test_all_encodings_and_workbooks_give_the_same_rows(clients):
    lines = [
        row(n, f"C{n % 3 + 1}", client_name=f"集团{n}", total=f"{n}.{n:02}", status="正常")
        for n in range(1, 30)
    ]
    lines.append(row(30, total="x", client_name="坏"))
    text = chinese(csv_text(lines))
    cells = [line.split(",") for line in text.splitlines()]
    native = [
        cells[0],
        *([date(2026, 6, 1), c[1], int(c[2]), c[3], _float(c[4]), c[5]] for c in cells[1:]),
    ]
    dresses = [encoded(text, name) for name in ENCODINGS]
    dresses += [text.replace("\n", "\r\n").encode(), text.replace(",", ";").encode()]
    dresses += [xlsx(cells), xlsx(native)]
    results = []

    for data in dresses:
        done = load(data)
        results.append(
            (done.state, done.loaded, problems(done), done.total, bills(), quarantine(done)[1][1:])
        )

    assert all(result == results[0] for result in results)
    assert results[0][:3] == ("loaded", 29, {("bad_money", "total"): [31]})


def _float(text: str) -> float | str:
    return text if text == "x" else float(text)


# Again, corrected, more -------------------------------------------------------------------------


@pytest.mark.rule("P10")
def test_same_file_twice_changes_nothing(clients):
    text = csv_text([*(row(n, f"C{n % 3 + 1}") for n in range(1, 20)), row(20, total="x")])
    load_month(text, creates_clients=False)
    before = everything()

    again = load_month(text, creates_clients=False)

    assert everything() == before
    assert (again.loaded, again.quarantined, again.replaced) == (19, 1, 19)


@pytest.mark.rule("P10")
def test_corrected_file_replaces_its_rows_and_removed_ones_vanish(clients):
    load([row(n) for n in range(1, 7)])

    done = load([row(1, total="99.00"), *(row(n) for n in range(2, 6)), row(9, "C2")])

    assert done.replaced == 6
    assert bills() == {
        number(1): ("C1", 9900),
        **{number(n): ("C1", 1000) for n in range(2, 6)},
        number(9): ("C2", 1000),
    }


@pytest.mark.rule("P10")
def test_file_with_other_rows_of_the_month_adds(clients):
    load([row(n) for n in range(1, 5)])

    done = load([row(n, "C2") for n in range(5, 8)])

    assert (done.loaded, done.replaced) == (3, 0)
    assert sorted(bills()) == [number(n) for n in range(1, 8)]


@pytest.mark.rule("P10")
def test_corrected_part_leaves_the_other_part_alone(clients):
    load([row(n) for n in range(1, 5)])
    load([row(n, "C2") for n in range(5, 9)])

    load([row(5, "C2", total="1.00"), row(6, "C2"), row(7, "C2")])

    assert sorted(bills()) == [number(n) for n in range(1, 8)]
    assert bills()[number(5)] == ("C2", 100)


@pytest.mark.parametrize(
    ("rows_of", "shared_of", "new_rows", "replaced"),
    [
        ({}, {}, 5, []),
        ({1: 4}, {1: 4}, 4, [1]),
        ({1: 4}, {1: 3}, 4, [1]),
        ({1: 4}, {1: 2}, 4, []),  # exactly half is not more than half
        ({1: 100}, {1: 3}, 3, []),  # a small correction of a few rows
        ({1: 3}, {1: 3}, 100, []),  # most of the new file is news
        ({1: 50, 2: 50}, {1: 50, 2: 49}, 100, [1, 2]),
        ({1: 50, 2: 50}, {1: 50, 2: 0}, 50, [1]),
    ],
)
def test_which_files_a_new_one_replaces(rows_of, shared_of, new_rows, replaced):
    assert loading.superseded(rows_of, shared_of, new_rows) == replaced


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


# Money ------------------------------------------------------------------------------------------


@pytest.mark.rule("P11")
def test_lines_control_totals_clients_and_facts_agree_to_the_cent(clients):
    lines = [row(n, f"C{n % 3 + 1}", total=f"{n * 37 % 1000 / 100:.2f}") for n in range(1, 200)]
    expected = sum(Decimal(line["total"]) for line in lines)

    done = load_month([*lines, row(1, total="9999.99")])

    facts = ClientMonth.objects.filter(period=JUNE)
    assert done.total == expected
    assert Decimal(sum(total for _, total in bills().values())) / 100 == expected
    assert sum(fact.income for fact in facts) == expected
    assert {fact.client.code: fact.income for fact in facts} == {
        code: sum(Decimal(line["total"]) for line in lines if line["client_code"] == code)
        for code in ("C1", "C2", "C3")
    }
    assert sum(Client.objects.values_list("income", flat=True)) == expected


@pytest.mark.rule("P11")
def test_months_of_one_file_have_their_own_sums(clients):
    lines = [row(n, period=f"2026-0{n % 2 + 5}", total=f"{n}.01") for n in range(1, 21)]

    load_month(lines)

    sums = dict.fromkeys((MAY, JUNE), Decimal(0))
    for line in lines:
        sums[date.fromisoformat(line["period"] + "-01")] += Decimal(line["total"])
    assert dict(ClientMonth.objects.values_list("period", "income")) == sums


# Members ----------------------------------------------------------------------------------------


@pytest.mark.rule("P17")
@pytest.mark.parametrize("order", [(5, 6, 7), (7, 6, 5), (6, 7, 5), (7, 5, 6)])
def test_members_follow_their_newest_bill_in_any_order_of_imports(clients, order):
    months = {
        5: [row(1, "C1"), row(2, "C1", tier="gold"), row(3, "C1")],
        6: [row(1, "C2"), row(2, "C1", tier="silver", joined_on="2020-01-01")],
        7: [row(1, "C3", status="suspended"), row(4, "C2", corporate_paid="yes")],
    }

    for month in order:
        load([line | {"period": f"2026-0{month}"} for line in months[month]])

    assert list(
        Member.objects.order_by("msisdn").values_list(
            "msisdn", "client__code", "status", "tier", "joined_on", "is_corporate_paid"
        )
    ) == [
        (number(1), "C3", 3, 0, None, False),
        (number(2), "C1", 1, 2, date(2020, 1, 1), False),
        (number(3), "C1", 1, 0, None, False),
        (number(4), "C2", 1, 0, None, True),
    ]


def test_member_keeps_its_identity_when_it_moves(clients):
    load([row(1, period="2026-05")])
    member = Member.objects.get()

    load([row(1, "C2")])

    member.refresh_from_db()
    assert member.client == clients[1]


@pytest.mark.rule("P17")
def test_member_follows_a_correction_that_says_what_the_month_before_said(clients):
    load([row(1, period="2026-05")])
    load([row(1, status="churned")])
    assert Member.objects.get().status == MemberStatus.CHURNED

    load([row(1)])

    assert Member.objects.get().status == MemberStatus.ACTIVE


@pytest.mark.rule("P17")
def test_member_that_was_away_for_a_month_is_brought_up_to_date(clients):
    load([row(1, "C1", period="2026-05"), row(2, period="2026-05")])
    load([row(2)])

    load([row(1, "C2", period="2026-07"), row(2, period="2026-07")])

    assert Member.objects.get(msisdn=number(1)).client.code == "C2"


@pytest.mark.rule("P17")
def test_members_follow_the_newest_of_several_months_in_one_file(clients):
    load([row(1, "C1", period="2026-04")])

    load(
        [
            row(1, "C2", period="2026-05"),
            row(2, "C2", period="2026-05"),
            row(1, "C3"),
            row(2, "C2"),
        ]
    )

    members = Member.objects.order_by("msisdn").values_list("client__code", flat=True)
    assert list(members) == ["C3", "C2"]


@pytest.mark.rule("P17")
def test_number_left_out_of_a_correction_goes_back_to_its_newest_remaining_bill(clients):
    others = [row(n) for n in range(2, 8)]
    load([row(1, "C3", period="2026-04"), row(1, tier="gold", period="2026-05")])
    load([*others, row(1, "C2"), row(9, "C2")])
    load([row(3, "C3", period="2026-07")])

    load([*others[:1], *others[2:], row(1, "C1", period="2026-05")])

    members = Member.objects.order_by("msisdn").values_list("msisdn", "client__code", "tier")
    assert [(msisdn - number(0), code, tier) for msisdn, code, tier in members] == [
        (1, "C1", 0),
        (2, "C1", 0),
        (3, "C3", 0),
        (4, "C1", 0),
        (5, "C1", 0),
        (6, "C1", 0),
        (7, "C1", 0),
    ]


def test_number_without_any_bill_stays_when_somebody_looked_at_it(clients, operations):
    load([row(n) for n in (1, 2, 3, 4)])
    NumberReveal.objects.create(
        member=Member.objects.get(msisdn=number(1)), revealed_by=operations, revealed_at=NOW
    )

    load([row(3), row(4), row(2)])

    assert Member.objects.filter(msisdn=number(1)).exists()


# Refused, cancelled, broken ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"period,client_code,msisdn,status,total\n", "no_rows"),
        (b"period,msisdn,total\n2026-06,13800000001,1\n", "missing_columns"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "old_excel"),
        (b"PK\x03\x04nonsense", "broken_workbook"),
    ],
)
def test_refused_file_leaves_nothing(clients, content, code):
    load([row(1)])
    before = everything()

    done = load(content)

    assert (done.state, done.error_code, done.loaded) == ("failed", code, 0)
    assert not done.quarantine_file
    assert everything() == before


@pytest.mark.parametrize("header", ["client_code\0,name2", "\0client_code,name"])
def test_zero_byte_in_the_header_ends_the_import(clients, header):
    done = load(f"{header}\nC1,x\n")

    assert (done.state, done.error_code, done.error_params) == ("failed", "not_text", {})


def test_control_characters_do_not_get_into_the_reason(clients):
    done = load("client_code\x01,name2\nC1,x\n")

    assert (done.state, done.error_code) == ("failed", "missing_columns")
    assert done.error_params["found"] == "client_code, name2"


@pytest.mark.rule("P13")
def test_unspeakable_details_still_end_the_import(clients, monkeypatch):
    monkeypatch.setattr(imports, "printable", lambda text: f"{text}\0")
    done = load("client_code,name2\nC1,x\n")

    assert (done.state, done.error_code) == ("failed", "server_problem")


def test_undecodable_line_late_in_the_file_leaves_nothing(clients, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK_BYTES", 200)
    text = chinese(csv_text([row(n) for n in range(1, 40)])).encode() + b"\xff\xfe\n"
    before = everything()

    done = load(text, creates_clients=True, completes_period=True)

    assert (done.state, done.error_code) == ("failed", "undecodable")
    assert done.error_params["line"] == "41"
    assert everything() == before


def test_file_that_vanished_is_a_server_problem_and_leaves_nothing(clients, caplog):
    waiting = hand_in([row(1)])
    Path(waiting.file.path).unlink()

    done = imports.run_import(waiting, now=NOW)

    assert (done.state, done.error_code) == ("failed", "server_problem")
    assert not BillingPeriod.objects.exists()
    assert "broke off" in caplog.text


def test_cancelled_while_waiting_leaves_nothing(clients, operations):
    waiting = hand_in([row(1)], by=operations)
    imports.request_cancel(billing_import=waiting, by=operations)

    done = imports.run_import(waiting, now=NOW)

    assert (done.state, done.error_code, done.loaded) == ("cancelled", "", 0)
    assert everything()["bills"] == []


def test_cancelled_while_running_leaves_nothing(clients, operations, monkeypatch):
    monkeypatch.setattr(reading, "BLOCK_BYTES", 200)
    waiting = hand_in([row(n) for n in range(1, 40)], by=operations)
    tell = Progress.tell

    def tell_and_cancel(*args, **options):
        tell(*args, **options)
        imports.request_cancel(billing_import=waiting, by=operations)

    monkeypatch.setattr(Progress, "tell", tell_and_cancel)
    before = everything()

    done = imports.run_import(waiting, now=NOW)

    assert (done.state, done.loaded) == ("cancelled", 0)
    assert everything() == before


@pytest.mark.parametrize("kind", ["member_bill", "contacts"])
def test_cancelled_at_the_very_end_leaves_nothing(clients, operations, monkeypatch, kind):
    line = row(1) if kind == "member_bill" else {"client_code": "C1", "name": "x"}
    waiting = hand_in([line], kind=kind, by=operations)
    monkeypatch.setattr(
        Progress,
        "tell_finishing",
        lambda _: imports.request_cancel(billing_import=waiting, by=operations),
    )

    done = imports.run_import(waiting, now=NOW)

    assert (done.state, done.loaded) == ("cancelled", 0)
    assert not MemberBill.objects.exists()
    assert not Contact.objects.exists()


def test_finished_import_cannot_be_cancelled(clients, operations):
    done = load([row(1)])

    with pytest.raises(imports.ImportFinished):
        imports.request_cancel(billing_import=done, by=operations)


@pytest.mark.rule("P10")
def test_finished_import_run_again_changes_nothing(clients):
    done = load([row(1), row(2, total="x")])
    load([row(1, total="77.00"), row(2, total="1.00")])
    before = everything()

    again = imports.run_import(done, now=NOW)

    assert (again.state, again.loaded, again.quarantined) == ("loaded", 1, 1)
    assert everything() == before


# Product bills ----------------------------------------------------------------------------------

PRODUCT = {
    "period": "2026-06",
    "client_code": "C1",
    "product_code": "P1",
    "product_name": "专线",
    "category": "互联网专线",
    "amount": "1,000.50",
}


def products() -> dict[tuple[str, str], Decimal]:
    rows = ProductBill.objects.values_list("client__code", "product_code", "amount")
    return {(code, product): amount for code, product, amount in rows}


def test_product_bill_is_kept(clients):
    done = load(
        [PRODUCT, PRODUCT | {"product_code": "P2", "category": "", "amount": "-3"}],
        kind="product_bill",
    )

    assert (done.state, done.loaded, done.total) == ("loaded", 2, Decimal("997.50"))
    assert set(
        ProductBill.objects.values_list(
            "period", "client__code", "product_code", "product_name", "category", "amount", "line"
        )
    ) == {
        (JUNE, "C1", "P1", "专线", "internet_line", Decimal("1000.50"), 2),
        (JUNE, "C1", "P2", "专线", "other", Decimal("-3.00"), 3),
    }


def test_product_bill_faults_go_to_the_quarantine(clients):
    done = load(
        [
            PRODUCT,
            PRODUCT | {"amount": "5"},
            PRODUCT | {"client_code": "NOBODY"},
            PRODUCT | {"product_code": "P2", "category": "?"},
            PRODUCT | {"product_code": ""},
            PRODUCT | {"product_code": "P3", "amount": "1.005"},
        ],
        kind="product_bill",
    )

    assert (done.rows, done.loaded, done.quarantined) == (6, 1, 5)
    assert problems(done) == {
        ("duplicate", "product_code"): [3],
        ("unknown_client", "client_code"): [4],
        ("bad_choice", "category"): [5],
        ("missing", "product_code"): [6],
        ("too_many_decimals", "amount"): [7],
    }


@pytest.mark.rule("P10")
def test_product_bill_twice_corrected_and_added_to(clients):
    lines = [PRODUCT | {"product_code": f"P{n}", "amount": str(n)} for n in range(1, 6)]
    load(lines, kind="product_bill")
    before = products()

    again = load(lines, kind="product_bill")
    assert (products(), again.replaced) == (before, 5)

    load([lines[0] | {"amount": "50"}, *lines[1:4]], kind="product_bill")
    assert products() == {
        ("C1", "P1"): 50, ("C1", "P2"): 2, ("C1", "P3"): 3, ("C1", "P4"): 4,
    }  # fmt: skip

    load([PRODUCT | {"client_code": "C2"}], kind="product_bill")
    assert len(products()) == 5


@pytest.mark.rule("P11")
def test_product_bill_joins_the_income_of_a_complete_month(clients):
    load_month([row(1, total="100.00")])

    load([PRODUCT], kind="product_bill")

    fact = ClientMonth.objects.get(period=JUNE)
    assert (fact.member_income, fact.product_income, fact.income) == (
        Decimal("100.00"),
        Decimal("1000.50"),
        Decimal("1100.50"),
    )


def test_product_bill_makes_clients_when_the_upload_says_so(db):
    done = load([PRODUCT], kind="product_bill", creates_clients=True)

    assert (done.loaded, Client.objects.get().code) == (1, "C1")


# Rosters ----------------------------------------------------------------------------------------


@pytest.fixture
def roster(manager, representative):
    """One full row."""
    return {
        "client_code": "N1",
        "name": "新集团",
        "nature": "政府",
        "industry": "教育",
        "class": "A类",
        "unit_code": "T1",
        "manager": "manager",
        "chief_representative": "representative",
        "address": "中山路1号",
        "latitude": "45.75",
        "longitude": "126.65",
        "employees": "1,200",
        "own_users": "800",
        "other_users": "100",
        "founded_on": "1998-01-02",
        "status": "签约",
    }


def test_client_roster_makes_clients(roster, manager, representative, units, operations):
    done = load([roster], kind="clients", by=operations)

    assert (done.state, done.loaded, done.warnings) == ("loaded", 1, 0)
    client = Client.objects.get()
    assert (client.code, client.name, client.nature, client.industry) == (
        "N1", "新集团", "government", "教育",
    )  # fmt: skip
    assert (client.client_class, client.unit, client.owner, client.chief_representative) == (
        "A", units.team_1, manager, representative,
    )  # fmt: skip
    assert (client.latitude, client.longitude, client.founded_on, client.status) == (
        Decimal("45.75"), Decimal("126.65"), date(1998, 1, 2), "signed",
    )  # fmt: skip
    assert (client.employees, client.own_users, client.other_users) == (1200, 800, 100)
    assert Client.objects.matching("xjt").exists()


@pytest.mark.rule("ORG-02")
def test_client_roster_keeps_the_history_of_ownership(roster, manager, peer, operations):
    load([roster], kind="clients", by=operations)
    load([roster], kind="clients", by=operations)

    done = load(
        [{"client_code": "N1", "name": "新集团", "manager": "peer"}], kind="clients", by=operations
    )

    history = Ownership.objects.order_by("pk").values_list(
        "owner", "ended_at", "assigned_by", "reason"
    )
    assert [(owner, by) for owner, _, by, _ in history] == [
        (manager.pk, operations.pk),
        (peer.pk, operations.pk),
    ]
    assert [ended for _, ended, _, _ in history] == [NOW, None]
    assert history[1][3] == f"#{done.number}"
    assert Client.objects.get().owner == peer


def save_before_the_end(monkeypatch, loader, save):
    """Somebody else saves when the whole roster has been read."""
    finish = loader.finish

    def save_and_finish(self):
        save()
        finish(self)

    monkeypatch.setattr(loader, "finish", save_and_finish)


def test_client_roster_keeps_what_others_saved_meanwhile(
    roster, manager, peer, operations, monkeypatch
):
    load([roster], kind="clients", by=operations)
    later = NOW + timedelta(days=1)

    def save():
        client = Client.objects.get()
        client.ownerships.update(ended_at=later)
        client.ownerships.create(owner=peer, started_at=later)
        Client.objects.update(owner=peer, address="新址", employees=7)

    save_before_the_end(monkeypatch, rosters.ClientRosterLoader, save)

    done = load(
        [{"client_code": "N1", "name": "改名", "manager": "manager", "employees": "9"}],
        kind="clients",
    )

    assert done.state == "loaded"
    client = Client.objects.get()
    assert (client.name, client.address, client.employees) == ("改名", "新址", 9)
    assert client.owner == manager
    assert list(
        client.ownerships.order_by("pk").values_list("owner", "started_at", "ended_at")
    ) == [(manager.pk, NOW, later), (peer.pk, later, later), (manager.pk, later, None)]


def test_contact_roster_keeps_what_others_saved_meanwhile(clients, monkeypatch):
    contact = {"client_code": "C1", "name": "王敏", "title": "总经理"}
    load([contact | {"department": "A"}], kind="contacts")
    before = Contact.objects.get().updated_at
    save_before_the_end(
        monkeypatch,
        rosters.ContactRosterLoader,
        lambda: Contact.objects.update(department="B", is_active=False, title="x"),
    )

    load([contact], kind="contacts")

    stored = Contact.objects.get()
    assert (stored.department, stored.is_active, stored.title) == ("B", False, "总经理")
    assert stored.updated_at > before


def test_client_roster_leaves_stored_values_where_cells_are_empty(roster, manager):
    load([roster], kind="clients")

    load(
        [{"client_code": "N1", "name": "新名字", "industry": "", "manager": "", "class": ""}],
        kind="clients",
    )

    client = Client.objects.get()
    assert (client.name, client.industry, client.owner, client.client_class) == (
        "新名字", "教育", manager, "A",
    )  # fmt: skip
    assert Client.objects.matching("xinmingzi").exists()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"manager": "ghost"}, ("unknown_person", "manager")),
        ({"manager": "clerk"}, ("unknown_person", "manager")),
        ({"manager": "gone"}, ("unknown_person", "manager")),
        ({"chief_representative": "manager"}, ("unknown_person", "chief_representative")),
        ({"unit_code": "XX"}, ("unknown_unit", "unit_code")),
        (
            {"employees": "10", "own_users": "15", "other_users": "6"},
            ("users_unlikely", "own_users"),
        ),
    ],
)
def test_client_roster_warns_and_loads(roster, operations, units, change, problem):
    UserFactory(username="clerk", role=Role.COMPLAINT_CLERK, unit=units.city_1)
    UserFactory(username="gone", is_active=False, unit=units.city_1)

    done = load([roster | change], kind="clients", by=operations)

    assert (done.loaded, done.quarantined, done.warnings) == (1, 0, 1)
    assert warnings(done) == {problem: [2]}
    if problem[0] == "unknown_unit":
        assert Client.objects.get().unit == operations.unit


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"client_code": ""}, ("missing", "client_code")),
        ({"name": ""}, ("missing", "name")),
        ({"class": "D"}, ("bad_choice", "class")),
        ({"latitude": "91"}, ("too_large", "latitude")),
        ({"longitude": ""}, ("position_incomplete", "latitude")),
        ({"employees": "-1"}, ("negative", "employees")),
        ({"founded_on": "1998"}, ("bad_date", "founded_on")),
    ],
)
def test_client_roster_refuses_bad_rows(roster, change, problem):
    done = load([roster | {"client_code": "OK"}, roster | change], kind="clients")

    assert (done.loaded, problems(done)) == (1, {problem: [3]})


def test_client_roster_takes_a_code_once(roster):
    done = load([roster, roster | {"name": "另一个"}], kind="clients")

    assert (done.loaded, problems(done)) == (1, {("duplicate", "client_code"): [3]})
    assert Client.objects.get().name == "新集团"


def test_client_without_unit_goes_to_its_managers(roster, manager, units, operations):
    load([roster | {"unit_code": ""}], kind="clients", by=operations)

    assert Client.objects.get().unit == units.team_1


def test_old_client_stays_in_its_unit(roster, outsider, units, province):
    client = ClientFactory(code="N1", unit=units.team_2)

    load([roster | {"unit_code": ""}], kind="clients", by=province)

    client.refresh_from_db()
    assert client.unit == units.team_2


CONTACT = {
    "client_code": "C1",
    "name": "王芳",
    "title": "办公室主任",
    "department": "办公室",
    "mobile": "139 0000 0001".replace(" ", ""),
    "phone": "0451-8888888",
    "email": "wang@example.com",
    "buying_roles": "决策者、使用者",
    "kind": "单位负责人",
    "birthday": "L08-15",
    "personality": "分析型",
}


@pytest.mark.rule("CON-20")
def test_contact_roster_makes_contacts_with_lunar_birthdays(clients):
    done = load([CONTACT], kind="contacts")

    assert (done.state, done.loaded) == ("loaded", 1)
    contact = Contact.objects.get()
    assert (contact.client, contact.name, contact.title, contact.department) == (
        clients[0], "王芳", "办公室主任", "办公室",
    )  # fmt: skip
    assert (contact.kind, contact.buying_roles, contact.personality) == (
        "in_charge", ["decider", "user"], "analytical",
    )  # fmt: skip
    assert (contact.mobile, contact.phone, contact.email) == (
        "13900000001", "0451-8888888", "wang@example.com",
    )  # fmt: skip
    assert (contact.birthday, contact.is_lunar_birthday) == ("L08-15", True)
    assert Contact.objects.matching("wf").exists()


def test_contact_roster_changes_the_contact_of_that_name_and_mobile(clients):
    load([CONTACT], kind="contacts")

    load([CONTACT | {"title": "主任", "department": "", "birthday": "1975-08-15"}], kind="contacts")

    contact = Contact.objects.get()
    assert (contact.title, contact.department, contact.birthday) == ("主任", "办公室", "1975-08-15")


def test_contact_roster_without_year_forgets_the_old_year(clients):
    load([CONTACT | {"birthday": "1975-08-15"}], kind="contacts")

    load([CONTACT | {"birthday": "L09-01"}], kind="contacts")

    assert Contact.objects.get().birthday == "L09-01"


def test_contact_roster_refuses_bad_rows(clients):
    done = load(
        [
            CONTACT,
            CONTACT,
            CONTACT | {"client_code": "NOBODY"},
            CONTACT | {"name": ""},
            CONTACT | {"name": "李", "birthday": "02-30"},
            CONTACT | {"name": "李", "email": "x"},
            CONTACT | {"name": "李", "buying_roles": "决策者、?"},
        ],
        kind="contacts",
    )

    assert done.loaded == 1
    assert problems(done) == {
        ("duplicate", "name"): [3],
        ("unknown_client", "client_code"): [4],
        ("missing", "name"): [5],
        ("bad_birthday", "birthday"): [6],
        ("bad_email", "email"): [7],
        ("bad_choice", "buying_roles"): [8],
    }


def test_rosters_are_audited(roster, operations):
    client = ClientFactory(code="N1", name="旧名", unit=operations.unit)

    load([roster], kind="clients", by=operations)

    events = client.events.order_by("pgh_id")
    assert list(events.values_list("name", flat=True)) == ["旧名", "新集团"]
    assert events.last().pgh_context.metadata == {
        "verb": "analytics.run_import",
        "actor": operations.pk,
    }


# Properties -------------------------------------------------------------------------------------

FAULTS = {
    "msisdn": ["", "1.38E+10", "123"],
    "period": ["", "2026-13", "x"],
    "client_code": ["", "NOBODY", "X" * 40],
    "status": ["", "?"],
    "total": ["", "1.234", "abc", "99999999999"],
    "discount": ["-1", "x"],
    "joined_on": ["2026-02-30"],
}
FORMS = {
    "period": ["2026-06", "202606", "2026年6月", "２０２６－０６"],
    "status": ["active", "正常", "停机", "PRE_CHURN"],
    "joined_on": ["", "2020-01-31", "2020/1/31", "20200131"],
    "discount": ["", "0", "0.50"],
}


@st.composite
def bill_rows(draw):
    """(row, whether it is good) - a number appears once, money in many forms."""
    rows = []
    for n in draw(st.lists(st.integers(1, 10**6), unique=True, min_size=1, max_size=25)):
        yuan = Decimal(draw(st.integers(-(10**8), 10**8))) / 100
        form = draw(st.sampled_from(["{:.2f}", "{:,.2f}", "¥{:.2f}", " {:.2f} "]))
        line = row(n, draw(st.sampled_from(["C1", "C2"])), total=form.format(yuan))
        line |= {name: draw(st.sampled_from(values)) for name, values in FORMS.items()}
        fault = draw(st.sampled_from([None, None, *FAULTS]))
        if fault:
            line[fault] = draw(st.sampled_from(FAULTS[fault]))
        rows.append((line, None if fault else yuan))
    return rows


@pytest.mark.rule("P11")
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=bill_rows())
def test_loaded_and_quarantined_make_what_was_read(clients, rows):
    wanted = {int(line["msisdn"]): int(yuan * 100) for line, yuan in rows if yuan is not None}
    MemberBill.objects.all().delete()

    done = load(csv_text([line for line, _ in rows], delimiter=";"))

    assert (done.state, done.rows, done.loaded) == ("loaded", len(rows), len(wanted))
    assert done.loaded + done.quarantined == done.rows
    assert {msisdn: total for msisdn, (_, total) in bills().items()} == wanted
    assert done.total == Decimal(sum(wanted.values())) / 100
    assert len(quarantine(done)) - 1 == done.quarantined if done.quarantined else True
