"""Files on their way in: what has arrived, what is missing, until when it is kept."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.utils import timezone

from core.models import TimestampedModel
from marketplace.models.model3d import Model3D


class UploadQuerySet(models.QuerySet):
    """Scopes of `Upload`."""

    def owned_by(self, user):
        return self.filter(owner=user)

    def expired(self, now=None):
        """What nobody went on with in time; its bytes may be thrown away."""
        return self.filter(expires_at__lte=now or timezone.now())

    def alive(self, now=None):
        return self.filter(expires_at__gt=now or timezone.now())

    def total_size(self) -> int:
        """Bytes that these uploads will take when they have arrived."""
        return self.aggregate(total=Sum("size"))["total"] or 0


class Upload(TimestampedModel):
    """One file of a drop: receiving -> complete; gone when it has become part of a model, or expired."""

    class State(models.TextChoices):
        RECEIVING = "receiving", "Arriving"
        COMPLETE = "complete", "Arrived"

    class Transport(models.TextChoices):
        TUS = "tus", "tus, through this server"
        S3 = "s3", "Multipart, straight to the object storage"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="uploads")
    # What was dropped together becomes one draft, or several, together.
    batch = models.UUIDField(db_index=True)
    # Empty for a new model.
    model = models.ForeignKey(Model3D, models.CASCADE, null=True, blank=True, related_name="uploads")
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=500, help_text="With the folders it was dropped with.")
    size = models.PositiveBigIntegerField(help_text="Bytes, as announced.")
    received = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVING)
    transport = models.CharField(max_length=4, choices=Transport.choices, default=Transport.TUS)
    # Where the bytes are: a name in the folder of incoming files, or in the private bucket.
    storage_name = models.CharField(max_length=250, blank=True, editable=False)
    multipart_id = models.CharField(max_length=250, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()

    objects = UploadQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received__lte=F("size")), name="upload_not_more_than_announced"
            ),
            models.CheckConstraint(
                condition=~Q(state="complete") | Q(received=F("size")), name="upload_complete_has_all"
            ),
        ]
        indexes = [
            models.Index(fields=["expires_at"], name="upload_expiry"),
            models.Index(fields=["owner", "batch"], name="upload_owner_batch"),
        ]

    def __str__(self):
        return f"{self.path} ({self.received} of {self.size} bytes)"
