"""What is only ever appended cannot be changed or removed, whoever tries."""

from django.db import migrations

TABLES = ("live_journalline", "live_batch", "live_decision", "live_transfer")
CREATE = """
CREATE FUNCTION live_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is only ever appended', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
"""
TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION live_append_only();
"""


class Migration(migrations.Migration):
    dependencies = (("live", "0001_initial"),)
    operations = (
        migrations.RunSQL(
            CREATE + "".join(TRIGGER.format(table=table) for table in TABLES),
            "".join(f"DROP TRIGGER append_only ON {table};" for table in TABLES)
            + "DROP FUNCTION live_append_only();",
        ),
    )
