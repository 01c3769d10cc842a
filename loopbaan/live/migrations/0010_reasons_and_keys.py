"""Who looks for the authority always says why; a coach is entered once for each form."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("live", "0009_calculation"),)
    operations = (
        migrations.RemoveConstraint("look", "look_with_a_reason"),
        migrations.AddConstraint(
            "look",
            models.CheckConstraint(
                condition=models.Q(
                    what__in=("check", "track", "plan", "search", "order", "talk"),
                )
                & (~models.Q(what__in=("search", "order", "talk")) | ~models.Q(reason="")),
                name="look_with_a_reason",
                violation_error_message="Wie iemand opzoekt, zegt waarom.",
            ),
        ),
        migrations.AddField("coach", "key", models.UUIDField(null=True, unique=True)),
    )
