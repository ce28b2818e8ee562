"""A person's own data: copies they asked for, and the wish to be gone."""

import uuid

from django.db import models
from django.utils import timezone

from accounts.models.user import User
from core.models import TimestampedModel
from core.storages import private_storage


def export_path(instance, filename):
    return f"exports/{uuid.uuid4().hex}/{filename}"


class DataExport(TimestampedModel):
    """A copy of everything kept about a person: queued -> working -> ready | failed, gone at `expires_at`."""

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        WORKING = "working", "Being put together"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="data_exports")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    file = models.FileField(storage=private_storage, upload_to=export_path, max_length=250, blank=True)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    ready_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state__in=["queued", "working"]),
                name="data_export_one_at_a_time",
            )
        ]

    def __str__(self):
        return f"export for {self.user_id}"


class AccountDeletion(models.Model):
    """A person asked to be deleted: until `due_at` they can take it back; then the account is anonymised."""

    user = models.OneToOneField(User, models.CASCADE, related_name="deletion")
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(done_at__isnull=True), name="deletion_due")
        ]

    def __str__(self):
        return f"deletion of {self.user_id}"
