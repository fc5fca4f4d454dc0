"""The four rules as the handbook and the company setting have them (CHN-01, CHN-02, CHN-03, CHN-30)."""

from decimal import Decimal

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# rule, per cent, strictly more, at least, working days until the visit
DEFAULTS = [
    ("revenue_drop", "30", True, "0", 5),
    ("pre_churn", "10", False, "1", 2),
    ("member_loss", "10", False, "3", 5),
    ("arrears", "10", False, "100", 5),
]


def create_defaults(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    apps.get_model("analytics", "RuleVersion").objects.bulk_create(
        apps.get_model("analytics", "RuleVersion")(
            rule=rule,
            version=1,
            percent=Decimal(percent),
            is_strict=is_strict,
            minimum=Decimal(minimum),
            due_working_days=days,
        )
        for rule, percent, is_strict, minimum, days in DEFAULTS
    )


class Migration(migrations.Migration):
    dependencies = [("analytics", "0002_member_bill_partitions")]
    operations = [
        # Versions that readings point to must stay when the migration is unapplied.
        migrations.RunPython(create_defaults, migrations.RunPython.noop)
    ]
