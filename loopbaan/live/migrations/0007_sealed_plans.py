"""The content of a plan is sealed, as the number of its worker is; the rest cannot be changed."""

import json
from typing import Any

from django.conf import settings
from django.db import migrations, models

from loopbaan.adapters.insz import Keyring

DROP = "DROP TRIGGER append_only ON live_plan;"
# Sealed anew when a key is rotated; nothing else of it moves.
CREATE = """
CREATE TRIGGER append_only
BEFORE UPDATE OF id, voucher_id, made_at, made_by, is_pdf OR DELETE OR TRUNCATE ON live_plan
FOR EACH STATEMENT EXECUTE FUNCTION live_append_only();
"""


def seal(apps: Any, _schema: Any) -> None:
    """Seal what lies open."""
    keys = Keyring.read(settings.INSZ_KEYS)
    for plan in apps.get_model("live", "Plan").objects.iterator(100):
        plan.is_pdf = plan.pdf is not None
        content = bytes(plan.pdf) if plan.is_pdf else json.dumps(plan.parts).encode()
        sealed = keys.seal_content(content, f"plan:{plan.voucher_id}")
        plan.content_key, plan.content_cipher = sealed
        plan.save(update_fields=("is_pdf", "content_key", "content_cipher"))


class Migration(migrations.Migration):
    dependencies = (("live", "0006_webhooks"),)
    operations = (
        migrations.RunSQL(DROP),
        migrations.RemoveConstraint("plan", "plan_pdf_or_parts"),
        migrations.AddField("plan", "is_pdf", models.BooleanField(null=True)),
        migrations.AddField("plan", "content_key", models.CharField(max_length=16, null=True)),
        migrations.AddField("plan", "content_cipher", models.BinaryField(null=True)),
        migrations.RunPython(seal),
        migrations.AlterField("plan", "is_pdf", models.BooleanField()),
        migrations.AlterField("plan", "content_key", models.CharField(max_length=16)),
        migrations.AlterField("plan", "content_cipher", models.BinaryField()),
        migrations.RemoveField("plan", "pdf"),
        migrations.RemoveField("plan", "parts"),
        migrations.RunSQL(CREATE),
    )
