from django.db import migrations, models

import core.storages
import marketplace.models.file


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0003_view_batch")]

    operations = [
        migrations.AddField(
            model_name="modelfile",
            name="converted",
            field=models.FileField(
                blank=True,
                max_length=250,
                storage=core.storages.private_storage,
                upload_to=marketplace.models.file.derivative_path,
            ),
        ),
        migrations.AddField(
            model_name="modelfile",
            name="main_member",
            field=models.CharField(blank=True, editable=False, max_length=500),
        ),
        migrations.AlterField(
            model_name="finding",
            name="step",
            field=models.CharField(
                choices=[
                    ("preflight", "Check of the file"),
                    ("convert", "Conversion"),
                    ("gltf", "Measuring"),
                    ("poster", "Poster"),
                    ("turntable", "Turntable"),
                    ("geometry", "Geometry"),
                    ("claims", "The creator's words against the measures"),
                    ("formats", "The model's formats against each other"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="modelfile",
            name="format",
            field=models.CharField(
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
                default="glb",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="modelfile",
            name="step",
            field=models.CharField(
                blank=True,
                choices=[
                    ("preflight", "Checking the file"),
                    ("convert", "Converting to GLB"),
                    ("gltf", "Measuring and making the preview"),
                    ("poster", "Rendering the poster"),
                    ("turntable", "Rendering the turntable"),
                    ("geometry", "Checking the geometry"),
                ],
                max_length=12,
            ),
        ),
    ]
