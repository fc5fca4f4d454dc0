"""Advice for each personality (CON-09..CON-13) and each attitude (CON-22)."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

PERSONALITY = "personality"
ATTITUDE = "attitude"
TIPS = (
    (
        PERSONALITY,
        "analytical",
        "Calculate in detail for this person and argue with advantages; feelings are not needed. "
        "Answer objections like an expert, above all those about the price. Encourage them also "
        "after the purchase.",
        "为客户具体算账，用优势和数据说话，不必打感情牌。专业地处理异议，尤其是价格异议。"
        "成交之后仍要给予鼓励和肯定。",
    ),
    (
        PERSONALITY,
        "driver",
        "Values facts and wants to stand out. Be brief and come to the point.",
        "看重事实，希望与众不同。交谈要言简意赅、切中要点。",
    ),
    (
        PERSONALITY,
        "expressive",
        "No technical talk. Show the product like a small play, name others who bought it, keep "
        "the tone light.",
        "不要谈技术细节。产品展示要生动、有戏剧性，多举其他客户购买的例子，气氛轻松。",
    ),
    (
        PERSONALITY,
        "amiable",
        "Hides what they really think, is slow and afraid of risk. Build the relation first, give "
        "your personal guarantee, and tell how it will help their family.",
        "不轻易表露真实想法，决定慢，怕担风险。先建立关系，以个人名义作出保证，"
        "并说明对其家人的好处。",
    ),
    (
        PERSONALITY,
        "silent",
        "Lead the person to talk: keep asking questions that have to be answered.",
        "用诱导法：不断提出对方必须回答的问题，引导其开口。",
    ),
    (
        ATTITUDE,
        "open",
        "Use the good mood: ask about needs, and agree on the next step.",
        "趁气氛融洽多了解需求，并约定下一步。",
    ),
    (
        ATTITUDE,
        "reticent",
        "Ask open questions, build trust, look for common ground.",
        "多提开放式问题，建立信任，寻找共同话题。",
    ),
    (
        ATTITUDE,
        "dissatisfied",
        "Explain sincerely, admit what went wrong, and say how it will be improved.",
        "真诚解释，承认不足，并说明改进措施。",
    ),
    (
        ATTITUDE,
        "angry",
        "The anger comes from somebody else: listen, stay neutral, take no side.",
        "客户因他人而生气：耐心倾听，保持不偏不倚的态度。",
    ),
)


def create_tips(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    tip = apps.get_model("accounts", "Tip")
    for subject, value, text_en, text_zh in TIPS:
        tip.objects.get_or_create(
            subject=subject, value=value, defaults={"text_en": text_en, "text_zh": text_zh}
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_people_at_the_client")]
    operations = [
        # Going back drops the table itself.
        migrations.RunPython(create_tips, migrations.RunPython.noop)
    ]
