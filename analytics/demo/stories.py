"""The stories told by the last four months: who slips, by how much, and what stays silent."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class PinnedClient:
    """A client of a story: the same whatever the seed, with members who only move when told."""

    code: str
    name: str
    industry: str
    nature: str
    client_class: str
    manager: str
    members: int


@dataclass(frozen=True)
class Effect:
    """What happens to one pinned client in one month, counted back from the last month."""

    client_code: str
    months_ago: int
    income_permille: int | None = None
    """income of this month as an exact share of the month before; the new level lasts"""
    lost: int = 0
    """half leave with status churned, half without a row"""
    pre_churn: int = 0
    """members pre_churn or booked_cancel from this month on"""
    moved: int = 0
    moved_to: str = ""
    arrears_permille: int = 0
    """arrears of this month only, as an exact share of its income"""
    arrears_fen: int = 0
    gone: bool = False
    """no row under the client any more"""


@dataclass(frozen=True)
class Story:
    """One rule read for one client and month: `fires` says whether its condition holds."""

    client_code: str
    months_ago: int
    rule: str
    fires: bool
    summary: str

    def month(self, last_month: date) -> date:
        return month_before(last_month, self.months_ago)


def month_before(month: date, count: int) -> date:
    index = month.year * 12 + month.month - 1 - count
    return date(index // 12, index % 12 + 1, 1)


PINNED = (
    PinnedClient(
        "451000001",
        "哈尔滨瑞恒机械制造有限公司",
        "制造业",
        "enterprise",
        "A",
        "wang.fang",
        180,
    ),
    PinnedClient(
        "459000001", "大庆鑫泰石油技术服务有限公司", "能源", "enterprise", "A", "sun.yan", 220
    ),
    PinnedClient(
        "451000002", "哈尔滨博雅职业技术学院", "教育", "institution", "A", "li.qiang", 260
    ),
    PinnedClient(
        "451000003", "哈尔滨嘉盛物流有限公司", "交通物流", "enterprise", "B", "wang.fang", 90
    ),
    PinnedClient("453000001", "牡丹江丰禾食品有限公司", "制造业", "enterprise", "B", "ma.lili", 70),
    PinnedClient(
        "451000004", "南岗区安和社区卫生服务中心", "卫生", "institution", "B", "wang.fang", 50
    ),
    PinnedClient(
        "459000002", "大庆宏达建筑工程有限公司", "建筑业", "enterprise", "B", "zhou.tao", 41
    ),
    PinnedClient("453000002", "宁安市北源农场", "农业", "enterprise", "C", "gao.jianguo", 30),
    PinnedClient("451000005", "哈尔滨松江大酒店", "住宿餐饮", "enterprise", "B", "chen.jing", 80),
    PinnedClient(
        "459000003", "肇源县丰润水稻种植专业合作社", "农业", "other", "C", "lin.guangfu", 20
    ),
    PinnedClient(
        "451000006", "哈尔滨永泰矿业有限公司", "采矿业", "enterprise", "B", "zhao.lei", 64
    ),
    PinnedClient(
        "453000003", "牡丹江正兴商贸有限公司", "批发零售", "enterprise", "C", "ma.lili", 24
    ),
    PinnedClient(
        "451000007",
        "哈尔滨天图信息技术有限公司",
        "软件和信息服务",
        "enterprise",
        "C",
        "zhang.min",
        12,
    ),
    PinnedClient(
        "459000004", "大庆康园物业服务有限公司", "房地产", "enterprise", "B", "wu.xiulan", 60
    ),
    PinnedClient(
        "459000005", "大庆康诚商贸有限公司", "批发零售", "enterprise", "B", "wu.xiulan", 40
    ),
    PinnedClient("453000004", "牡丹江远森林场", "林业", "enterprise", "C", "ma.lili", 16),
)

EFFECTS = (
    Effect("451000001", 3, income_permille=550),
    Effect("451000001", 1, income_permille=1700),
    Effect("459000001", 0, income_permille=450),
    Effect("451000002", 1, income_permille=690),
    Effect("451000003", 0, income_permille=700),
    Effect("453000001", 2, income_permille=300),
    Effect("451000004", 0, pre_churn=5),
    Effect("459000002", 1, pre_churn=4),
    Effect("459000002", 0, pre_churn=5),
    Effect("453000002", 0, lost=3, income_permille=910),
    Effect("451000005", 2, lost=16, income_permille=810),
    Effect("459000003", 1, lost=2, income_permille=920),
    Effect("451000006", 1, arrears_permille=125),
    Effect("453000003", 0, arrears_permille=100),
    Effect("451000007", 0, arrears_fen=99_99),
    Effect("459000004", 0, moved=20, moved_to="459000005", income_permille=640),
    Effect("453000004", 1, gone=True),
)
"""Of one client at most one effect per month; pre_churn is the number from that month on."""

STORIES = (
    Story("451000001", 3, "revenue_drop", True, "专线被竞争对手抢走,收入下降45%"),
    Story("451000001", 1, "revenue_drop", False, "走访挽留后专线恢复,收入回升"),
    Story("459000001", 0, "revenue_drop", True, "油田作业队撤点,收入下降55%"),
    Story("451000002", 1, "revenue_drop", True, "学院换签校园套餐,收入下降31%"),
    Story("451000003", 0, "revenue_drop", False, "收入正好下降30.00%,不预警"),
    Story("453000001", 2, "revenue_drop", True, "生产线停产,收入下降70%"),
    Story("451000004", 0, "pre_churn", True, "50名成员中5名预离网,正好10%"),
    Story("459000002", 1, "pre_churn", False, "41名成员中4名预离网,不到10%"),
    Story("459000002", 0, "pre_churn", True, "41名成员中5名预离网"),
    Story("453000002", 0, "member_loss", True, "30名成员流失3名,正好10%"),
    Story("451000005", 2, "member_loss", True, "80名成员流失16名"),
    Story("459000003", 1, "member_loss", False, "20名成员流失2名,不足3名"),
    Story("451000006", 1, "arrears", True, "欠费达到当月收入的12.5%"),
    Story("453000003", 0, "arrears", True, "欠费正好是当月收入的10%"),
    Story("451000007", 0, "arrears", False, "欠费99.99元,不足100元"),
    Story("459000004", 0, "member_loss", False, "20名成员转到关联公司,不算流失"),
    Story("459000004", 0, "revenue_drop", True, "成员转走后收入下降36%"),
    Story("453000004", 1, "revenue_drop", True, "整体转网,当月没有账单"),
    Story("453000004", 1, "member_loss", True, "整体转网,16名成员全部流失"),
)
"""Every rule that fires for a pinned client in the last four months, and the silent near misses."""

STORY_MONTHS = 4
