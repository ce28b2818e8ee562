"""The shape of a file in numbers, and the index over it."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgvector.django.indexes
import pgvector.django.vector
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0011_trigram_and_vector_extensions"),
    ]

    operations = [
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
                    ("fingerprint", "Measuring the shape"),
                ],
                max_length=12,
            ),
        ),
        migrations.CreateModel(
            name="Fingerprint",
            fields=[
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="fingerprint",
                        serialize=False,
                        to="marketplace.modelfile",
                    ),
                ),
                ("vector", pgvector.django.vector.VectorField(dimensions=64)),
                (
                    "handedness",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(),
                        help_text="Change their signs in a mirror; near 0 for a symmetric shape.",
                        size=None,
                    ),
                ),
                (
                    "scale",
                    models.FloatField(
                        help_text="Metres: root mean square distance of the surface from its middle."
                    ),
                ),
                (
                    "textures",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=64),
                        default=list,
                        help_text="SHA-256 of each picture in the model.",
                        size=None,
                    ),
                ),
                (
                    "version",
                    models.PositiveSmallIntegerField(
                        help_text="Of the way of measuring; others do not compare."
                    ),
                ),
            ],
            options={
                "indexes": [
                    pgvector.django.indexes.HnswIndex(
                        ef_construction=64,
                        fields=["vector"],
                        m=16,
                        name="fingerprint_nearest",
                        opclasses=["vector_l2_ops"],
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("scale__gt", 0)), name="fingerprint_scale_positive"
                    )
                ],
            },
        ),
    ]
