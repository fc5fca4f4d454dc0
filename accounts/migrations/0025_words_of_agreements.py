"""Write what a search over agreements looks through."""

import re

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from crm.lib import pinyin

BATCH = 2000


def write(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    Agreement = apps.get_model("accounts", "Agreement")
    batch = []
    for row in Agreement.objects.order_by("pk").iterator(BATCH):
        numbers = (row.group_number, row.short_numbers)
        digits = (re.sub(r"\D", "", number) for number in numbers)
        row.search_text = pinyin.search_text(row.product, *numbers, *digits)
        batch.append(row)
        if len(batch) == BATCH:
            Agreement.objects.bulk_update(batch, ["search_text"])
            batch = []
    Agreement.objects.bulk_update(batch, ["search_text"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0024_search_of_agreements")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
