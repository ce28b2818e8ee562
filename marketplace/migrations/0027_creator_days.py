"""The days of creators, and the triggers that note which of them have to be summed anew. Beat does that soon after."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NOTE = """
CREATE FUNCTION marketplace_note_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO marketplace_figurechange (creator_id, day)
    SELECT DISTINCT model.creator_id, changed.day
    FROM changed JOIN marketplace_model3d model ON model.id = changed.model_id;
    RETURN NULL;
END $$;
CREATE TRIGGER daily_stats_inserted AFTER INSERT ON marketplace_dailystats
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION marketplace_note_figures();
CREATE TRIGGER daily_stats_updated AFTER UPDATE ON marketplace_dailystats
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION marketplace_note_figures();
CREATE TRIGGER daily_stats_deleted AFTER DELETE ON marketplace_dailystats
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION marketplace_note_figures();
INSERT INTO marketplace_figurechange (creator_id, day)
    SELECT DISTINCT model.creator_id, stats.day
    FROM marketplace_dailystats stats JOIN marketplace_model3d model ON model.id = stats.model_id;
"""
FORGET = """
DROP TRIGGER daily_stats_inserted ON marketplace_dailystats;
DROP TRIGGER daily_stats_updated ON marketplace_dailystats;
DROP TRIGGER daily_stats_deleted ON marketplace_dailystats;
DROP FUNCTION marketplace_note_figures();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0026_carts_and_sources"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FigureChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("creator_id", models.BigIntegerField()),
                ("day", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="CreatorDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("views", models.PositiveBigIntegerField(default=0)),
                ("likes", models.PositiveBigIntegerField(default=0)),
                ("downloads", models.PositiveBigIntegerField(default=0)),
                ("carts", models.PositiveBigIntegerField(default=0)),
                ("sales", models.PositiveBigIntegerField(default=0)),
                ("revenue", models.DecimalField(decimal_places=2, default=0, max_digits=14)),
                ("sources", models.JSONField(default=dict)),
                (
                    "creator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="days",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["day"], name="creator_day_day")],
                "constraints": [
                    models.UniqueConstraint(fields=("creator", "day"), name="creator_day_unique")
                ],
            },
        ),
        migrations.RunSQL(NOTE, FORGET),
    ]
