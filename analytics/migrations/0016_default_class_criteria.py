"""Criteria to begin with; the handbooks give none (AMB-06), so each company sets its own."""

from decimal import Decimal

from django.db import migrations


def create_defaults(apps, schema_editor):
    apps.get_model("analytics", "CriteriaVersion").objects.create(
        version=1,
        months=3,
        a_income=Decimal(50_000),
        a_members=500,
        b_income=Decimal(10_000),
        b_members=100,
    )


class Migration(migrations.Migration):
    dependencies = [("analytics", "0015_class_suggestions")]

    # Backwards the table goes with the migration before.
    operations = [migrations.RunPython(create_defaults, migrations.RunPython.noop)]
