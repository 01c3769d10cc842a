"""What the second half only ever appends cannot be changed or removed either."""

from django.db import migrations

TABLES = ("live_attempt", "live_plan", "live_aftercare", "live_look", "live_claim")
TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION live_append_only();
"""


class Migration(migrations.Migration):
    dependencies = (("live", "0003_second_half"),)
    operations = (
        migrations.RunSQL(
            "".join(TRIGGER.format(table=table) for table in TABLES),
            "".join(f"DROP TRIGGER append_only ON {table};" for table in TABLES),
        ),
    )
