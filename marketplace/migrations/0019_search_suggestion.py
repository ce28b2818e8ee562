"""A small table of popular words and titles, for suggestions under the search field."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0018_shown_later_and_brought_back")]

    operations = [
        migrations.CreateModel(
            name="SearchSuggestion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("phrase", "Words to search for"), ("title", "Title of a model")],
                        max_length=10,
                    ),
                ),
                ("text", models.CharField(max_length=120)),
                ("folded", models.CharField(max_length=250)),
                ("weight", models.FloatField(default=0)),
                (
                    "model",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="marketplace.model3d",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["folded"], name="search_suggestion_words", opclasses=["gin_trgm_ops"]
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "folded"), name="search_suggestion_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "phrase"), ("model__isnull", True)),
                            models.Q(("kind", "title"), ("model__isnull", False)),
                            _connector="OR",
                        ),
                        name="search_suggestion_title_has_model",
                    ),
                ],
            },
        ),
    ]
