"""Payments, handled business and daily usage from the file to the tables."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from accounts.models import Client, Member
from analytics.exceptions import CannotUndo
from analytics.importing import records
from analytics.models import BusinessHandling, DailyUsage, Payment
from analytics.selectors.undoing import consequences_of_undo
from analytics.services import undo
from tests.analytics.billing_files import (
    NOW,
    chinese,
    csv_text,
    load,
    load_month,
    number,
    problems,
    quarantine,
    row,
    warnings,
    xlsx,
)
from tests.analytics.draft_files import confirmed, loaded, looked_at
from tests.factories.accounts import MemberFactory
from tests.factories.analytics import DailyUsageFactory, PaymentFactory
from tests.factories.staff import UserFactory

pytestmark = pytest.mark.django_db

PAYMENT = {
    "no": "18",
    "number": str(number(1)),
    "serial_number": "",
    "operation_type": "实时划账",
    "amount": "¥150.00",
    "payment_method": "划账",
    "operation_time": "2026-06-12",
}
HANDLING = {
    "no": "1",
    "number": str(number(1)),
    "operation_type": "改服务方法",
    "amount": "",
    "operation_time": "2026-06-12 09:30",
    "payment_method": "现金",
    "place": "中心营业厅",
}
USAGE = {
    "number": str(number(1)),
    "day": "2026-06-30",
    "voice_minutes": "12.5",
    "data_mb": "1,024.125",
    "sms": "3",
}
GOOD = {"payments": PAYMENT, "handlings": HANDLING, "usage": USAGE}
MODELS = {"payments": Payment, "handlings": BusinessHandling, "usage": DailyUsage}
# The column that makes the n-th good row another one.
VARIED = {
    "payments": lambda n: PAYMENT | {"amount": f"{n}.00"},
    "handlings": lambda n: HANDLING | {"operation_type": f"package {n}"},
    "usage": lambda n: USAGE | {"day": f"2026-06-{n:02}"},
}
every_kind = pytest.mark.parametrize("kind", GOOD)


@pytest.fixture
def members(clients) -> list[Member]:
    """Numbers 1 and 2 of C1, 3 of C2."""
    return [
        MemberFactory(client=client, msisdn=number(n))
        for n, client in ((1, clients[0]), (2, clients[0]), (3, clients[1]))
    ]


def stored(kind: str) -> list[dict]:
    """Rows without the numbers that differ from load to load."""
    rows = MODELS[kind].objects.order_by("member__msisdn", "line").values()
    return [
        {k: v for k, v in each.items() if k not in ("id", "import_number", "line")} for each in rows
    ]


@pytest.mark.rule("ANA-11", "ARC-F27")
def test_payments_are_kept(members):
    done = load(
        [
            PAYMENT,
            PAYMENT | {"number": str(number(3)), "operation_type": "settlement", "amount": "-3",
                       "payment_method": "", "serial_number": " A1 ",
                       "operation_time": "20260613140509"},
            PAYMENT | {"operation_type": "改付款"},
            PAYMENT | {"operation_type": "帐户收费", "payment_method": "collection"},
        ],
        kind="payments",
    )  # fmt: skip

    assert (done.state, done.rows, done.loaded, done.ignored_columns) == ("loaded", 4, 4, [])
    fields = ("member__msisdn", "operated_on", "operated_time", "operation_type", "amount",
              "serial_number", "payment_method", "import_number", "line")  # fmt: skip
    june = date(2026, 6, 12)
    assert list(Payment.objects.order_by("line").values_list(*fields)) == [
        (number(1), june, None, "transfer", Decimal("150.00"), "", 2, done.number, 2),
        (number(3), date(2026, 6, 13), time(14, 5, 9), "settlement", Decimal("-3.00"), "A1", 0,
         done.number, 3),
        (number(1), june, None, "change", Decimal("150.00"), "", 2, done.number, 4),
        (number(1), june, None, "charge", Decimal("150.00"), "", 3, done.number, 5),
    ]  # fmt: skip


@pytest.mark.rule("ANA-10", "ARC-F26")
def test_handlings_are_kept(members):
    done = load([HANDLING, HANDLING | {"amount": "20"}], kind="handlings")

    assert (done.state, done.loaded) == ("loaded", 2)
    fields = ("operated_time", "operation_type", "amount", "payment_method", "place", "line")
    assert list(BusinessHandling.objects.order_by("line").values_list(*fields)) == [
        (time(9, 30), "改服务方法", None, 1, "中心营业厅", 2),
        (time(9, 30), "改服务方法", Decimal("20.00"), 1, "中心营业厅", 3),
    ]


@pytest.mark.rule("ANA-03")
def test_usage_is_kept(members):
    done = load([USAGE, USAGE | {"number": str(number(3)), "sms": "", "data_mb": "0"}],
                kind="usage")  # fmt: skip

    assert (done.state, done.loaded) == ("loaded", 2)
    fields = ("member__msisdn", "day", "voice_minutes", "data_mb", "sms", "import_number")
    day = date(2026, 6, 30)
    assert list(DailyUsage.objects.order_by("line").values_list(*fields)) == [
        (number(1), day, Decimal("12.50"), Decimal("1024.125"), 3, done.number),
        (number(3), day, Decimal("12.50"), Decimal("0.000"), 0, done.number),
    ]


@pytest.mark.rule("P13")
@every_kind
def test_chinese_headers_and_workbooks_give_the_same_rows(members, kind):
    rows = [GOOD[kind], VARIED[kind](7)]
    load(rows, kind=kind)
    english = stored(kind)
    MODELS[kind].objects.all().delete()

    load(chinese(csv_text(rows), kind).encode("gb18030"), kind=kind)
    assert stored(kind) == english
    MODELS[kind].objects.all().delete()

    load(xlsx([list(rows[0]), *(list(each.values()) for each in rows)]), kind=kind)
    assert stored(kind) == english


def test_native_cells_of_a_workbook_are_read(members):
    load(xlsx([list(USAGE), [number(1), date(2026, 6, 30), 12.5, 1024.125, 3]]), kind="usage")

    assert stored("usage")[0]["data_mb"] == Decimal("1024.125")


@every_kind
def test_only_optional_columns_may_be_absent(members, kind):
    needed = {
        "payments": ("number", "operation_type", "amount", "operation_time"),
        "handlings": ("number", "operation_type", "operation_time"),
        "usage": ("number", "day", "voice_minutes", "data_mb"),
    }[kind]
    done = load(csv_text([GOOD[kind]], needed), kind=kind)
    assert (done.state, done.loaded) == ("loaded", 1)

    for left_out in needed:
        columns = [name for name in needed if name != left_out]
        assert load(csv_text([GOOD[kind]], columns), kind=kind).error_code == "missing_columns"


@pytest.mark.rule("P10")
@every_kind
def test_the_same_file_twice_changes_nothing(members, kind):
    lines = [VARIED[kind](n) for n in range(1, 6)]
    load(lines, kind=kind)
    before = current(kind)

    again = load(lines, kind=kind)

    assert (again.state, again.rows, again.quarantined, again.replaced) == ("loaded", 5, 0, 5)
    assert again.loaded == (5 if kind == "usage" else 0)
    assert current(kind) == before


def current(kind: str) -> list[dict]:
    if kind != "usage":
        return stored(kind)
    rows = DailyUsage.objects.current().order_by("member", "day")
    return list(rows.values("member", "day", "voice_minutes", "data_mb", "sms"))


@every_kind
def test_a_later_file_adds_what_is_new(members, kind):
    load([VARIED[kind](1), VARIED[kind](2)], kind=kind)

    later = load([VARIED[kind](2), VARIED[kind](3)], kind=kind)

    assert later.replaced == 1
    assert len(current(kind)) == 3


@every_kind
def test_repeated_row_of_one_file_goes_to_the_quarantine(members, kind, monkeypatch):
    monkeypatch.setattr(records, "BATCH", 2)
    lines = [VARIED[kind](1), VARIED[kind](1), VARIED[kind](2), VARIED[kind](1)]

    done = load(lines, kind=kind)

    assert (done.rows, done.loaded, done.quarantined, done.replaced) == (4, 2, 2, 0)
    assert problems(done) == {("duplicate", "number"): [3, 5]}


@every_kind
def test_rows_without_a_member_go_to_the_quarantine(members, kind):
    done = load(
        [
            GOOD[kind],
            GOOD[kind] | {"number": str(number(9))},
            GOOD[kind] | {"number": "1.38E+10"},
            VARIED[kind](2) | {"client_code": "C1"},
            VARIED[kind](3) | {"client_code": "C2"},
            VARIED[kind](4) | {"client_code": "NOBODY"},
        ],
        kind=kind,
    )

    assert (done.rows, done.loaded, done.quarantined) == (6, 2, 4)
    assert problems(done) == {
        ("unknown_member", "number"): [3],
        ("scientific", "number"): [4],
        ("other_client", "client_code"): [6, 7],
    }


@pytest.mark.rule("P1")
@every_kind
def test_members_of_others_are_unknown(own_client, foreign_client, operations, kind):
    MemberFactory(client=own_client, msisdn=number(1))
    MemberFactory(client=foreign_client, msisdn=number(2))

    done = load([GOOD[kind], GOOD[kind] | {"number": str(number(2))}], kind=kind, by=operations)

    assert (done.loaded, problems(done)) == (1, {("unknown_member", "number"): [3]})


@pytest.mark.rule("P14")
@every_kind
def test_corrected_quarantine_finishes_the_job(members, kind):
    done = load([VARIED[kind](1), VARIED[kind](2) | {"number": "x"}], kind=kind)
    header, bad = quarantine(done)
    corrected = [str(number(3)) if cell == "x" else cell for cell in bad]

    load(csv_text([dict(zip(header, corrected, strict=True))]), kind=kind)

    assert sorted(MODELS[kind].objects.values_list("member__msisdn", flat=True)) == [
        number(1), number(3),
    ]  # fmt: skip


@pytest.mark.rule("ANA-13")
def test_faults_of_payments_are_line_errors(members):
    faults = {
        ("no_year", "operation_time"): {"operation_time": "-12-23"},
        ("bad_time", "operation_time"): {"operation_time": "2026-06-12 25:00"},
        ("bad_date", "operation_time"): {"operation_time": "yesterday"},
        ("missing", "operation_time"): {"operation_time": ""},
        ("bad_choice", "operation_type"): {"operation_type": "退款"},
        ("bad_choice", "payment_method"): {"payment_method": "支票"},
        ("bad_money", "amount"): {"amount": "free"},
        ("missing", "amount"): {"amount": ""},
        ("too_many_decimals", "amount"): {"amount": "1.005"},
        ("too_long", "serial_number"): {"serial_number": "x" * 65},
    }
    done = load([PAYMENT, *(PAYMENT | fault for fault in faults.values())], kind="payments")

    assert (done.loaded, done.quarantined) == (1, len(faults))
    assert problems(done) == {fault: [line] for line, fault in enumerate(faults, start=3)}


def test_faults_of_handlings_are_line_errors(members):
    done = load(
        [HANDLING | {"operation_type": "x" * 65}, HANDLING | {"place": "x" * 101}], kind="handlings"
    )

    assert problems(done) == {("too_long", "operation_type"): [2], ("too_long", "place"): [3]}


def test_faults_of_usage_are_line_errors(members):
    faults = {
        ("future_day", "day"): {"day": "2026-07-04"},
        ("bad_date", "day"): {"day": "30"},
        ("negative", "voice_minutes"): {"voice_minutes": "-1"},
        ("bad_decimal", "data_mb"): {"data_mb": "much"},
        ("missing", "data_mb"): {"data_mb": ""},
        ("too_large", "voice_minutes"): {"voice_minutes": "1000000"},
        ("bad_integer", "sms"): {"sms": "1.5"},
    }
    done = load([USAGE | {"day": "2026-07-03"}, *(USAGE | fault for fault in faults.values())],
                kind="usage")  # fmt: skip

    assert done.loaded == 1
    assert problems(done) == {fault: [line] for line, fault in enumerate(faults, start=3)}


def test_odd_texts_survive(members):
    odd = ["\\N", "\\.", 'a "b"', "two\nlines", "'=1+1", ";"]
    rows = [HANDLING | {"operation_type": text, "place": text} for text in odd]

    load(rows, kind="handlings")

    places = BusinessHandling.objects.order_by("line").values_list("operation_type", "place")
    assert list(places) == [(text.removeprefix("'"), text.removeprefix("'")) for text in odd]


# Settlements ------------------------------------------------------------------------------------


def settled(*lines: tuple[str, str, str], n: int = 1) -> list[dict[str, str]]:
    return [
        PAYMENT
        | {"number": str(number(n)), "operation_type": kind, "amount": amount,
           "operation_time": when}
        for kind, amount, when in lines
    ]  # fmt: skip


@pytest.mark.rule("ANA-12")
def test_settlements_of_the_handbook(members):
    done = load(
        settled(
            ("transfer", "¥150.00", "2026-05-20"),
            ("charge", "¥6.90", "2026-05-20"),
            ("settlement", "¥156.90", "2026-05-20"),
            ("transfer", "¥234.00", "2026-06-20"),
            ("charge", "¥3.00", "2026-06-20"),
            ("settlement", "¥236.00", "2026-06-20"),
        ),
        kind="payments",
    )

    assert (done.loaded, done.quarantined, done.warnings) == (6, 0, 1)
    assert warnings(done) == {("settlement_differs", "amount"): [7]}


@pytest.mark.rule("ANA-12")
@pytest.mark.rule("ANA-13")
def test_settlements_are_compared_in_order_of_time_not_of_lines(members):
    lines = settled(
        ("settlement", "10.00", "2026-06-20 12:00"),
        ("charge", "4.00", "2026-06-20 09:00"),
        ("charge", "9.00", "2026-06-20 12:01"),
        ("transfer", "6.00", "2026-06-19"),
        ("change", "99.00", "2026-06-19"),
        ("settlement", "8.00", "2026-06-18"),
        ("charge", "8.00", "2026-06-18"),
    )

    assert warnings(load(lines, kind="payments")) == {}


@pytest.mark.rule("ANA-12")
def test_what_was_paid_may_have_come_with_an_earlier_file(members):
    load(settled(("transfer", "5.00", "2026-06-01")), kind="payments")

    good = load(settled(("settlement", "5.00", "2026-06-30")), kind="payments")
    bad = load(settled(("charge", "5.00", "2026-07-01"), ("settlement", "5.01", "2026-07-02")),
               kind="payments")  # fmt: skip

    assert warnings(good) == {}
    assert warnings(bad) == {("settlement_differs", "amount"): [3]}


@pytest.mark.rule("ANA-12")
def test_settlement_is_compared_with_its_own_number_and_not_with_nothing(members):
    lines = [
        *settled(("transfer", "5.00", "2026-06-01"), n=1),
        *settled(("settlement", "7.00", "2026-06-02"), n=2),
        *settled(("change", "1.00", "2026-06-01"), ("settlement", "7.00", "2026-06-02"), n=3),
    ]

    assert warnings(load(lines, kind="payments")) == {}


# The rolling window -----------------------------------------------------------------------------


def days() -> list[str]:
    return [
        f"{day:%m-%d}" for day in DailyUsage.objects.order_by("day").values_list("day", flat=True)
    ]


@pytest.mark.rule("ANA-03")
def test_days_before_the_window_are_dropped(members):
    load([USAGE | {"day": day} for day in ("2026-05-30", "2026-05-31", "2026-06-01")], kind="usage")
    assert days() == ["05-30", "05-31", "06-01"]

    load([USAGE], kind="usage")

    assert days() == ["05-31", "06-01", "06-30"]


@pytest.mark.rule("ANA-03")
def test_days_of_the_file_before_the_window_are_told(members, settings):
    settings.USAGE_DAYS = 2

    done = load([USAGE | {"day": f"2026-06-{n}"} for n in (26, 27, 28, 29, 30)], kind="usage")

    assert (done.rows, done.loaded, done.quarantined, done.warnings) == (5, 3, 0, 2)
    assert warnings(done) == {("too_old", "day"): [2, 3]}
    assert days() == ["06-28", "06-29", "06-30"]


@pytest.mark.rule("ANA-03")
def test_the_newest_import_counts_and_without_it_the_one_before(members):
    load([USAGE], kind="usage")
    newer = load([USAGE | {"voice_minutes": "99"}], kind="usage")
    assert [each["voice_minutes"] for each in current("usage")] == [Decimal("99.00")]

    DailyUsage.objects.filter(import_number=newer.number).delete()

    assert [each["voice_minutes"] for each in current("usage")] == [Decimal("12.50")]


# Undoing ----------------------------------------------------------------------------------------


def undone(done):
    ordered = undo.request_undo(billing_import=done, now=NOW, by=UserFactory(role="operations"))
    return undo.run_undo(ordered, now=NOW)


@pytest.mark.rule("P12")
@every_kind
def test_an_undone_import_leaves_what_was_before(members, kind):
    load([VARIED[kind](1)], kind=kind)
    before = current(kind)
    done = load([VARIED[kind](n) for n in (1, 2, 3)], kind=kind)

    assert undone(done).state == "undone"
    assert current(kind) == before


@pytest.mark.rule("P12")
@pytest.mark.parametrize("kind", ["payments", "handlings"])
def test_an_import_whose_lines_came_again_is_undone_after_the_later_one(members, kind):
    first = load([VARIED[kind](1)], kind=kind)
    again = load([VARIED[kind](1), VARIED[kind](2)], kind=kind)

    with pytest.raises(CannotUndo) as caught:
        undone(first)
    assert caught.value.code == "undo_newer_first"
    assert consequences_of_undo(again, UserFactory()).rows_back == 0

    undone(again)
    undone(first)
    assert current(kind) == []


@pytest.mark.rule("P12")
def test_undone_usage_counts_the_rows_that_come_back(members):
    load([USAGE], kind="usage")
    newer = load([USAGE, USAGE | {"number": str(number(3))}], kind="usage")

    found = consequences_of_undo(newer, UserFactory())

    assert (found.rows, found.rows_back) == (2, 1)


@pytest.mark.rule("P12")
def test_a_client_whose_member_has_records_stays(db):
    done = load_month([row(1), row(2, client="C2")])
    load([PAYMENT], kind="payments")

    assert undone(done).state == "undone"

    assert list(Client.objects.values_list("code", flat=True)) == ["C1"]
    assert stored("payments")


# Many rows --------------------------------------------------------------------------------------


@pytest.mark.rule("P16")
@every_kind
def test_queries_grow_with_batches_not_with_rows(
    members, kind, monkeypatch, django_assert_max_num_queries
):
    MemberFactory.create_batch(20)
    numbers = Member.objects.values_list("msisdn", flat=True)
    lines = [VARIED[kind](n) | {"number": str(m)} for m in numbers for n in range(1, 11)]
    monkeypatch.setattr(records, "BATCH", 100)

    with django_assert_max_num_queries(60):
        done = load(lines, kind=kind)

    assert done.loaded == len(lines) == 230


@every_kind
def test_a_dry_run_counts_and_writes_nothing(operations, own_client, kind):
    MemberFactory(client=own_client, msisdn=number(1))
    lines = [VARIED[kind](1), VARIED[kind](1), VARIED[kind](2)]

    draft = looked_at(csv_text(lines), by=operations)
    assert draft.kind == kind
    draft = confirmed(draft)

    assert (draft.state, draft.preview["rows"], draft.preview["good"]) == ("ready", 3, 2)
    assert not MODELS[kind].objects.exists()

    assert loaded(draft).loaded == MODELS[kind].objects.count() == 2


@every_kind
def test_a_refused_file_leaves_nothing(members, kind):
    text = csv_text([GOOD[kind]]).encode() + "Ä\n".encode("latin-1") * 3 + b"\xff\xff\n"

    done = load("﻿".encode() + text, kind=kind)

    assert (done.state, done.error_code) == ("failed", "undecodable")
    assert not MODELS[kind].objects.exists()


# Members ----------------------------------------------------------------------------------------


def test_a_number_with_records_stays_when_its_bills_go(db):
    load_month([row(n) for n in range(1, 8)])
    DailyUsageFactory(member=Member.objects.get(msisdn=number(5)))
    PaymentFactory(member=Member.objects.get(msisdn=number(6)))

    load_month([row(n) for n in range(1, 5)])
    assert len(stored("payments")) == len(stored("usage")) == 1

    left = set(Member.objects.values_list("msisdn", flat=True))
    assert left == {number(n) for n in (1, 2, 3, 4, 5, 6)}


def test_today_is_the_operators_day(members):
    late = datetime(2026, 7, 3, 17, tzinfo=UTC)  # already 4 July in Beijing

    assert load([USAGE | {"day": "2026-07-04"}], kind="usage", now=late).loaded == 1
    assert load([USAGE | {"day": "2026-07-05"}], kind="usage", now=late).loaded == 0
