"""Every form a cell may have, and the exact complaint about every other."""

from datetime import date, time
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accounts.choices import BuyingRole, MemberStatus, PaymentMethod, Tier
from analytics.importing import cells, columns
from analytics.importing.cells import Birthday
from analytics.importing.checking import read_cell
from analytics.importing.columns import Column
from analytics.importing.problems import ROW_PROBLEMS, CellError
from crm.lib.filters import month_from
from crm.lib.spreadsheets import neutral, restored

PARSERS = [
    cells.period,
    cells.msisdn,
    cells.money,
    cells.large_money,
    cells.money_not_negative,
    cells.integer,
    cells.count,
    cells.day,
    cells.moment,
    cells.birthday,
    cells.degrees(90),
    cells.quantity(2, 1000),
    cells.ignored,
    cells.text(20),
    cells.code(20),
    cells.email,
    cells.choice(columns.STATUSES),
    cells.choices(columns.BUYING_ROLES),
]


def complaint(parse, text: str) -> str:
    with pytest.raises(CellError) as caught:
        parse(text)
    return caught.value.code


@pytest.mark.parametrize(
    "text",
    [
        "2026-05",
        "202605",
        "2026年5月",
        "2026年05月",
        "2026/05",
        "2026/5",
        "2026.5",
        "2026-5",
        "２０２６－０５",
        "２０２６年５月",
        " 2026-05 ",
        "\ufeff2026-05",
        "2026-05-01",
        "2026-05-01 00:00:00",
    ],
)
def test_period_reads(text):
    assert cells.period(text) == date(2026, 5, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2026",
        "2026-13",
        "2026-00",
        "202613",
        "26-05",
        "2026-05-31",
        "05/2026",
        "May 2026",
        "1989-12",
        "2101-01",
        "2026-05x",
        "二〇二六年五月",
        "-",
    ],
)
def test_period_refuses(text):
    assert complaint(cells.period, text) == "bad_period"


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
    "text",
    [
        "2026-05-31",
        "2026/5/31",
        "2026.05.31",
        "20260531",
        "2026年5月31日",
        "２０２６－０５－３１",
        "2026-05-31 00:00:00",
        "2026-05-31T08:30",
        "2026-05-31 08:30:15.123",
    ],
)
def test_day_reads(text):
    assert cells.day(text) == date(2026, 5, 31)


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2026-13-01", "2026-06-31", "31.05.2026", "2026", "46173", "0000-01-01"]
)
def test_day_refuses(text):
    assert complaint(cells.day, text) == "bad_date"


@pytest.mark.rule("CON-20")
@pytest.mark.rule("ANA-13")
@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-05-31", None),
        ("20260531", None),
        ("2026年5月31日", None),
        ("2026-05-31 14:05", time(14, 5)),
        ("2026/5/31 4:05:09", time(4, 5, 9)),
        ("2026年5月31日 14:05", time(14, 5)),
        ("2026-05-31T14:05:09.123", time(14, 5, 9)),
        ("20260531140509", time(14, 5, 9)),
        ("２０２６－０５－３１　１４：０５", time(14, 5)),
        ("2026-05-31 00:00", time(0, 0)),
    ],
)
def test_moment_reads(text, at):
    assert cells.moment(text) == (date(2026, 5, 31), at)


@pytest.mark.rule("ANA-13")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("12-23", "no_year"),
        ("-12-23", "no_year"),
        ("12/23 14:05", "no_year"),
        ("12月23日", "no_year"),
        ("2026-02-30", "bad_date"),
        ("1026-05-31", "bad_date"),
        ("2026-05", "bad_date"),
        ("14:05", "bad_date"),
        ("2026-05-31 noon", "bad_date"),
        ("2026-05-31 24:05", "bad_time"),
        ("20260531146009", "bad_time"),
    ],
)
def test_moment_refuses(text, code):
    assert complaint(cells.moment, text) == code


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


