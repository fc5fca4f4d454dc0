"""Rows of a bill file: what is kept, what is quarantined, to the cent."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Client
from analytics.models import ClientMonth, MemberBill
from staff.models import Notification
from tests.analytics.billing_files import (
    JULY,
    JUNE,
    MAY,
    NOW,
    bills,
    chinese,
    csv_text,
    load,
    load_month,
    number,
    problems,
    quarantine,
    row,
    warnings,
)

pytestmark = pytest.mark.django_db


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
