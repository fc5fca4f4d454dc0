"""The first confidentiality text (SEC-01..08) and the frame of the norms; the province edits both."""

from datetime import UTC, datetime

from django.db import migrations

CONFIDENTIALITY_EN = """\
What you see here belongs to our clients and to the company.

1. Do not disclose communication data and business secrets of clients, nor those of the company.
2. Tell a client nothing about the company that does not concern them, and nothing about other clients.
3. Keep documents and data safe; leave nothing open on a desk or a screen.
4. Look at numbers and call details only for your work; each look is noted with your name.
5. Take out files only when you need them, and delete them afterwards.
6. Your account is yours alone: tell nobody your password.
7. The company's things you borrow go back in time; nobody uses the position for personal gain."""
CONFIDENTIALITY_ZH = """\
您在本系统看到的内容属于客户和公司。

1. 不泄露客户的通信情况和商业秘密，不泄露公司机密。
2. 不向客户透露与其无关的公司情况，不透露其他客户的情况。
3. 妥善保管文件和资料，不随意放在桌面或留在屏幕上。
4. 只因工作需要查看号码和详单，每次查看都会记录姓名。
5. 只在需要时导出文件，用后删除。
6. 账号仅限本人使用，不得告知他人密码。
7. 暂借的公司物品按时归还，不利用职务之便谋取个人利益。"""
NORMS_EN = """\
These norms bind everybody who serves group clients. The provincial group client marketing department revises and explains them."""
NORMS_ZH = """\
本规范适用于集团客户团队全体服务人员，由省公司集团客户营销部负责修订和解释。"""


def publish(apps, schema_editor):
    policy = apps.get_model("staff", "PolicyVersion")
    for kind, english, chinese in (
        ("confidentiality", CONFIDENTIALITY_EN, CONFIDENTIALITY_ZH),
        ("norms", NORMS_EN, NORMS_ZH),
    ):
        policy.objects.get_or_create(
            kind=kind,
            version=1,
            defaults={
                "body_en": english,
                "body_zh": chinese,
                "published_at": datetime(2026, 11, 22, tzinfo=UTC),
            },
        )


class Migration(migrations.Migration):
    dependencies = [("staff", "0005_policies_loans_duty")]

    # Texts that somebody accepted must stay when the migration is unapplied.
    operations = [migrations.RunPython(publish, migrations.RunPython.noop)]
