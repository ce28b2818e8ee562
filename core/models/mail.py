"""The mail outbox: a row a mail, sent once by a worker, retried with backoff."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone


class OutgoingMailQuerySet(models.QuerySet):
    def due(self, now=None):
        """Mails whose time to be sent (first or again) has come."""
        return self.filter(status=OutgoingMail.Status.QUEUED, send_at__lte=now or timezone.now())

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class OutgoingMail(models.Model):
    """One mail to one address."""

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        SUPPRESSED = "suppressed", "Suppressed"

    MAX_ATTEMPTS = 6

    kind = models.CharField(max_length=60)
    to_address = models.EmailField()
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="outgoing_mails"
    )
    subject = models.CharField(max_length=250)
    text = models.TextField()
    html = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    send_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True)
    # One mail an event: the same key is never queued twice.
    dedupe_key = models.CharField(max_length=200, null=True, blank=True, unique=True)  # noqa: DJ001 - NULLs are not equal
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["send_at"], condition=models.Q(status="queued"), name="mail_due"),
            models.Index(fields=["-created_at"], name="mail_recent"),
        ]

    def __str__(self):
        return f"{self.kind} to {self.to_address}"

    def retry_delay(self) -> timedelta:
        """Backoff before the next attempt: 1, 4, 16, 64, 256 minutes."""
        return timedelta(minutes=4 ** max(self.attempts - 1, 0))


class MailSuppression(models.Model):
    """An address that bounced or complained: nothing is sent to it."""

    address = models.EmailField()
    reason = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("address"), name="mail_suppression_address_unique")]

    def __str__(self):
        return self.address