@pytest.mark.parametrize(
    ("text", "birthday"),
    [
        ("1975-08-15", Birthday(1975, 8, 15, is_lunar=False)),
        ("08-15", Birthday(None, 8, 15, is_lunar=False)),
        ("8-15", Birthday(None, 8, 15, is_lunar=False)),
        ("8月15日", Birthday(None, 8, 15, is_lunar=False)),
        ("1975年8月15日", Birthday(1975, 8, 15, is_lunar=False)),
        ("1975/8/15", Birthday(1975, 8, 15, is_lunar=False)),
        ("1975-08-15 00:00:00", Birthday(1975, 8, 15, is_lunar=False)),
        ("02-29", Birthday(None, 2, 29, is_lunar=False)),
        ("L08-15", Birthday(None, 8, 15, is_lunar=True)),
        ("l08-15", Birthday(None, 8, 15, is_lunar=True)),
        ("Ｌ０８－１５", Birthday(None, 8, 15, is_lunar=True)),
        ("L1975-08-15", Birthday(1975, 8, 15, is_lunar=True)),
        # A lunar month of 30 days exists in months where the sun's calendar has none.
        ("L02-30", Birthday(None, 2, 30, is_lunar=True)),
    ],
)
def test_birthday_reads(text, birthday):
    assert cells.birthday(text) == birthday


@pytest.mark.parametrize(
    "text",
    ["02-30", "1975-02-29", "13-01", "L13-01", "L08-31", "08-00", "L", "15", "0815", "X08-15"],
)
def test_birthday_refuses(text):
    assert complaint(cells.birthday, text) == "bad_birthday"


def test_degrees_keep_six_decimals_within_their_limit():
    parse = cells.degrees(90)

    assert parse("45.8038012") == Decimal("45.803801")
    assert parse("-90") == Decimal(-90)
    assert complaint(parse, "90.000001") == "too_large"
    assert complaint(parse, "45°48′") == "bad_decimal"


def test_text_keeps_inner_form_and_refuses_what_cannot_be_printed():
    parse = cells.text(5)

    assert parse("  ＡＢ 中 ") == "ＡＢ 中"
    assert complaint(parse, "123456") == "too_long"
    assert complaint(parse, "a\x00b") == "control_character"
    assert complaint(parse, "a\x1fb") == "control_character"


def test_code_makes_full_width_ordinary():
    assert cells.code(8)("　ＺＪ－００１ ") == "ZJ-001"
    assert complaint(cells.code(3), "ABCD") == "too_long"


def test_email_is_checked():
    assert cells.email(" li@example.com ") == "li@example.com"
    assert complaint(cells.email, "li@") == "bad_email"


@pytest.mark.parametrize(
    ("words", "text", "value"),
    [
        (columns.STATUSES, "active", MemberStatus.ACTIVE),
        (columns.STATUSES, "正常", MemberStatus.ACTIVE),
        (columns.STATUSES, "pre_churn", MemberStatus.PRE_CHURN),
        (columns.STATUSES, "预离网", MemberStatus.PRE_CHURN),
        (columns.STATUSES, "suspended", MemberStatus.SUSPENDED),
        (columns.STATUSES, "停机", MemberStatus.SUSPENDED),
        (columns.STATUSES, "booked_cancel", MemberStatus.BOOKED_CANCEL),
        (columns.STATUSES, "预约销户", MemberStatus.BOOKED_CANCEL),
        (columns.STATUSES, "arrears_cancelled", MemberStatus.ARREARS_CANCELLED),
        (columns.STATUSES, "欠费销户", MemberStatus.ARREARS_CANCELLED),
        (columns.STATUSES, "churned", MemberStatus.CHURNED),
        (columns.STATUSES, " 离网 ", MemberStatus.CHURNED),
        (columns.STATUSES, "ＡＣＴＩＶＥ", MemberStatus.ACTIVE),
        (columns.TIERS, "钻石卡", Tier.DIAMOND),
        (columns.TIERS, "金卡", Tier.GOLD),
        (columns.TIERS, "Silver", Tier.SILVER),
        (columns.TIERS, "贵宾卡", Tier.VIP),
        (columns.YES_NO, "是", True),
        (columns.YES_NO, "NO", False),
        (columns.PAYMENT_METHODS, "托收", PaymentMethod.COLLECTION),
        (columns.PAYMENT_METHODS, "划账", PaymentMethod.TRANSFER),
        (columns.PAYMENT_METHODS, "cash", PaymentMethod.CASH),
    ],
)
def test_choice_reads(words, text, value):
    assert cells.choice(words)(text) == value


def test_choice_refuses_other_words():
    assert complaint(cells.choice(columns.STATUSES), "activ") == "bad_choice"


@pytest.mark.parametrize(
    "text", ["决策者,使用者", "decider; user", "决策者、使用者", "decider/使用者"]
)
def test_choices_read_several_words(text):
    assert cells.choices(columns.BUYING_ROLES)(text) == [BuyingRole.DECIDER, BuyingRole.USER]


