"""Every form a number in a cell may have, and the exact complaint about every other."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.importing import cells
from tests.analytics.cell_complaints import complaint


@pytest.mark.parametrize(
    "text",
    [
        "13800000001",
        "１３８０００００００１",
        " 13800000001 ",
        "138 0000 0001",
        "\ufeff13800000001",
    ],
)
def test_msisdn_reads(text):
    assert cells.msisdn(text) == 13_800_000_001


@pytest.mark.parametrize(
    "text", ["1.38E+10", "1.38e10", "1.38E+010", "13E9", "１．３８Ｅ＋１０", "+1.38E+10"]
)
def test_msisdn_in_scientific_notation_is_named_as_such(text):
    assert complaint(cells.msisdn, text) == "scientific"


@pytest.mark.parametrize(
    "text",
    [
        "1380000000",
        "138000000011",
        "23800000001",
        "03800000001",
        "1380000000x",
        "+8613800000001",
        "138-0000-0001",
        "13800000001.0",
        "-13800000001",
        "１３８０００",
        "١٣٨٠٠٠٠٠٠٠١",
    ],
)
def test_msisdn_refuses(text):
    assert complaint(cells.msisdn, text) == "bad_number"


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("0", 0),
        ("-0", 0),
        ("12", 1200),
        ("12.", 1200),
        ("12.3", 1230),
        ("12.34", 1234),
        ("12.340", 1234),
        ("12.3400000", 1234),
        ("-12.34", -1234),
        ("+12.34", 1234),
        ("－12.34", -1234),
        ("¥12.34", 1234),
        ("￥12.34", 1234),
        ("-¥12.34", -1234),
        ("¥-12.34", -1234),
        ("¥ 1,234.50", 123450),
        (".5", 50),
        ("-.05", -5),
        ("1,234,567.89", 123456789),
        ("１，２３４．５０", 123450),
        ("1 234.50", 123450),
        (" 12.34 ", 1234),
        ("12.34元", 1234),
        ("007.10", 710),
        ("21474836.47", 2_147_483_647),
        ("-21474836.47", -2_147_483_647),
    ],
)
def test_money_reads_exact_fen(text, fen):
    assert cells.money(text) == fen


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12.345", "too_many_decimals"),
        ("0.001", "too_many_decimals"),
        ("21474836.48", "too_large"),
        ("99999999999", "too_large"),
        ("1.38E+10", "scientific"),
        ("1e3", "scientific"),
        ("1,23", "bad_money"),
        ("1,2345.00", "bad_money"),
        ("12,34.5", "bad_money"),
        ("1.234,50", "bad_money"),
        ("--5", "bad_money"),
        ("5-", "bad_money"),
        ("abc", "bad_money"),
        ("¥", "bad_money"),
        ("$5", "bad_money"),
        ("nan", "bad_money"),
        ("inf", "bad_money"),
        ("(5.00)", "bad_money"),
        ("5%", "bad_money"),
    ],
)
def test_money_refuses(text, code):
    assert complaint(cells.money, text) == code


@given(st.integers(-2_147_483_647, 2_147_483_647))
def test_money_reads_what_was_written_in_every_dress(fen):
    yuan = Decimal(fen) / 100

    for text in (
        f"{yuan:.2f}",
        f"{yuan:,.2f}",
        f"¥{yuan:,.2f}",
        f"{yuan:.2f}".translate(FULL_WIDTH),
    ):
        assert cells.money(text) == fen


FULL_WIDTH = {ord(plain): ord(plain) + 0xFEE0 for plain in "0123456789.,-"}


def test_large_money_goes_on_where_money_ends():
    assert cells.large_money("999,999,999,999.99") == 99_999_999_999_999
    assert complaint(cells.large_money, "1,000,000,000,000.00") == "too_large"


def test_money_not_negative_says_so():
    assert cells.money_not_negative("12.34") == 1234
    assert complaint(cells.money_not_negative, "-0.01") == "negative"


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("1,234", 1234), ("１２", 12), ("-5", -5), ("7.00", 7), ("1 000", 1000), ("+3", 3)],
)
def test_integer_reads(text, value):
    assert cells.integer(text) == value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.5", "bad_integer"),
        ("x", "bad_integer"),
        ("1e3", "bad_integer"),
        ("2147483648", "too_large"),
    ],
)
def test_integer_refuses(text, code):
    assert complaint(cells.integer, text) == code


def test_count_is_not_negative():
    assert cells.count("12") == 12
    assert complaint(cells.count, "-1") == "negative"


@pytest.mark.parametrize(
    ("text", "expected"),
    [("12", "12.00"), ("1,234.5", "1234.50"), (".5", "0.50"), ("0.125", "0.12"), ("-0", "0.00")],
)
def test_quantity_reads(text, expected):
    assert str(cells.quantity(2, 10_000)(text)) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x", "bad_decimal"),
        ("1.2E+3", "bad_decimal"),
        ("-0.01", "negative"),
        ("9999.999", "too_large"),
        ("9" * 5000, "too_large"),
    ],
)
def test_quantity_refuses(text, code):
    assert complaint(cells.quantity(2, 10_000), text) == code


def test_degrees_keep_six_decimals_within_their_limit():
    parse = cells.degrees(90)

    assert parse("45.8038012") == Decimal("45.803801")
    assert parse("-90") == Decimal(-90)
    assert complaint(parse, "90.000001") == "too_large"
    assert complaint(parse, "45°48′") == "bad_decimal"
