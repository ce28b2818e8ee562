"""Pictures and files that come with a message to support, or with its answer."""

import uuid
from pathlib import PurePosixPath

from django.db import models
from django.db.models import Q
from django.urls import reverse

from core.storages import private_storage
from support.models.tickets.message import MAX_ATTACHMENTS, SupportMessage


def attachment_path(attachment, filename: str) -> str:
    """A name that never repeats and tells nothing."""
    return f"support/{uuid.uuid4()}{PurePosixPath(filename).suffix.lower()}"


class SupportAttachment(models.Model):
    """A picture, as the site made it anew, or a file, as it was sent; for whoever asked and for support alone."""

    class Kind(models.TextChoices):
        PICTURE = "picture", "Picture"
        FILE = "file", "File"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    message = models.ForeignKey(SupportMessage, models.CASCADE, related_name="attachments")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # What the sender called it.
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to=attachment_path, storage=private_storage, max_length=200)
    size = models.PositiveBigIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "order"], name="support_attachment_place_once"),
            models.CheckConstraint(
                condition=Q(kind="picture", width__gt=0, height__gt=0)
                | Q(kind="file", width__isnull=True, height__isnull=True),
                name="support_attachment_picture_has_size",
            ),
            models.CheckConstraint(condition=Q(order__lt=MAX_ATTACHMENTS), name="support_attachment_bounded"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("support:ticket_attachment", args=[self.public_id])

    @property
    def is_picture(self) -> bool:
        return self.kind == self.Kind.PICTURE
