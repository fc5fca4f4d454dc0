"""What the tables of this app need from the database before they exist."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# PostgreSQL 18 has uuidv7(); before it, the time goes into the first 48 bits of a random UUID
# and two bits turn version 4 into version 7.
BUILT_IN = "SELECT uuidv7()"
WRITTEN_OUT = """
    SELECT encode(set_bit(set_bit(overlay(
        uuid_send(gen_random_uuid())
        PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3)
        FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
"""


def create_uuid7(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    with schema_editor.connection.cursor() as cursor:
        version = schema_editor.connection.pg_version
        body = BUILT_IN if version >= 180000 else WRITTEN_OUT
        cursor.execute(
            f"CREATE FUNCTION crm_uuid7() RETURNS uuid LANGUAGE sql VOLATILE AS $${body}$$"
        )


def drop_uuid7(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute("DROP FUNCTION crm_uuid7()")


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [TrigramExtension(), migrations.RunPython(create_uuid7, drop_uuid7)]
