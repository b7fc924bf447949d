from django.db import migrations, models


class Migration(migrations.Migration):
    """What helps to read a file: sample values, how its dates are meant, the campaign of rows that name none."""

    dependencies = [("leads", "0001_initial")]

    operations = [
        migrations.AddField("importjob", "samples", models.JSONField(default=list)),
        migrations.AddField("importjob", "day_first", models.BooleanField(null=True)),
        migrations.AddField("importjob", "campaign", models.CharField(blank=True, max_length=120)),
    ]
