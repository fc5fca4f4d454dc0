"""Room in each page for what the monthly import updates.

With a free place in the same page, and no index on what changes, PostgreSQL updates a row
without touching any of the table's indexes (HOT). Each month changes nearly every client's
income, and the status of a few per cent of the members.
"""

from django.db import migrations

FILL = {"accounts_client": 50, "accounts_member": 90}


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_clients_contacts_members")]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} SET (fillfactor = {percent})",
            f"ALTER TABLE {table} RESET (fillfactor)",
        )
        for table, percent in FILL.items()
    ]
