"""Payments, handled business and daily usage from the file to the tables."""

from datetime import date, time
from decimal import Decimal

import pytest

from accounts.models import Member
from analytics.importing import records
from analytics.models import BusinessHandling, DailyUsage, Payment
from tests.analytics.billing_files import (
    chinese,
    csv_text,
    load,
    number,
    problems,
    quarantine,
    xlsx,
)
from tests.analytics.draft_files import confirmed, loaded, looked_at
from tests.analytics.record_rows import (
    GOOD,
    HANDLING,
    MODELS,
    PAYMENT,
    USAGE,
    VARIED,
    current,
    every_kind,
    stored,
)
from tests.factories.accounts import MemberFactory

pytestmark = pytest.mark.django_db


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
