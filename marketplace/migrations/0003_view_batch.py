import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0002_search")]

    operations = [
        migrations.CreateModel(
            name="ViewBatch",
            fields=[
                ("batch_id", models.UUIDField(primary_key=True, serialize=False)),
                ("applied_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
            ],
            options={"verbose_name_plural": "view batches"},
        ),
    ]
