"""The running number in the number of a case: given once, also when a transaction is undone."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_cases")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE complaints_case_number", "DROP SEQUENCE complaints_case_number"
        )
    ]
