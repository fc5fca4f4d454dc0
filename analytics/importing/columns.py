"""The file formats: for each kind its columns, their other names, and how a cell is read.

docs/formats.md is the same for people.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from accounts.choices import (
    BuyingRole,
    ClientClass,
    ClientNature,
    ClientStatus,
    ContactKind,
    DecisionLevel,
    FeePayment,
    Gender,
    MemberStatus,
    PaymentMethod,
    Personality,
    Reimbursement,
    Tier,
)
from analytics.choices import FeeCategory, ImportKind, PaymentType
from analytics.importing import cells
from crm.lib.spreadsheets import restored


@dataclass(frozen=True)
class Column:
    """`default` is the value of an empty cell; a required column must not be empty."""

    name: str
    aliases: tuple[str, ...]
    parse: cells.Parser
    is_required: bool = False
    default: Any = None

    @property
    def label(self) -> str:
        """The Chinese name, as operators know the column."""
        return self.aliases[0] if self.aliases else self.name

    @property
    def choice(self) -> cells.Choice | None:
        """The words its cells are read by, when it is a column of words."""
        return self.parse if isinstance(self.parse, cells.Choice) else None

    @property
    def may_be_empty(self) -> bool:
        """Whether a word of theirs can be read as if nothing stood there."""
        return not self.is_required and not isinstance(self.parse, cells.Choices)

    def with_words(self, own: Mapping[str, str | None]) -> "Column":
        """The same column that also knows words of a file.

        `own`: their word -> one of ours, "" to read it as an empty cell, None to leave it unknown.
        """
        if self.choice is None:
            return self
        ours = self.choice.values
        more = {word: ours[our] for word, our in own.items() if our and our in ours}
        if self.may_be_empty:
            more |= {word: self.default for word, our in own.items() if our == ""}
        return replace(self, parse=self.choice.extended(more)) if more else self


YES_NO = {
    **dict.fromkeys(("yes", "y", "是", "true", "1"), True),
    **dict.fromkeys(("no", "n", "否", "false", "0"), False),
}
STATUSES = {
    "active": MemberStatus.ACTIVE,
    "正常": MemberStatus.ACTIVE,
    "pre_churn": MemberStatus.PRE_CHURN,
    "预离网": MemberStatus.PRE_CHURN,
    "suspended": MemberStatus.SUSPENDED,
    "停机": MemberStatus.SUSPENDED,
    "booked_cancel": MemberStatus.BOOKED_CANCEL,
    "预约销户": MemberStatus.BOOKED_CANCEL,
    "arrears_cancelled": MemberStatus.ARREARS_CANCELLED,
    "欠费销户": MemberStatus.ARREARS_CANCELLED,
    "churned": MemberStatus.CHURNED,
    "离网": MemberStatus.CHURNED,
}
TIERS = {
    "diamond": Tier.DIAMOND,
    "钻石卡": Tier.DIAMOND,
    "gold": Tier.GOLD,
    "金卡": Tier.GOLD,
    "silver": Tier.SILVER,
    "银卡": Tier.SILVER,
    "vip": Tier.VIP,
    "贵宾卡": Tier.VIP,
}
PAYMENT_METHODS = {
    "cash": PaymentMethod.CASH,
    "现金": PaymentMethod.CASH,
    "transfer": PaymentMethod.TRANSFER,
    "划账": PaymentMethod.TRANSFER,
    "划帐": PaymentMethod.TRANSFER,
    "collection": PaymentMethod.COLLECTION,
    "托收": PaymentMethod.COLLECTION,
}
# People write 账 and 帐 alike.
PAYMENT_TYPES = {
    "settlement": PaymentType.SETTLEMENT,
    "月结销账": PaymentType.SETTLEMENT,
    "月结销帐": PaymentType.SETTLEMENT,
    "change": PaymentType.CHANGE,
    "改付款": PaymentType.CHANGE,
    "transfer": PaymentType.TRANSFER,
    "实时划账": PaymentType.TRANSFER,
    "实时划帐": PaymentType.TRANSFER,
    "charge": PaymentType.CHARGE,
    "账户收费": PaymentType.CHARGE,
    "帐户收费": PaymentType.CHARGE,
}
CATEGORY_NAMES = {
    FeeCategory.LOCAL: "本地通话费",
    FeeCategory.DOMESTIC_LONG_DISTANCE: "国内长途费",
    FeeCategory.INTERNATIONAL_LONG_DISTANCE: "国际长途费",
    FeeCategory.ROAMING_IN_PROVINCE: "省内漫游费",
    FeeCategory.ROAMING_OUT_OF_PROVINCE: "省外漫游费",
    FeeCategory.IP: "IP电话费",
    FeeCategory.SMS: "短信费",
    FeeCategory.VOICE_VALUE_ADDED: "话音增值业务费",
    FeeCategory.MOBILE_DATA: "移动数据业务费",
    FeeCategory.CMNET: "CMNet",
    FeeCategory.INTERNET_LINE: "互联网专线",
    FeeCategory.VOIP_LINE: "VOIP专线",
    FeeCategory.VPN: "虚拟专用网",
    FeeCategory.OTHER: "其他",
}
CATEGORY_WORDS = {
    **{category.value: category.value for category in FeeCategory},
    **{name: category.value for category, name in CATEGORY_NAMES.items()},
}
NATURES = {
    "government": ClientNature.GOVERNMENT,
    "政府": ClientNature.GOVERNMENT,
    "政府机关": ClientNature.GOVERNMENT,
    "党政机关": ClientNature.GOVERNMENT,
    "enterprise": ClientNature.ENTERPRISE,
    "企业": ClientNature.ENTERPRISE,
    "institution": ClientNature.INSTITUTION,
    "事业单位": ClientNature.INSTITUTION,
    "other": ClientNature.OTHER,
    "其他": ClientNature.OTHER,
}
CLASSES = {
    **{letter.value: letter for letter in ClientClass},
    **{f"{letter.value}类": letter for letter in ClientClass},
}
CLIENT_STATUSES = {
    "potential": ClientStatus.POTENTIAL,
    "潜在": ClientStatus.POTENTIAL,
    "target": ClientStatus.TARGET,
    "目标": ClientStatus.TARGET,
    "signed": ClientStatus.SIGNED,
    "active": ClientStatus.SIGNED,
    "签约": ClientStatus.SIGNED,
    "已签约": ClientStatus.SIGNED,
    "正常": ClientStatus.SIGNED,
    "pre_churn": ClientStatus.PRE_CHURN,
    "预离网": ClientStatus.PRE_CHURN,
    "churned": ClientStatus.CHURNED,
    "离网": ClientStatus.CHURNED,
}
FEE_PAYMENTS = {
    "cash": FeePayment.CASH,
    "现金": FeePayment.CASH,
    "transfer": FeePayment.TRANSFER,
    "划账": FeePayment.TRANSFER,
    "划帐": FeePayment.TRANSFER,
    "collection": FeePayment.COLLECTION,
    "托收": FeePayment.COLLECTION,
}
REIMBURSEMENTS = {
    "full": Reimbursement.FULL,
    "全额报销": Reimbursement.FULL,
    "limit": Reimbursement.LIMIT,
    "限额报销": Reimbursement.LIMIT,
    "allowance": Reimbursement.ALLOWANCE,
    "定额补贴": Reimbursement.ALLOWANCE,
    "part": Reimbursement.PART,
    "部分人员报销": Reimbursement.PART,
    "none": Reimbursement.NONE,
    "不报销": Reimbursement.NONE,
}
CONTACT_KINDS = {
    "contact": ContactKind.CONTACT,
    "联系人": ContactKind.CONTACT,
    "in_charge": ContactKind.IN_CHARGE,
    "单位负责人": ContactKind.IN_CHARGE,
    "负责人": ContactKind.IN_CHARGE,
    "top_leader": ContactKind.TOP_LEADER,
    "高层": ContactKind.TOP_LEADER,
    "高层领导": ContactKind.TOP_LEADER,
    "other": ContactKind.OTHER,
    "其他": ContactKind.OTHER,
}
GENDERS = {
    "female": Gender.FEMALE,
    "女": Gender.FEMALE,
    "male": Gender.MALE,
    "男": Gender.MALE,
}
DECISION_LEVELS = {
    "deciding": DecisionLevel.DECIDING,
    "决策层": DecisionLevel.DECIDING,
    "managing": DecisionLevel.MANAGING,
    "管理层": DecisionLevel.MANAGING,
    "working": DecisionLevel.WORKING,
    "执行层": DecisionLevel.WORKING,
}
BUYING_ROLES = {
    "initiator": BuyingRole.INITIATOR,
    "倡议者": BuyingRole.INITIATOR,
    "influencer": BuyingRole.INFLUENCER,
    "影响者": BuyingRole.INFLUENCER,
    "decider": BuyingRole.DECIDER,
    "决策者": BuyingRole.DECIDER,
    "executor": BuyingRole.EXECUTOR,
    "执行者": BuyingRole.EXECUTOR,
    "user": BuyingRole.USER,
    "使用者": BuyingRole.USER,
}
PERSONALITIES = {
    "analytical": Personality.ANALYTICAL,
    "分析型": Personality.ANALYTICAL,
    "driver": Personality.DRIVER,
    "主观型": Personality.DRIVER,
    "expressive": Personality.EXPRESSIVE,
    "情感型": Personality.EXPRESSIVE,
    "amiable": Personality.AMIABLE,
    "随和型": Personality.AMIABLE,
    "silent": Personality.SILENT,
    "沉默型": Personality.SILENT,
    "unknown": "",
    "未知": "",
}


def _money_column(category: FeeCategory) -> Column:
    return Column(category.value, (CATEGORY_NAMES[category],), cells.money, default=0)


PERIOD = Column("period", ("账期", "计费月"), cells.period)
CLIENT_CODE = Column("client_code", ("集团编号", "集团编码"), cells.code(32), is_required=True)

MEMBER_BILL = (
    PERIOD,
    CLIENT_CODE,
    Column("client_name", ("集团名称",), cells.text(200), default=""),
    Column("msisdn", ("手机号码", "号码"), cells.msisdn, is_required=True),
    Column("status", ("状态", "用户状态"), cells.choice(STATUSES), is_required=True),
    Column("tier", ("客户级别",), cells.choice(TIERS), default=Tier.NONE),
    Column("joined_on", ("入网日期",), cells.day),
    Column("corporate_paid", ("对公",), cells.choice(YES_NO), default=False),
    *(_money_column(category) for category in FeeCategory),
    Column("discount", ("优惠",), cells.money_not_negative, default=0),
    Column("total", ("合计", "总费用"), cells.money, is_required=True),
    Column("arrears", ("欠费金额",), cells.money_not_negative, default=0),
    Column(
        "payment_method",
        ("付款方式",),
        cells.choice(PAYMENT_METHODS),
        default=PaymentMethod.UNKNOWN,
    ),
    Column("points", ("积分",), cells.integer, default=0),
)

PRODUCT_BILL = (
    PERIOD,
    CLIENT_CODE,
    Column("product_code", ("产品编码",), cells.code(32), is_required=True),
    Column("product_name", ("产品名称",), cells.text(100), default=""),
    Column(
        "category",
        ("类别", "费用类别"),
        cells.choice(CATEGORY_WORDS),
        default=FeeCategory.OTHER.value,
    ),
    Column("amount", ("金额",), cells.large_money, is_required=True),
)

CLIENTS = (
    CLIENT_CODE,
    Column("name", ("集团名称",), cells.text(200), is_required=True),
    Column("nature", ("集团性质", "客户性质"), cells.choice(NATURES)),
    Column("industry", ("行业",), cells.text(64)),
    Column("class", ("类别", "集团类别"), cells.choice(CLASSES)),
    Column("unit_code", ("单位编码",), cells.code(32)),
    Column("manager", ("客户经理",), cells.code(64)),
    Column("chief_representative", ("首席代表", "首席客户代表"), cells.code(64)),
    Column("address", ("地址",), cells.text(200)),
    Column("latitude", ("纬度",), cells.degrees(90)),
    Column("longitude", ("经度",), cells.degrees(180)),
    Column("employees", ("员工人数",), cells.count),
    Column("own_users", ("移动用户数",), cells.count),
    Column("other_users", ("其他运营商用户数",), cells.count),
    Column("founded_on", ("成立日期",), cells.day),
    Column("status", ("状态",), cells.choice(CLIENT_STATUSES)),
    Column("high_end", ("高端客户", "高端标识"), cells.choice(YES_NO)),
    Column("payment_method", ("付款方式",), cells.choice(FEE_PAYMENTS)),
    Column("fee_reimbursement", ("话费报销情况",), cells.choice(REIMBURSEMENTS)),
    Column("points", ("积分",), cells.integer),
    Column("credit", ("信用", "信用分"), cells.integer),
    Column("business_scope", ("业务职能范围", "经营范围"), cells.text(1000)),
    Column("internal_organisation", ("内部机构",), cells.text(1000)),
    Column("features", ("与众不同之处",), cells.text(1000)),
)

CONTACTS = (
    CLIENT_CODE,
    Column("name", ("姓名",), cells.text(64), is_required=True),
    Column("title", ("职务",), cells.text(64)),
    Column("department", ("部门",), cells.text(64)),
    Column("mobile", ("手机", "手机号码"), cells.code(20), default=""),
    Column("phone", ("电话",), cells.code(30)),
    Column("email", ("电子邮箱", "邮箱", "e-mail"), cells.email),
    Column("buying_roles", ("购买角色",), cells.choices(BUYING_ROLES)),
    Column("kind", ("类型", "联系人类型"), cells.choice(CONTACT_KINDS)),
    Column("birthday", ("生日",), cells.birthday),
    Column("personality", ("性格",), cells.choice(PERSONALITIES)),
    Column("gender", ("性别",), cells.choice(GENDERS)),
    Column("nickname", ("昵称", "雅号"), cells.text(64)),
    Column("form_of_address", ("尊称", "称呼"), cells.text(64)),
    Column("preferences", ("喜好", "偏好"), cells.text(500)),
    Column("hobbies", ("爱好",), cells.text(200)),
    Column("duties", ("分工", "领导分工"), cells.text(200)),
    Column("decision_level", ("决策层级", "决策层次"), cells.choice(DECISION_LEVELS)),
    Column("expertise", ("专长",), cells.text(120)),
    Column("organisation", ("外部单位", "所在单位"), cells.text(120)),
)

ROW_NUMBER = Column("no", ("序号", "no."), cells.ignored)
NUMBER = Column("number", ("号码", "手机号码", "msisdn"), cells.msisdn, is_required=True)
OWN_CODE = Column(CLIENT_CODE.name, CLIENT_CODE.aliases, CLIENT_CODE.parse)
PAID_BY = Column(
    "payment_method",
    ("付款方式", "支付方式", "缴费方式"),
    cells.choice(PAYMENT_METHODS),
    default=PaymentMethod.UNKNOWN,
)

PAYMENTS = (
    ROW_NUMBER,
    OWN_CODE,
    NUMBER,
    Column("serial_number", ("流水号", "serial_no", "serial_no."), cells.code(64), default=""),
    Column(
        "operation_type",
        ("操作类型", "业务类型"),
        cells.choice(PAYMENT_TYPES),
        is_required=True,
    ),
    Column("amount", ("金额", "缴费金额"), cells.money, is_required=True),
    PAID_BY,
    Column("operation_time", ("操作时间", "缴费时间"), cells.moment, is_required=True),
)

HANDLINGS = (
    ROW_NUMBER,
    OWN_CODE,
    NUMBER,
    Column("operation_type", ("操作类型", "业务类型"), cells.text(64), is_required=True),
    Column("amount", ("金额",), cells.money),
    Column("operation_time", ("操作时间", "办理时间"), cells.moment, is_required=True),
    PAID_BY,
    Column("place", ("办理地点", "地点", "营业厅"), cells.text(100), default=""),
)

USAGE = (
    ROW_NUMBER,
    OWN_CODE,
    NUMBER,
    Column("day", ("日期", "使用日期"), cells.day, is_required=True),
    Column(
        "voice_minutes",
        ("通话分钟数", "通话分钟", "语音分钟"),
        cells.quantity(2, 10**6),
        is_required=True,
    ),
    Column(
        "data_mb", ("数据流量MB", "流量(MB)", "流量"), cells.quantity(3, 10**9), is_required=True
    ),
    Column("sms", ("短信条数", "短信"), cells.count, default=0),
)

FORMATS: dict[str, tuple[Column, ...]] = {
    ImportKind.MEMBER_BILL: MEMBER_BILL,
    ImportKind.PRODUCT_BILL: PRODUCT_BILL,
    ImportKind.CLIENTS: CLIENTS,
    ImportKind.CONTACTS: CONTACTS,
    ImportKind.PAYMENTS: PAYMENTS,
    ImportKind.HANDLINGS: HANDLINGS,
    ImportKind.USAGE: USAGE,
}

# Added by the quarantine file; silently passed over when it is handed in again.
LINE_COLUMN = "line"
REASON_COLUMN = "reason"
OWN_COLUMNS = frozenset({LINE_COLUMN, REASON_COLUMN, "行号", "原因"})


def header_key(name: str) -> str:
    return cells.plain(name).lower().replace(" ", "_")


def columns_by_key(kind: str) -> dict[str, Column]:
    """Every spelling of every column of a kind."""
    return {
        header_key(spelling): column
        for column in FORMATS[kind]
        for spelling in (column.name, *column.aliases)
    }


def own_columns_left_out(names: Sequence[str]) -> list[int]:
    """Positions of the user's own columns, without those our quarantine file adds."""
    return [i for i, name in enumerate(names) if header_key(name) not in OWN_COLUMNS]


def fingerprint(names: Sequence[str]) -> str:
    """The same for a file and its quarantine file, and for headers that differ in dress only."""
    keys = [header_key(restored(names[i])) for i in own_columns_left_out(names)]
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()
