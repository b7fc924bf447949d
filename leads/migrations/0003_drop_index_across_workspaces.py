from django.db import migrations, models


class Migration(migrations.Migration):
    """A SlugField brings an index of its own, which doesn't lead with the workspace and so serves no query."""

    dependencies = [("leads", "0002_import_hints")]
    operations = [
        migrations.AlterField(model_name="source", name="slug", field=models.SlugField(db_index=False, max_length=60)),
    ]
