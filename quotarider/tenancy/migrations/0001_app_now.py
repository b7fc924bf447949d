from django.db import migrations


class Migration(migrations.Migration):
    """The database's instant, read once per scope. The test launcher replaces it by one that can be moved."""

    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            "CREATE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE AS "
            "$$ SELECT statement_timestamp() $$; "
            "GRANT EXECUTE ON FUNCTION app_now() TO qr_app, qr_clock, qr_guard",
            "DROP FUNCTION app_now()",
        )
    ]
