from django.db import migrations, models

# the owner sees no tenant row while row-level security is forced on it
KNOWN_ENDS = """
ALTER TABLE sla_clock NO FORCE ROW LEVEL SECURITY;
UPDATE sla_clock SET end_recorded_at = coalesce(met_at, cancelled_at) WHERE coalesce(met_at, cancelled_at) IS NOT NULL;
ALTER TABLE sla_clock FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    """When the end of a clock was written down, and how much business time it took until met."""

    dependencies = [("sla", "0002_open_lead_guard")]
    operations = [
        migrations.AddField("clock", "end_recorded_at", models.DateTimeField(null=True)),
        migrations.AddField("clock", "taken_seconds", models.PositiveIntegerField(null=True)),
        migrations.RunSQL(KNOWN_ENDS, migrations.RunSQL.noop),
    ]
