"""Word lists from which client and contact names are put together; every brand is invented."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Trade:
    """One kind of client: how its name is formed and who works there."""

    industry: str
    nature: str
    pattern: str
    """{city} and {county} are places, {brand} an invented word, {n} a Chinese ordinal"""
    titles: tuple[str, ...]
    departments: tuple[str, ...]
    weight: int = 10
    rural: bool = False


OFFICE = ("办公室", "信息中心", "后勤服务中心", "财务科")
COMPANY = ("综合部", "行政部", "信息部", "财务部", "采购部")
OFFICIALS = ("主任", "副主任", "科长", "科员")
DIRECTORS = ("总经理", "副总经理", "部门经理", "行政专员")

TRADES = (
    Trade("机关", "government", "{county}{brand}街道办事处", OFFICIALS, OFFICE, 16),
    Trade("机关", "government", "{city}{brand}新区管理委员会", OFFICIALS, OFFICE, 6),
    Trade("机关", "government", "{county}{brand}镇人民政府", OFFICIALS, OFFICE, 8),
    Trade("公安", "government", "{county}公安局{brand}派出所", OFFICIALS, OFFICE, 8),
    Trade("税务", "government", "{county}税务局{brand}税务所", OFFICIALS, OFFICE, 6),
    Trade(
        "卫生",
        "institution",
        "{city}{brand}医院",
        ("院长", "副院长", "科主任", "干事"),
        ("院办", "信息科", "医务科", "后勤科"),
        14,
    ),
    Trade(
        "卫生",
        "institution",
        "{county}{brand}社区卫生服务中心",
        ("主任", "副主任", "护士长", "干事"),
        ("办公室", "公共卫生科", "后勤科"),
        10,
    ),
    Trade(
        "教育",
        "institution",
        "{city}{brand}中学",
        ("校长", "副校长", "主任", "教师"),
        ("校办", "教务处", "总务处", "电教中心"),
        14,
    ),
    Trade(
        "教育",
        "institution",
        "{county}{brand}小学",
        ("校长", "副校长", "主任", "教师"),
        ("校办", "教务处", "总务处"),
        12,
    ),
    Trade(
        "教育",
        "institution",
        "{city}{brand}职业技术学院",
        ("院长", "副院长", "处长", "教师"),
        ("院办", "学生处", "信息中心", "后勤处"),
        6,
    ),
    Trade(
        "金融保险",
        "enterprise",
        "{city}{brand}农村商业银行",
        ("行长", "副行长", "部门经理", "专员"),
        ("办公室", "科技部", "运营部", "保卫部"),
        8,
    ),
    Trade(
        "金融保险",
        "enterprise",
        "{brand}财产保险{city}中心支公司",
        DIRECTORS,
        ("综合部", "理赔部", "信息部"),
        7,
    ),
    Trade(
        "制造业",
        "enterprise",
        "{city}{brand}机械制造有限公司",
        DIRECTORS,
        (*COMPANY, "生产部"),
        18,
    ),
    Trade(
        "制造业",
        "enterprise",
        "{city}{brand}食品有限公司",
        DIRECTORS,
        (*COMPANY, "质检部"),
        14,
    ),
    Trade(
        "制造业",
        "enterprise",
        "{city}{brand}制药股份有限公司",
        DIRECTORS,
        (*COMPANY, "研发部"),
        8,
    ),
    Trade(
        "能源",
        "enterprise",
        "{city}{brand}石油技术服务有限公司",
        DIRECTORS,
        (*COMPANY, "作业队"),
        12,
    ),
    Trade(
        "采矿业",
        "enterprise",
        "{city}{brand}矿业有限公司",
        DIRECTORS,
        (*COMPANY, "安全科", "调度室"),
        7,
    ),
    Trade(
        "公用事业",
        "enterprise",
        "{county}{brand}供热有限公司",
        DIRECTORS,
        (*COMPANY, "客服中心"),
        7,
    ),
    Trade(
        "交通物流",
        "enterprise",
        "{city}{brand}物流有限公司",
        DIRECTORS,
        (*COMPANY, "车队", "仓储部"),
        16,
    ),
    Trade(
        "建筑业",
        "enterprise",
        "{city}{brand}建筑工程有限公司",
        DIRECTORS,
        (*COMPANY, "项目部"),
        14,
    ),
    Trade(
        "批发零售",
        "enterprise",
        "{city}{brand}商贸有限公司",
        DIRECTORS,
        (*COMPANY, "门店管理部"),
        20,
    ),
    Trade(
        "住宿餐饮",
        "enterprise",
        "{city}{brand}大酒店",
        DIRECTORS,
        ("前厅部", "行政部", "餐饮部", "工程部"),
        10,
    ),
    Trade("房地产", "enterprise", "{city}{brand}物业服务有限公司", DIRECTORS, COMPANY, 10),
    Trade(
        "软件和信息服务",
        "enterprise",
        "{city}{brand}信息技术有限公司",
        DIRECTORS,
        (*COMPANY, "研发部"),
        12,
    ),
    Trade(
        "农业",
        "enterprise",
        "{county}{brand}农场",
        ("场长", "副场长", "科长", "干事"),
        ("场办", "生产科", "农机科"),
        10,
        rural=True,
    ),
    Trade(
        "农业",
        "other",
        "{county}{brand}水稻种植专业合作社",
        ("理事长", "副理事长", "会计", "社员"),
        ("办公室", "农机队"),
        9,
        rural=True,
    ),
    Trade(
        "林业",
        "enterprise",
        "{city}{brand}林场",
        ("场长", "副场长", "科长", "干事"),
        ("场办", "防火办", "营林科"),
        6,
        rural=True,
    ),
    Trade("社会团体", "other", "{city}{brand}商会", ("会长", "秘书长", "干事"), ("秘书处",), 5),
)

BRAND_FIRST = tuple("瑞恒嘉盛鑫泰宏华龙北松凯锦达永康丰禾祥安博远汇德中天元正兴隆博雅诚信立新")
BRAND_SECOND = tuple("和源盛达兴通泰丰安宁江岭润禾晟峰海川洋林森诺捷航信合宇辉业展图腾隆康瑞田园")

STREETS = (
    *("中山路", "友谊路", "红旗大街", "和平街", "建设路", "学府路", "新阳路", "世纪大道"),
    *("龙江街", "兴安路", "光华街", "东风路", "长江路", "农垦大街"),
)


def _spelt(text: str) -> tuple[tuple[str, str], ...]:
    """Pairs of a name and its pinyin."""
    return tuple((han, pinyin) for han, pinyin in (pair.split() for pair in text.split(",")))


SURNAMES = _spelt(
    """
    王 wang, 李 li, 张 zhang, 刘 liu, 陈 chen, 杨 yang, 赵 zhao, 黄 huang,
    周 zhou, 吴 wu, 徐 xu, 孙 sun, 胡 hu, 朱 zhu, 高 gao, 林 lin,
    何 he, 郭 guo, 马 ma, 罗 luo, 梁 liang, 宋 song, 郑 zheng, 韩 han,
    冯 feng, 于 yu, 董 dong, 程 cheng, 曹 cao, 欧阳 ouyang
    """
)

GIVEN_NAMES = _spelt(
    """
    伟 wei, 芳 fang, 秀英 xiuying, 敏 min, 静 jing, 丽 li, 强 qiang, 磊 lei,
    军 jun, 洋 yang, 艳 yan, 勇 yong, 杰 jie, 娟 juan, 涛 tao, 明 ming,
    超 chao, 秀兰 xiulan, 霞 xia, 平 ping, 刚 gang, 桂英 guiying, 建华 jianhua, 志强 zhiqiang,
    海燕 haiyan, 晓东 xiaodong, 立新 lixin, 国庆 guoqing, 玉梅 yumei, 春生 chunsheng, 思远 siyuan, 雨桐 yutong,
    子涵 zihan, 文博 wenbo, 振华 zhenhua, 凤琴 fengqin
    """
)
