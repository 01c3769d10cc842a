"""Why a talk was shortened stands with the talk: a claim never held it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("live", "0012_times_and_terms"),)
    operations = (migrations.RemoveField("claim", "ground"),)
