"""Profiles (STF-01, STF-02), the catalogue (STF-03, STF-06, STF-09) and career steps (STF-05).

Of the agents' twelve qualities the handbook's groups are known (four each of morality, business and
psychology), the single names are ours. The years of the career steps are lost and stay empty.
"""

from django.db import migrations

MANAGER = [
    ("morality", "Professional morality", "职业道德"),
    ("competition", "Sense of competition", "竞争意识"),
    ("benefit", "Sense of benefit", "效益意识"),
    ("law", "Sense of law", "法律意识"),
    ("secrecy", "Sense of secrecy", "保密意识"),
    ("products", "Product knowledge and its presentation", "产品知识与文案"),
    ("thinking", "Independent thinking", "独立思考"),
    ("relations", "Relations with people", "人际交往"),
    ("appearance", "Appearance and manner", "仪表仪态"),
    ("analysis", "Analysis and judgement", "分析判断能力"),
    ("planning", "Planning and organisation", "计划组织能力"),
    ("initiative", "Initiative", "主动性"),
    ("written", "Written expression", "书面表达"),
    ("oral", "Oral expression", "口头表达"),
]
AGENT = [
    ("agent-honesty", "Morality: honesty", "品德：诚实守信"),
    ("agent-duty", "Morality: sense of duty", "品德：责任心"),
    ("agent-law", "Morality: obeying the law", "品德：遵纪守法"),
    ("agent-secrecy", "Morality: secrecy", "品德：保守秘密"),
    ("agent-products", "Business: product knowledge", "业务：产品知识"),
    ("agent-selling", "Business: selling", "业务：推介能力"),
    ("agent-planning", "Business: planning and organisation", "业务：工作计划与组织"),
    ("agent-service", "Business: service", "业务：服务能力"),
    ("agent-confidence", "Psychology: self-confidence", "心理：自信"),
    ("agent-patience", "Psychology: patience", "心理：耐心"),
    ("agent-resilience", "Psychology: standing setbacks", "心理：抗挫折"),
    ("agent-calm", "Psychology: self-control", "心理：情绪控制"),
]
COURSES = [
    ("economy", "subject", "Economy", "经济"),
    ("finance", "subject", "Finance", "金融"),
    ("public-relations", "subject", "Public relations", "公共关系"),
    ("marketing", "subject", "Marketing", "市场营销"),
    ("computing", "subject", "Computing", "计算机"),
    ("law", "subject", "Law", "法律"),
    ("service-norms", "skill", "Service norms", "服务规范"),
    ("business-knowledge", "skill", "Business knowledge", "业务知识"),
    ("process", "skill", "Business processes", "业务流程"),
    ("demo", "skill", "Demonstrating products", "产品演示技巧"),
    ("negotiation", "skill", "Negotiation", "谈判技巧"),
    ("questions", "skill", "The four question types", "四类提问技巧"),
    ("stress", "skill", "Stress when tired", "疲劳时的压力管理"),
    ("visit-simulation", "simulation", "Visit simulation for new account managers", "新任客户经理走访模拟"),
]
STEPS = [
    (
        "complaint-clerk", "shift-manager",
        "Performance management, difficult complaints, communication, staff management, stress release",
        "绩效管理、疑难投诉处理、沟通、员工管理、压力释放",
    ),
    ("shift-manager", "hall-manager", "Team building, finance, law", "团队建设、财务、法律"),
]


def create(apps, schema_editor):
    quality, course = apps.get_model("staff", "Quality"), apps.get_model("staff", "Course")
    for profile, rows in (("manager", MANAGER), ("agent", AGENT)):
        for place, (code, english, chinese) in enumerate(rows, start=1):
            quality.objects.get_or_create(
                code=code,
                defaults={"profile": profile, "place": place, "name_en": english, "name_zh": chinese},
            )
    for code, kind, english, chinese in COURSES:
        course.objects.get_or_create(
            code=code, defaults={"kind": kind, "name_en": english, "name_zh": chinese}
        )
    positions = apps.get_model("staff", "Position").objects
    for first, then, english, chinese in STEPS:
        apps.get_model("staff", "CareerStep").objects.get_or_create(
            from_position=positions.get(code=first),
            to_position=positions.get(code=then),
            defaults={"skills_en": english, "skills_zh": chinese},
        )


class Migration(migrations.Migration):
    dependencies = [("staff", "0008_skills_and_training")]

    # Assessments and sessions point to these rows: they stay.
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
