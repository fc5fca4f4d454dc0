"""The key of member bills begins with the number: within a month every date is the same, and a
sort by it first compares a million equal dates."""

from django.db import migrations

# Former months that are kept for an undo are no partitions; their keys must match all the same.
NUMBER_FIRST = r"""
ALTER TABLE analytics_memberbill DROP CONSTRAINT analytics_memberbill_pkey;
DO $$
DECLARE kept record;
BEGIN
    FOR kept IN
        SELECT conrelid::regclass AS name, conname FROM pg_constraint
        WHERE contype = 'p' AND conrelid::regclass::text ~ '^analytics_memberbill_\d{6}_before_\d+$'
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', kept.name, kept.conname);
        EXECUTE format('ALTER TABLE %s ADD PRIMARY KEY (msisdn, period)', kept.name);
    END LOOP;
END $$;
ALTER TABLE analytics_memberbill ADD PRIMARY KEY (msisdn, period);
"""
MONTH_FIRST = NUMBER_FIRST.replace("(msisdn, period)", "(period, msisdn)")


class Migration(migrations.Migration):
    dependencies = [("analytics", "0013_rule_versions_of_units")]
    operations = [migrations.RunSQL(NUMBER_FIRST, MONTH_FIRST)]
