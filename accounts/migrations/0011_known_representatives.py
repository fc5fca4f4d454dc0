"""Whoever represents a client already begins its history; the next visit is due in a rhythm."""

from django.db import migrations
from django.utils import timezone

from accounts.choices import RHYTHM_DEFAULTS, RhythmKind
from crm.lib.months import months_later


def begin_histories(apps, schema_editor):
    Client = apps.get_model("accounts", "Client")
    Representation = apps.get_model("accounts", "Representation")
    now = timezone.now()
    today = timezone.localtime(now).date()
    known = Client.objects.exclude(chief_representative=None).filter(representations=None)
    begun = []
    for pk, person, letter in known.values_list("pk", "chief_representative", "client_class"):
        months = RHYTHM_DEFAULTS.get((RhythmKind.REPRESENTATIVE, letter))
        due = months_later(today, months) if months else None
        begun.append(
            Representation(
                client_id=pk, representative_id=person, started_at=now, visit_due_on=due
            )
        )
    Representation.objects.bulk_create(begun, batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_major_changes_representatives_promises")]

    # Backwards the table goes with the migration before.
    operations = [migrations.RunPython(begin_histories, migrations.RunPython.noop)]
