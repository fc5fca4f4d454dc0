"""Industries to choose from, by sector; archives are as old as their last change."""

from django.db import migrations
from django.db.models import F

# Industries of one sector have the same latent needs (ARC-07).
SECTORS = {
    "党政机关": ("机关", "社会团体", "公安", "税务", "司法", "工商", "海关", "城市管理", "民政"),
    "科教文卫": ("教育", "卫生", "科研", "文化", "体育", "传媒"),
    "金融保险": ("银行", "证券", "保险", "金融"),
    "公用事业": ("电力", "供水", "供热", "燃气", "邮政", "环保"),
    "交通物流": ("铁路", "民航", "公路运输", "物流", "出租车", "交通"),
    "工业制造": ("制造", "机械", "化工", "冶金", "建材", "食品", "医药", "纺织", "电子"),
    "能源矿产": ("石油", "煤炭", "矿业"),
    "建筑房产": ("建筑", "房地产", "物业"),
    "商贸服务": ("批发", "零售", "商贸", "餐饮", "酒店", "旅游", "娱乐", "服务"),
    "信息技术": ("软件", "互联网", "信息服务"),
    "农林牧渔": ("农业", "林业", "畜牧", "渔业", "农垦"),
}


def fill(apps, schema_editor):
    industry = apps.get_model("accounts", "Industry")
    industry.objects.bulk_create(
        [industry(name=name, sector=sector) for sector, names in SECTORS.items() for name in names],
        ignore_conflicts=True,
    )
    client = apps.get_model("accounts", "Client")
    known = industry.objects.values("name")
    own = client.objects.exclude(industry="").exclude(industry__in=known)
    named = own.order_by().values_list("industry", flat=True).distinct()
    industry.objects.bulk_create([industry(name=name) for name in named])
    client.objects.update(archive_current_at=F("updated_at"))


class Migration(migrations.Migration):

    dependencies = [("accounts", "0008_archive_of_a_client")]

    operations = [
        # The industries may be in use by now; the table goes with the migration before this one.
        migrations.RunPython(fill, migrations.RunPython.noop)
    ]