def test_empty_cell_takes_the_default_or_is_missing():
    optional = Column("tier", (), cells.choice(columns.TIERS), default=Tier.NONE)
    required = Column("total", (), cells.money, is_required=True)

    assert read_cell(optional, " \ufeff ") == Tier.NONE
    assert complaint(lambda raw: read_cell(required, raw), "  ") == "missing"


@settings(max_examples=300)
@given(st.text(max_size=30) | st.text(alphabet="0123456789-.,年月日L¥Ee+ ", max_size=40))
@example("9" * 5000)
@example("0" * 5000 + "1")
@example("1" + "0" * 30)
@example("1." + "0" * 5000 + "1")
def test_no_parser_raises_anything_but_a_known_complaint(text):
    codes = set()

    for parse in PARSERS:
        try:
            parse(text)
        except CellError as error:
            codes.add(error.code)

    assert codes <= set(ROW_PROBLEMS)


def test_every_column_of_the_formats_has_its_chinese_names():
    names = {
        kind: {column.name: column.aliases for column in columns.FORMATS[kind]}
        for kind in columns.FORMATS
    }

    assert names["member_bill"] == {
        "period": ("账期", "计费月"),
        "client_code": ("集团编号", "集团编码"),
        "client_name": ("集团名称",),
        "msisdn": ("手机号码", "号码"),
        "status": ("状态", "用户状态"),
        "tier": ("客户级别",),
        "joined_on": ("入网日期",),
        "corporate_paid": ("对公",),
        "local": ("本地通话费",),
        "domestic_long_distance": ("国内长途费",),
        "international_long_distance": ("国际长途费",),
        "roaming_in_province": ("省内漫游费",),
        "roaming_out_of_province": ("省外漫游费",),
        "ip": ("IP电话费",),
        "sms": ("短信费",),
        "voice_value_added": ("话音增值业务费",),
        "mobile_data": ("移动数据业务费",),
        "cmnet": ("CMNet",),
        "internet_line": ("互联网专线",),
        "voip_line": ("VOIP专线",),
        "vpn": ("虚拟专用网",),
        "other": ("其他",),
        "discount": ("优惠",),
        "total": ("合计", "总费用"),
        "arrears": ("欠费金额",),
        "payment_method": ("付款方式",),
        "points": ("积分",),
    }
    assert {kind: list(columns_) for kind, columns_ in names.items() if kind != "member_bill"} == {
        "product_bill": [
            "period", "client_code", "product_code", "product_name", "category", "amount",
        ],
        "clients": [
            "client_code", "name", "nature", "industry", "class", "unit_code", "manager",
            "chief_representative", "address", "latitude", "longitude", "employees", "own_users",
            "other_users", "founded_on", "status", "high_end", "payment_method",
            "fee_reimbursement", "points", "credit", "business_scope", "internal_organisation",
            "features",
        ],
        "contacts": [
            "client_code", "name", "title", "department", "mobile", "phone", "email",
            "buying_roles", "kind", "birthday", "personality", "gender", "nickname",
            "form_of_address", "preferences", "hobbies", "duties", "decision_level",
            "expertise", "organisation",
        ],
        "payments": [
            "no", "client_code", "number", "serial_number", "operation_type", "amount",
            "payment_method", "operation_time",
        ],
        "handlings": [
            "no", "client_code", "number", "operation_type", "amount", "operation_time",
            "payment_method", "place",
        ],
        "usage": ["no", "client_code", "number", "day", "voice_minutes", "data_mb", "sms"],
    }  # fmt: skip


def test_email_is_no_longer_than_its_field():
    domain = ".".join(["a" * 60] * 3) + ".cn"
    longest = "m" * (254 - len(domain) - 1) + f"@{domain}"

    assert cells.email(longest) == longest
    with pytest.raises(CellError) as caught:
        cells.email(f"m{longest}")
    assert caught.value.code == "too_long"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [("total", "-¥12.30", -1230), ("client_name", "@Home", "@Home"), ("client_code", "=1", "=1")],
)
def test_cells_made_harmless_read_as_before(name, text, value):
    column = next(c for c in columns.MEMBER_BILL if c.name == name)

    assert neutral(text) == f"'{text}"
    assert read_cell(column, neutral(text)) == read_cell(column, text) == value


def test_other_apostrophes_stay():
    assert [restored(text) for text in ("'x", "''=1", "'", "x'=")] == ["'x", "''=1", "'", "x'="]


@pytest.mark.parametrize("text", ["0206-05", "1989-12", "2101-01"])
def test_months_out_of_range_are_refused_everywhere(text):
    with pytest.raises(ValidationError):
        month_from(text)
    with pytest.raises(CellError):
        cells.period(text)
