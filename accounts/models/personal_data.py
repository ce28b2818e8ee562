"""A person's own data: copies they asked for, and the wish to be gone."""

import uuid
from datetime import timedelta

from django.core.files import File
from django.db import models, transaction
from django.utils import timezone

from accounts.models.user import User
from core.models import TimestampedModel
from core.storages import private_storage


def export_path(instance, filename):
    return f"exports/{uuid.uuid4().hex}/{filename}"


class DataExportQuerySet(models.QuerySet):
    def unfinished(self):
        return self.filter(state__in=[DataExport.State.QUEUED, DataExport.State.WORKING])

    def stalled(self, now=None):
        """Unfinished ones of which nobody has heard for longer than a living worker is silent."""
        return self.unfinished().filter(updated_at__lt=(now or timezone.now()) - DataExport.SILENCE)

    def expired(self, now=None):
        return self.filter(state=DataExport.State.READY, expires_at__lte=now or timezone.now())

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class DataExport(TimestampedModel):
    """A copy of everything kept about a person: queued -> working -> ready | failed, gone at `expires_at`.

    `updated_at` is when its worker was last heard of.
    """

    SILENCE = timedelta(minutes=10)
    # A copy that no worker has got done in this time is given up; the person may ask again.
    GIVE_UP_AFTER = timedelta(hours=6)

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

    objects = DataExportQuerySet.as_manager()

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

    @property
    def is_unfinished(self) -> bool:
        """Instance twin of `DataExportQuerySet.unfinished`."""
        return self.state in (self.State.QUEUED, self.State.WORKING)

    @property
    def has_failed(self) -> bool:
        return self.state == self.State.FAILED

    @property
    def is_downloadable(self) -> bool:
        return self.state == self.State.READY and self.expires_at > timezone.now()

    def start(self) -> bool:
        """A worker takes it; False where another one has, or it is finished."""
        return self._move(self.State.QUEUED, state=self.State.WORKING)

    def keep_alive(self) -> None:
        """Its worker is still there."""
        self._move(self.State.WORKING)

    def store(self, content: File) -> None:
        """Put the copy into the storage; nobody sees it before `finish`."""
        self.file.save("my-data.zip", content, save=False)
        self.size = content.size

    def finish(self, *, kept: timedelta) -> bool:
        """What was stored is the copy; False, with nothing stored, where it was given up meanwhile."""
        now, name = timezone.now(), self.file.name
        done = self._move(
            self.State.WORKING,
            state=self.State.READY,
            file=name,
            size=self.size,
            ready_at=now,
            expires_at=now + kept,
        )
        if not done:
            self.file.storage.delete(name)
        return done

    def fail(self) -> None:
        self._move(self.State.WORKING, state=self.State.FAILED)

    def discard(self) -> None:
        """Row and file, the file first: a row without one can be discarded again."""
        if self.file:
            self.file.storage.delete(self.file.name)
        self.delete()

    def _move(self, before: str, **fields) -> bool:
        rows = type(self).objects.filter(pk=self.pk, state=before)
        moved = rows.update(updated_at=timezone.now(), **fields)
        if moved and fields:
            self.refresh_from_db()
        return bool(moved)


class AccountDeletionQuerySet(models.QuerySet):
    def waiting(self):
        """Those that can still be taken back."""
        return self.filter(started_at__isnull=True)

    def due(self, now=None):
        """Those to be carried out, or to be gone on with."""
        return self.filter(due_at__lte=now or timezone.now(), done_at__isnull=True)


class AccountDeletion(models.Model):
    """A person asked to be deleted: they can take it back until it starts, at `due_at`; then it is anonymised.

    One that has started and is not done goes on where it stopped.
    """

    user = models.OneToOneField(User, models.CASCADE, related_name="deletion")
    requested_at = models.DateTimeField(default=timezone.now, editable=False)
    due_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = AccountDeletionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(done_at__isnull=True), name="deletion_due")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True) | models.Q(started_at__isnull=False),
                name="deletion_done_was_started",
            )
        ]

    def __str__(self):
        return f"deletion of {self.user_id}"

    def set_due(self, due_at) -> None:
        """Now or another time; every page of the person says so."""
        self.due_at = due_at
        with transaction.atomic():
            self.save()
            User.objects.filter(pk=self.user_id).update(deletion_due_at=due_at)
