"""The view that a creator chose for the poster, and the picture that the gallery opens with."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0022_sample_statistics"),
    ]

    operations = [
        migrations.CreateModel(
            name="PosterAngle",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "azimuth",
                    models.SmallIntegerField(
                        help_text="Degrees: 0 looks at the front, 90 at the right side."
                    ),
                ),
                (
                    "elevation",
                    models.SmallIntegerField(help_text="Degrees above the horizon; negative from below."),
                ),
            ],
        ),
        migrations.AddField(
            model_name="previewimage",
            name="is_cover",
            field=models.BooleanField(default=False),
        ),
        migrations.AddConstraint(
            model_name="previewimage",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_cover", True)), fields=("model",), name="preview_image_one_cover"
            ),
        ),
        migrations.AddField(
            model_name="posterangle",
            name="model",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="poster_angle",
                to="marketplace.model3d",
            ),
        ),
        migrations.AddConstraint(
            model_name="posterangle",
            constraint=models.CheckConstraint(
                condition=models.Q(("azimuth__gte", -180), ("azimuth__lte", 180)),
                name="poster_angle_azimuth_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="posterangle",
            constraint=models.CheckConstraint(
                condition=models.Q(("elevation__gte", -85), ("elevation__lte", 85)),
                name="poster_angle_elevation_range",
            ),
        ),
    ]
