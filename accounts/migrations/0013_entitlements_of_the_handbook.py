"""The entitlements named in the handbook of personal VIP service.

The handbook's headings of the tiers are lost, so all but one are guesses by the order of the
sentences and marked unverified; operations correct and verify them on their page.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

VIP, SILVER, GOLD, DIAMOND = 1, 2, 3, 4
# Code, lowest card, number in the handbook, Chinese and English name, source, times, value, remark.
ROWS = [
    ("TIR-01", DIAMOND, 5, "免费异地补卡", "Free replacement SIM in another place", "(5)免費提供異地補卡服務", None, None, ""),
    ("TIR-02", DIAMOND, 8, "免保证金开通国际漫游或长途", "International roaming or long distance without deposit", "(8)免保證金開通國際漫游", None, None, ""),
    ("TIR-03", DIAMOND, 2, "上门服务、送达业务宣传资料", "Service at the door, delivery of brochures", "(2)上門服務,發送", None, None, ""),
    ("TIR-04", DIAMOND, 5, "拨打1860优先接入人工服务", "Priority access and manual service on 1860", "優先接入,人工服務", None, None, ""),
    ("TIR-05", DIAMOND, 10, "参加移动公司抽奖活动", "Taking part in prize draws", "(10)可參加移動公司", None, None, ""),
    ("TIR-06", DIAMOND, 12, "名称缺失的项目（价值200元）", "Item whose name is lost (value 200 yuan)", "(價值200元)", None, "200.00", "原文仅保留了金额。"),
    ("TIR-07", DIAMOND, 13, "免费体检一次", "One free medical check-up", "(13)免費體檢一次", 1, None, ""),
    ("TIR-08", DIAMOND, 3, "手机维修（年度价值500元）", "Handset repair worth 500 yuan a year", "(價值500元)", None, "500.00", "按原文位置推断为手机维修。"),
    ("TIR-09", DIAMOND, 4, "俱乐部活动和延伸服务", "Club activities and extended services", "俱樂部活動和延伸服務", None, None, ""),
    ("TIR-10", GOLD, 1, "“一对一”客户经理", "One-to-one account manager", "實行“一對一”客戶經理", None, None, ""),
    ("TIR-11", GOLD, 6, "免保证金开通国际漫游或长途", "International roaming or long distance without deposit", "(6)免保證金開通", None, None, ""),
    ("TIR-12", GOLD, 9, "免费12580移动秘书", "Free 12580 mobile secretary", "(9)免費提供12580", None, None, ""),
    ("TIR-13", GOLD, 5, "拨打1860优先接入", "Priority access on 1860", "(5)撥打1860實行優先接入", None, None, ""),
    ("TIR-14", GOLD, 8, "亲情服务：按喜好订报、订水或送生日礼品", "Affection service: newspaper, water or birthday gift by preference", "(8)親情服務,根據客戶喜好", None, None, ""),
    ("TIR-15", GOLD, 3, "一定金额的手机维修", "Handset repair up to a certain amount", "(3)可提供一定金額手機維修", None, "300.00", "原文未写金额，此为公司设定。"),
    ("TIR-16", SILVER, 2, "SIM卡备卡", "Spare SIM card", "(2)SIM卡備卡業務", None, None, ""),
    ("TIR-17", SILVER, 7, "免费12580移动秘书", "Free 12580 mobile secretary", "(7)免費提供12580", None, None, ""),
    ("TIR-18", SILVER, 2, "按需上门服务、送达业务宣传资料", "Service at the door on demand, brochures", "(2)根據需求上門服務", None, None, ""),
    ("TIR-19", SILVER, 7, "亲情服务：按喜好订报、订水或送生日礼品", "Affection service: newspaper, water or birthday gift by preference", "(7)親情服務,根據客戶喜好", None, None, ""),
    ("TIR-20", SILVER, 1, "全球通商务会馆", "GoTone business lounge", "(1)可享受全球通商務會館", None, None, ""),
    ("TIR-21", VIP, 1, "移动公司组织的延伸服务", "Extended services", "(1)提供移動公司組織的各類延伸", None, None, ""),
    ("TIR-22", VIP, 4, "免费异地补卡", "Free replacement SIM in another place", "(4)免費提供異地補卡服務", None, None, ""),
    ("TIR-23", VIP, 4, "免费节日、生日祝福短信", "Free greeting SMS on festivals and birthdays", "免費送節日、生日祝福短信", None, None, ""),
    ("ARC-48", VIP, None, "贵宾热线优先接入1860贵宾坐席", "VIP hotline: connected first to a VIP seat of 1860", "默認并優先接入", None, None, ""),
]
# The one service for which the handbook itself names the card.
BOARDING = ("ARC-47", GOLD, None, "全球通易登机服务", "Easy boarding", "為金卡以上大客戶", None, None, "")


def fill(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    entitlement = apps.get_model("accounts", "Entitlement")
    for row in (*ROWS, BOARDING):
        code, tier, number, name_zh, name_en, quote, quantity, value, remark = row
        entitlement.objects.create(
            code=code, tier=tier, item_number=number, name_zh=name_zh, name_en=name_en,
            source_quote=f"002「{quote}」", quantity=quantity, value=value, remark=remark,
        )
    entitlement.objects.filter(code="ARC-47").update(
        verified_by="手册原文", verified_on="2026-11-22"
    )


def empty(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("accounts", "Entitlement").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0012_lines_cards_entitlements")]
    operations = [migrations.RunPython(fill, empty)]
