"""Who comes back keeps the earlier time; a centre that must wait is not recognised sooner."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("live", "0011_money_going_out"),)
    operations = (
        migrations.AddField(
            "member",
            "earlier",
            django.contrib.postgres.fields.ArrayField(models.DateField(), default=list),
        ),
        migrations.AddField("recognition", "may_ask_on", models.DateField(null=True)),
    )
