"""Member bills: one partition a month, made and swapped by the import itself.

Widest columns first, so that a row carries no padding. No foreign key: the rows were joined
with the clients when they were loaded, and checking a million of them again costs more than
loading them.
"""

from django.db import migrations

CREATE = """
CREATE TABLE analytics_memberbill (
    client_id uuid NOT NULL,
    msisdn bigint NOT NULL,
    period date NOT NULL,
    import_number integer NOT NULL,
    line integer NOT NULL,
    joined_on date,
    local integer NOT NULL,
    domestic_long_distance integer NOT NULL,
    international_long_distance integer NOT NULL,
    roaming_in_province integer NOT NULL,
    roaming_out_of_province integer NOT NULL,
    ip integer NOT NULL,
    sms integer NOT NULL,
    voice_value_added integer NOT NULL,
    mobile_data integer NOT NULL,
    cmnet integer NOT NULL,
    internet_line integer NOT NULL,
    voip_line integer NOT NULL,
    vpn integer NOT NULL,
    other integer NOT NULL,
    discount integer NOT NULL,
    total integer NOT NULL,
    arrears integer NOT NULL,
    points integer NOT NULL,
    status smallint NOT NULL,
    tier smallint NOT NULL,
    payment_method smallint NOT NULL,
    is_corporate_paid boolean NOT NULL,
    PRIMARY KEY (period, msisdn)
) PARTITION BY LIST (period);
CREATE INDEX analytics_memberbill_client ON analytics_memberbill (client_id);
"""


class Migration(migrations.Migration):
    dependencies = [("analytics", "0001_billing_facts_alerts")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE analytics_memberbill")]
