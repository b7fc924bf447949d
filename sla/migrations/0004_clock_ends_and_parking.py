from django.db import migrations, models


class Migration(migrations.Migration):
    """An end is recorded, time is taken only by what was met, and the board finds parked clocks by an index."""

    dependencies = [("sla", "0003_clock_end_recorded_at")]
    operations = [
        migrations.AddIndex(
            model_name="clock",
            index=models.Index(
                condition=models.Q(("parked_at__isnull", False)), fields=["workspace", "parked_at"], name="clock_parked"
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cancelled_at", None), ("end_recorded_at", None), ("met_at", None)),
                    models.Q(
                        models.Q(("cancelled_at", None), ("met_at", None), _negated=True),
                        ("end_recorded_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="clock_end_is_recorded",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_seconds", None), ("met_at__isnull", False), _connector="OR"),
                name="clock_took_time_only_when_met",
            ),
        ),
    ]
