"""Our own people in the demo: the unit tree of one province and the users who work in it."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class DemoUnit:
    code: str
    name: str
    kind: str
    """province, city, county or team"""
    parent: str | None
    area_code: str = ""
    latitude_micro: int = 0
    longitude_micro: int = 0


@dataclass(frozen=True)
class DemoUser:
    username: str
    full_name: str
    role: str
    unit: str
    title: str
    language: str = "zh-hans"


PROVINCE = DemoUnit("HL", "黑龙江省公司", "province", None)

CITIES = (
    DemoUnit("HL-HRB", "哈尔滨分公司", "city", "HL", "451", 45_757_000, 126_642_000),
    DemoUnit("HL-DQ", "大庆分公司", "city", "HL", "459", 46_588_000, 125_104_000),
    DemoUnit("HL-MDJ", "牡丹江分公司", "city", "HL", "453", 44_551_000, 129_633_000),
)

COUNTIES = (
    DemoUnit("HL-HRB-NG", "南岗区营业部", "county", "HL-HRB", "451", 45_760_000, 126_669_000),
    DemoUnit("HL-HRB-DL", "道里区营业部", "county", "HL-HRB", "451", 45_756_000, 126_617_000),
    DemoUnit("HL-HRB-AC", "阿城区营业部", "county", "HL-HRB", "451", 45_548_000, 126_958_000),
    DemoUnit("HL-DQ-SET", "萨尔图区营业部", "county", "HL-DQ", "459", 46_594_000, 125_114_000),
    DemoUnit("HL-DQ-RHL", "让胡路区营业部", "county", "HL-DQ", "459", 46_652_000, 124_871_000),
    DemoUnit("HL-DQ-ZY", "肇源县营业部", "county", "HL-DQ", "459", 45_519_000, 125_078_000),
    DemoUnit("HL-MDJ-DA", "东安区营业部", "county", "HL-MDJ", "453", 44_582_000, 129_627_000),
    DemoUnit("HL-MDJ-NA", "宁安市营业部", "county", "HL-MDJ", "453", 44_341_000, 129_483_000),
)

TEAMS = (
    DemoUnit("HL-HRB-NG-1", "南岗集团客户一组", "team", "HL-HRB-NG"),
    DemoUnit("HL-HRB-NG-2", "南岗集团客户二组", "team", "HL-HRB-NG"),
    DemoUnit("HL-HRB-DL-1", "道里集团客户组", "team", "HL-HRB-DL"),
    DemoUnit("HL-DQ-SET-1", "萨尔图集团客户组", "team", "HL-DQ-SET"),
)

# Titles of the demo's people that are positions of the table, which makes chiefs eligible.
POSITIONS = {
    "总经理": "general-manager",
    "副总经理": "deputy-general-manager",
    "部门经理": "department-manager",
    "片区经理": "area-manager",
    "客户经理": "account-manager",
    "高级客户经理": "account-manager",
    "农村代理人员": "rural-agent",
    "投诉处理员": "complaint-clerk",
}

UNITS = (PROVINCE, *CITIES, *COUNTIES, *TEAMS)
"""Parents before children, so they can be created in this order."""

USERS = (
    DemoUser("wang.fang", "王芳", "account_manager", "HL-HRB-NG-1", "客户经理"),
    DemoUser("li.qiang", "李强", "account_manager", "HL-HRB-NG-1", "高级客户经理"),
    DemoUser("zhang.min", "张敏", "account_manager", "HL-HRB-NG-2", "客户经理"),
    DemoUser("liu.yang", "刘洋", "account_manager", "HL-HRB-NG-2", "客户经理"),
    DemoUser("chen.jing", "陈静", "account_manager", "HL-HRB-DL-1", "高级客户经理"),
    DemoUser("zhao.lei", "赵磊", "account_manager", "HL-HRB-AC", "客户经理"),
    DemoUser("sun.yan", "孙艳", "account_manager", "HL-DQ-SET-1", "高级客户经理"),
    DemoUser("zhou.tao", "周涛", "account_manager", "HL-DQ-SET-1", "客户经理"),
    DemoUser("wu.xiulan", "吴秀兰", "account_manager", "HL-DQ-RHL", "客户经理"),
    DemoUser("zheng.hao", "郑浩", "account_manager", "HL-DQ-ZY", "客户经理"),
    DemoUser("ma.lili", "马丽丽", "account_manager", "HL-MDJ-DA", "客户经理"),
    DemoUser("gao.jianguo", "高建国", "account_manager", "HL-MDJ-NA", "客户经理"),
    DemoUser("lin.guangfu", "林广福", "agent", "HL-DQ-ZY", "农村代理人员"),
    DemoUser("xu.zhiyuan", "徐志远", "supervisor", "HL-HRB", "集团客户部主管"),
    DemoUser("he.chunmei", "何春梅", "supervisor", "HL-DQ", "集团客户部主管"),
    DemoUser("guo.haifeng", "郭海峰", "supervisor", "HL-MDJ", "片区经理"),
    DemoUser("tian.weiguo", "田卫国", "chief_representative", "HL-HRB", "总经理"),
    DemoUser("jiang.hong", "姜红", "chief_representative", "HL-HRB", "副总经理"),
    DemoUser("song.ming", "宋明", "chief_representative", "HL-DQ", "总经理"),
    DemoUser("dong.liping", "董丽萍", "chief_representative", "HL-MDJ", "部门经理"),
    DemoUser("yu.xiaoyan", "于晓燕", "operations", "HL", "数据管理员"),
    DemoUser("bai.jun", "白军", "province", "HL", "集团客户营销部经理"),
    DemoUser("fan.xue", "范雪", "complaint_clerk", "HL-HRB", "投诉处理员"),
)


def users_with_role(role: str) -> tuple[DemoUser, ...]:
    return tuple(user for user in USERS if user.role == role)


def unit(code: str) -> DemoUnit:
    return next(each for each in UNITS if each.code == code)


def ancestors(code: str) -> Iterator[DemoUnit]:
    """The unit itself first, the province last."""
    each: DemoUnit | None = unit(code)
    while each is not None:
        yield each
        each = unit(each.parent) if each.parent else None


def city_of(code: str) -> DemoUnit:
    return next(each for each in ancestors(code) if each.kind == "city")


def county_of(code: str) -> DemoUnit:
    """The county of a county or team."""
    return next(each for each in ancestors(code) if each.kind == "county")


def chief_representatives(city: str) -> tuple[DemoUser, ...]:
    return tuple(user for user in users_with_role("chief_representative") if user.unit == city)
