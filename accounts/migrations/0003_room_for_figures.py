"""Room in each page for the monthly update of income and members.

With a free place in the same page, and no index on what changes, PostgreSQL updates the row
without touching any of the table's indexes (HOT).
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_clients_contacts_members")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE accounts_client SET (fillfactor = 50)",
            "ALTER TABLE accounts_client RESET (fillfactor)",
        )
    ]
