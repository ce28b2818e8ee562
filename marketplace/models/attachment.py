"""What rides with a model beside its 3D files."""

import uuid

from django.db import models

from core.models import TimestampedModel
from core.storages import private_storage
from marketplace.models.file import document_path, preview_image_path
from marketplace.models.model3d import Model3D


class PreviewImage(TimestampedModel):
    """A picture the creator adds to the gallery, re-encoded by us."""

    model = models.ForeignKey(Model3D, models.CASCADE, related_name="preview_images")
    image = models.ImageField(upload_to=preview_image_path, width_field="width", height_field="height")
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    alt_text = models.CharField("alternative text", max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    # The gallery opens with it instead of the 3D view; cards show the rendered poster in any case.
    is_cover = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["model"], condition=models.Q(is_cover=True), name="preview_image_one_cover"
            )
        ]

    def __str__(self):
        return self.alt_text or f"image {self.pk}"


class ModelDocument(TimestampedModel):
    """A text that rides with a model (a manual, notes): private as the originals, for those who have the model."""

    class Kind(models.TextChoices):
        PDF = "pdf", "PDF"
        TXT = "txt", "Plain text"
        MD = "md", "Markdown"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    model = models.ForeignKey(Model3D, models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=3, choices=Kind.choices)
    name = models.CharField(max_length=200)
    file = models.FileField(storage=private_storage, upload_to=document_path, max_length=250)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")

    def __str__(self):
        return self.name
