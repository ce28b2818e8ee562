"""What a model's page said when the model was sold: a later edit of the page is neither a defence nor a claim."""

import hashlib
import json

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from marketplace.models import Model3D

_SAID = ("title", "description", "file_formats", "has_animations", "has_rigging", "has_textures")


class SoldListing(models.Model):
    """One wording of a model's page, shared by everybody who bought the model while it stood there."""

    model = models.ForeignKey(Model3D, models.PROTECT, related_name="sold_listings")
    digest = models.CharField(max_length=64, editable=False)
    title = models.CharField(max_length=120)
    description = models.TextField(max_length=20000, blank=True)
    tags = ArrayField(models.CharField(max_length=80), default=list)
    file_formats = ArrayField(models.CharField(max_length=10), default=list)
    has_animations = models.BooleanField(default=False)
    has_rigging = models.BooleanField(default=False)
    has_textures = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "digest"], name="sold_listing_once")]

    def __str__(self):
        return f"{self.title} as sold"

    @classmethod
    def of(cls, model: Model3D) -> "SoldListing":
        """The row with what the model's page says now."""
        said = {name: getattr(model, name) for name in _SAID}
        said["tags"] = list(model.tags.order_by("name").values_list("name", flat=True))
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        return cls.objects.get_or_create(model=model, digest=digest, defaults=said)[0]
