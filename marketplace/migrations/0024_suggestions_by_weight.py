"""Suggestions of what many begin with are read in the order of their weight."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0023_poster_angle_and_cover")]

    operations = [
        migrations.AddIndex(
            model_name="searchsuggestion",
            index=models.Index(fields=["kind", "-weight", "folded", "id"], name="search_suggestion_best"),
        ),
    ]
