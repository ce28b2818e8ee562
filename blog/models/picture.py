"""The picture of something that is written here, cut to one shape in three widths. Part of posts and courses."""

import uuid

from django.db import models
from django.db.models import Q


def picture_path(instance, filename):
    """Public, and random: its address tells nothing of what is not published yet."""
    return f"blog/{uuid.uuid4().hex}/{filename}"


def picture_in_all_sizes() -> Q:
    """The condition of the constraint: all of them, or none."""
    return Q(picture_large="", picture_medium="", picture_small="") | ~(
        Q(picture_large="") | Q(picture_medium="") | Q(picture_small="")
    )


class PicturedMixin(models.Model):
    """The same picture, cut 16:9, in three widths."""

    picture_large = models.ImageField(upload_to=picture_path, max_length=250, blank=True, editable=False)
    picture_medium = models.ImageField(upload_to=picture_path, max_length=250, blank=True, editable=False)
    picture_small = models.ImageField(upload_to=picture_path, max_length=250, blank=True, editable=False)
    picture_alt = models.CharField(
        "picture in words", max_length=200, blank=True, help_text="For who does not see the picture."
    )

    class Meta:
        abstract = True
