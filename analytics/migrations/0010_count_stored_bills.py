"""Coverage of the months that were loaded before it was kept."""

from django.db import migrations

COUNT = """
    INSERT INTO analytics_periodcoverage (period, unit_id, rows, clients, total)
    SELECT b.period, c.unit_id, count(*), count(DISTINCT b.client_id), sum(b.total) / 100.0
    FROM analytics_memberbill b JOIN accounts_client c ON c.id = b.client_id
    GROUP BY b.period, c.unit_id
"""


class Migration(migrations.Migration):
    dependencies = [("analytics", "0009_period_states_and_coverage")]
    # Counts go with their table.
    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
