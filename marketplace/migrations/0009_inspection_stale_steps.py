"""Steps whose results are to be made anew, while the old ones are still shown."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0008_tool_versions_by_step")]

    operations = [
        migrations.AddField(
            model_name="inspection",
            name="stale_steps",
            field=models.JSONField(blank=True, default=list),
        ),
    ]
