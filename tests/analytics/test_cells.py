"""Texts, choices and empty cells, and what holds for every cell."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from accounts.choices import BuyingRole, MemberStatus, PaymentMethod, Tier
from analytics.importing import cells, columns
from analytics.importing.checking import read_cell
from analytics.importing.columns import Column
from analytics.importing.problems import ROW_PROBLEMS, CellError
from crm.lib.spreadsheets import neutral, restored
from tests.analytics.cell_complaints import complaint

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
