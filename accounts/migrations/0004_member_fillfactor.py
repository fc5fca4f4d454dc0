"""Leave room in the members' pages.

Each month a few per cent of a million members change. With room in the page the new version of a
row stays there, and none of the indexes has to be told.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_room_for_updates")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE accounts_member SET (fillfactor = 90)",
            "ALTER TABLE accounts_member RESET (fillfactor)",
        )
    ]
