"""Rewrite what a search looks through: pairs of characters, digits of telephone numbers."""

import re

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from crm.lib import pinyin

BATCH = 2000


def rewrite(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Client, Contact = apps.get_model("accounts", "Client"), apps.get_model("accounts", "Contact")
    of_client = lambda row: (row.name, row.code)
    of_contact = lambda row: (
        row.name, row.title, row.mobile, *(re.sub(r"\D", "", n) for n in (row.mobile, row.phone))
    )
    for model, parts in ((Client, of_client), (Contact, of_contact)):
        batch = []
        for row in model.objects.order_by("pk").iterator(BATCH):
            row.search_text = pinyin.search_text(*parts(row))
            batch.append(row)
            if len(batch) == BATCH:
                model.objects.bulk_update(batch, ["search_text"])
                batch = []
        model.objects.bulk_update(batch, ["search_text"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_members_by_tail_recent_clients")]
    operations = [
        migrations.RunPython(rewrite, migrations.RunPython.noop),
        # The index on the ends of numbers is used only when the planner knows how they spread.
        migrations.RunSQL("ANALYZE accounts_member", migrations.RunSQL.noop),
    ]
