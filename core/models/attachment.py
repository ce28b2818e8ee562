"""What comes with a message: pictures and files, whoever may fetch them."""

import uuid

from django.db import models


class Attachment(models.Model):
    """A picture, as the site made it anew, or a file, as it was sent; a subclass has its message and its file."""

    class Kind(models.TextChoices):
        PICTURE = "picture", "Picture"
        FILE = "file", "File"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # What the sender called it.
    name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    @property
    def is_picture(self) -> bool:
        return self.kind == self.Kind.PICTURE
