"""Pictures and files that come with a message."""

import uuid
from pathlib import PurePosixPath

from django.db import models
from django.db.models import Q
from django.urls import reverse

from community.models.messages.message import MAX_ATTACHMENTS, DirectMessage
from core.models import Attachment
from core.storages import private_storage


def attachment_path(attachment, filename: str) -> str:
    """A name that never repeats and tells nothing."""
    return f"messages/{uuid.uuid4()}{PurePosixPath(filename).suffix.lower()}"


class MessageAttachment(Attachment):
    """A picture, as the site made it anew, or a file, as it was sent; only the two who talk can fetch it."""

    message = models.ForeignKey(DirectMessage, models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to=attachment_path, storage=private_storage, max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "order"], name="message_attachment_place_once"),
            models.CheckConstraint(
                condition=Q(kind="picture", width__gt=0, height__gt=0)
                | Q(kind="file", width__isnull=True, height__isnull=True),
                name="message_attachment_picture_has_size",
            ),
            models.CheckConstraint(condition=Q(order__lt=MAX_ATTACHMENTS), name="message_attachment_bounded"),
        ]

    def get_absolute_url(self):
        return reverse("community:message_attachment", args=[self.public_id])
