import django.contrib.postgres.indexes
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0017_course_kind")]

    operations = [
        migrations.AddIndex(
            model_name="user",
            index=django.contrib.postgres.indexes.GinIndex(
                condition=models.Q(("is_active", False)),
                fields=["searchable_names"],
                name="user_names_not_active",
                opclasses=["gin_trgm_ops"],
            ),
        ),
        migrations.AddIndex(model_name="user", index=models.Index(fields=["created_at"], name="user_joined")),
    ]
