"""The positions the handbooks name (ORG-09, ORG-32); people edit the table afterwards."""

from django.db import migrations

# code, English, Chinese, may be chief representative
POSITIONS = [
    ("general-manager", "General manager", "总经理", True),
    ("deputy-general-manager", "Deputy general manager", "副总经理", True),
    ("department-manager", "Department manager", "部门经理", True),
    ("deputy-department-manager", "Deputy department manager", "部门副经理", True),
    ("account-manager", "Group client account manager", "集团客户经理", False),
    ("area-manager", "Area manager", "片区经理", False),
    ("rural-agent", "Rural agent", "农村代理人员", False),
    ("product-manager", "Product manager", "产品经理", False),
    ("technician", "Technician", "技术人员", False),
    ("data-centre", "Data centre staff", "数据中心人员", False),
    ("research", "R&D staff", "研发人员", False),
    ("hotline-agent", "Hotline agent", "客服热线话务员", False),
    ("complaint-clerk", "Complaint clerk", "投诉处理员", False),
    ("complaint-support", "Complaint support department", "投诉支撑部门人员", False),
    ("maintenance-agent", "Maintenance agent", "代维人员", False),
    ("service-director", "Customer service director", "客服主任", False),
    ("back-office", "Back-office support", "后勤支撑人员", False),
    ("shift-manager", "Shift manager", "值班经理", False),
    ("hall-manager", "Hall manager", "厅经理", False),
    ("industry-communications", "Industry client's communications department", "行业客户通信部门人员", False),
]


def create_positions(apps, schema_editor):
    position = apps.get_model("staff", "Position")
    for code, english, chinese, can_represent in POSITIONS:
        position.objects.get_or_create(
            code=code,
            defaults={"name_en": english, "name_zh": chinese, "can_represent": can_represent},
        )


class Migration(migrations.Migration):
    dependencies = [("staff", "0002_positions_and_moves_of_units")]

    operations = [migrations.RunPython(create_positions, migrations.RunPython.noop)]
