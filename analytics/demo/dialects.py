"""How a bill is written down: header language, encoding, separator, money and period style."""

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import polars as pl

from analytics.demo.bills import MONEY_COLUMNS

HEADERS = {
    "period": "账期",
    "client_code": "集团编号",
    "client_name": "集团名称",
    "msisdn": "手机号码",
    "status": "状态",
    "tier": "客户级别",
    "joined_on": "入网日期",
    "corporate_paid": "对公",
    "local": "本地通话费",
    "domestic_long_distance": "国内长途费",
    "international_long_distance": "国际长途费",
    "roaming_in_province": "省内漫游费",
    "roaming_out_of_province": "省外漫游费",
    "ip": "IP电话费",
    "sms": "短信费",
    "voice_value_added": "话音增值业务费",
    "mobile_data": "移动数据业务费",
    "cmnet": "CMNet",
    "internet_line": "互联网专线",
    "voip_line": "VOIP专线",
    "vpn": "虚拟专用网",
    "other": "其他",
    "discount": "优惠",
    "total": "合计",
    "arrears": "欠费金额",
    "payment_method": "付款方式",
    "points": "积分",
    "product_code": "产品编码",
    "product_name": "产品名称",
    "amount": "金额",
    "name": "集团名称",
    "nature": "集团性质",
    "industry": "行业",
    "class": "类别",
    "unit_code": "单位编码",
    "manager": "客户经理",
    "chief_representative": "首席代表",
    "address": "地址",
    "employees": "员工人数",
    "own_users": "移动用户数",
    "other_users": "其他运营商用户数",
    "founded_on": "成立日期",
}
OTHER_HEADERS = {
    "period": "计费月",
    "client_code": "集团编码",
    "msisdn": "号码",
    "status": "用户状态",
    "total": "总费用",
}
"""Second aliases of the formats."""
CONTACT_HEADERS = {
    "name": "姓名",
    "title": "职务",
    "department": "部门",
    "mobile": "手机",
    "phone": "电话",
    "buying_roles": "购买角色",
    "kind": "kind",
    "birthday": "生日",
    "personality": "性格",
}
WORDS = {
    "active": "正常",
    "pre_churn": "预离网",
    "suspended": "停机",
    "booked_cancel": "预约销户",
    "arrears_cancelled": "欠费销户",
    "churned": "离网",
    "diamond": "钻石卡",
    "gold": "金卡",
    "silver": "银卡",
    "vip": "贵宾卡",
    "cash": "现金",
    "transfer": "划账",
    "collection": "托收",
}
_CHOICES = ("status", "tier", "payment_method")
_BOMS = {"utf-8-sig": codecs.BOM_UTF8, "utf-16": codecs.BOM_UTF16_LE}
_WITHOUT_BOM = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}


@dataclass(frozen=True)
class Dialect:
    encoding: str = "utf-8"
    """utf-8, utf-8-sig, utf-16 (little endian with BOM), gb18030, or xlsx"""
    chinese: bool = True
    second_aliases: bool = False
    separator: str = ","
    newline: str = "\n"
    period_style: str = "%Y-%m"
    yuan_signs: bool = False
    """¥1,234.50 instead of 1234.50"""
    blank_zeros: bool = False
    shifted_columns: int = 0
    """rotate the order of the columns by so many places"""
    remark: bool = False
    """an extra column no importer knows"""

    def header(self, column: str) -> str:
        if not self.chinese:
            return column
        second = OTHER_HEADERS if self.second_aliases else {}
        return second.get(column) or HEADERS.get(column, column)

    def order(self, columns: Sequence[str]) -> list[str]:
        at = self.shifted_columns % len(columns)
        return [*columns[at:], *columns[:at]] + (["备注"] if self.remark else [])

    def encode(self, text: str) -> bytes:
        return text.encode(_WITHOUT_BOM.get(self.encoding, self.encoding))

    @property
    def bom(self) -> bytes:
        return _BOMS.get(self.encoding, b"")


def cells(frame: pl.DataFrame, dialect: Dialect) -> pl.DataFrame:
    """The bill as text, one cell per column, under the English column names."""
    columns = [_cell(name, dtype, dialect).alias(name) for name, dtype in frame.schema.items()]
    if dialect.remark:
        columns.append(pl.lit("").alias("备注"))
    return frame.select(columns).select(pl.all().fill_null(""))


def _cell(name: str, dtype: pl.DataType, dialect: Dialect) -> pl.Expr:
    column = pl.col(name)
    if name in MONEY_COLUMNS or name == "amount":
        return _money(column, dialect, required=name in ("total", "amount"))
    if name == "period":
        return column.dt.strftime(dialect.period_style)
    if name in _CHOICES and dialect.chinese:
        return column.replace(WORDS)
    if dtype == pl.Boolean:
        yes, no = ("是", "否") if dialect.chinese else ("yes", "no")
        return pl.when(column).then(pl.lit(yes)).otherwise(pl.lit(no))
    return column.cast(pl.String)


def _money(fen: pl.Expr, dialect: Dialect, *, required: bool) -> pl.Expr:
    """Exact: whole yuan and the two digits of fen are written apart."""
    cents = pl.lit(".") + (fen % 100).cast(pl.String).str.zfill(2)
    yuan = fen // 100
    text = yuan.cast(pl.String) + cents
    if dialect.yuan_signs:
        rest = (yuan % 1000).cast(pl.String)
        grouped = (yuan // 1000).cast(pl.String) + "," + rest.str.zfill(3)
        text = pl.lit("¥") + pl.when(yuan >= 1000).then(grouped).otherwise(rest) + cents
        if dialect.separator == ",":
            text = pl.when(yuan >= 1000).then('"' + text + '"').otherwise(text)
    if dialect.blank_zeros and not required:
        text = pl.when(fen == 0).then(pl.lit("")).otherwise(text)
    return text


def joined(frame: pl.DataFrame, dialect: Dialect) -> pl.Series:
    """One text line per row, without line end."""
    names = dialect.order([name for name in frame.columns if name != "备注"])
    return frame.select(pl.concat_str(names, separator=dialect.separator)).to_series()


def encoded(lines: pl.Series, dialect: Dialect, chunk: int = 50_000) -> Iterator[bytes]:
    for part in range(0, len(lines), chunk):
        text = dialect.newline.join([*lines[part : part + chunk].to_list(), ""])
        yield dialect.encode(text)
