"""How many put a model into their cart, and where its visitors came from."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0025_rating_score")]

    operations = [
        migrations.AddField(
            model_name="dailystats",
            name="carts",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.CreateModel(
            name="DailySource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("direct", "Directly, or not told"),
                            ("engine", "Search engines"),
                            ("social", "Social networks"),
                            ("other", "Other websites"),
                            ("search", "Search on this site"),
                            ("browse", "Lists on this site"),
                            ("model", "Pages of other models"),
                            ("profile", "Profiles"),
                        ],
                        max_length=10,
                    ),
                ),
                ("views", models.PositiveIntegerField(default=0)),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="daily_sources",
                        to="marketplace.model3d",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("model", "day", "source"), name="daily_source_unique")
                ],
            },
        ),
    ]
