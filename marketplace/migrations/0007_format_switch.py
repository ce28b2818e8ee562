import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0006_upload")]

    operations = [
        migrations.CreateModel(
            name="FormatSwitch",
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
                    "format",
                    models.CharField(
                        choices=[
                            ("glb", "GLB"),
                            ("gltf", "glTF"),
                            ("fbx", "FBX"),
                            ("obj", "OBJ"),
                            ("blend", "Blender"),
                            ("dae", "COLLADA"),
                            ("usdz", "USDZ"),
                            ("3mf", "3MF"),
                            ("step", "STEP"),
                            ("ply", "PLY"),
                            ("stl", "STL"),
                        ],
                        max_length=10,
                        unique=True,
                    ),
                ),
                ("is_enabled", models.BooleanField(default=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        help_text="Shown to creators who upload one, for instance until when.",
                        max_length=300,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "format switches",
            },
        ),
    ]
