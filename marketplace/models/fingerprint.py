"""The shape of a file in numbers: what similar shapes, search by shape and the reviewers' comparison read."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from pgvector.django import HnswIndex, VectorField

from marketplace.models.file import ModelFile
from marketplace.processing.shape import DIMENSIONS


class Fingerprint(models.Model):
    """One file's shape, whatever its place, turn, size, triangles or hand; see `marketplace.processing.shape`.

    A file without a surface has none.
    """

    file = models.OneToOneField(ModelFile, models.CASCADE, primary_key=True, related_name="fingerprint")
    vector = VectorField(dimensions=DIMENSIONS)
    handedness = ArrayField(
        models.FloatField(), help_text="Change their signs in a mirror; near 0 for a symmetric shape."
    )
    scale = models.FloatField(help_text="Metres: root mean square distance of the surface from its middle.")
    textures = ArrayField(
        models.CharField(max_length=64), default=list, help_text="SHA-256 of each picture in the model."
    )
    version = models.PositiveSmallIntegerField(help_text="Of the way of measuring; others do not compare.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(scale__gt=0), name="fingerprint_scale_positive")
        ]
        indexes = [
            HnswIndex(
                fields=["vector"],
                name="fingerprint_nearest",
                opclasses=["vector_l2_ops"],
                m=16,
                ef_construction=64,
            )
        ]

    def __str__(self):
        return f"fingerprint of file {self.file_id}"
