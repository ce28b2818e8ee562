"""What a model's page said when the model was sold: a later edit of the page is neither a defence nor a claim."""

import hashlib
import json
from collections.abc import Iterable, Mapping

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from core.database.prepared import Prepared
from marketplace.models import Model3D

# Of a model, beside its tags.
SAID = ("title", "description", "file_formats", "has_animations", "has_rigging", "has_textures")


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
    def of(cls, models: Mapping[Model3D, Iterable[str]]) -> dict[int, "SoldListing"]:
        """The rows with what the models' pages say now, by model, whose rows the caller has locked; with the tags of
        each.
        """
        now = {model.pk: cls._saying(model, tags) for model, tags in models.items()}
        if not now:
            return {}
        digests = [listing.digest for listing in now.values()]
        found = _KNOWN(models=list(now), digests=digests)
        known = {one.model_id: one for one in found if one.digest == now[one.model_id].digest}
        new = cls.objects.bulk_create([now[pk] for pk in now if pk not in known])
        return known | {listing.model_id: listing for listing in new}

    @classmethod
    def _saying(cls, model: Model3D, tags: Iterable[str]) -> "SoldListing":
        said = {name: getattr(model, name) for name in SAID}
        said["tags"] = sorted(tags)
        digest = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
        return cls(model=model, digest=digest, **said)


_KNOWN = Prepared(
    lambda models, digests: SoldListing.objects.filter(model__among=models, digest__among=digests),
    models=list,
    digests=list,
)
