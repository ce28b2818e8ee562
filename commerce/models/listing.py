"""What a model's page said when the model was sold: a later edit of the page is neither a defence nor a claim."""

import hashlib
import json
from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, prefetch_related_objects
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
    def of(cls, models: Iterable[Model3D]) -> dict[int, "SoldListing"]:
        """The rows with what the models' pages say now, by model, whose rows the caller has locked."""
        models = list(models)
        prefetch_related_objects(models, "tags")
        now = {model.pk: cls._saying(model) for model in models}
        same = Q()
        for listing in now.values():
            same |= Q(model=listing.model_id, digest=listing.digest)
        known = {listing.model_id: listing for listing in cls.objects.filter(same)} if now else {}
        new = cls.objects.bulk_create([now[pk] for pk in now if pk not in known])
        return known | {listing.model_id: listing for listing in new}

    @classmethod
    def _saying(cls, model: Model3D) -> "SoldListing":
        said = {name: getattr(model, name) for name in _SAID}
        said["tags"] = sorted(tag.name for tag in model.tags.all())
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        return cls(model=model, digest=digest, **said)
