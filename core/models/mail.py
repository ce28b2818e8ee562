"""The mail outbox: a row a mail, sent once by a worker, retried with backoff."""

from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.metrics import MAILS, count


class OutgoingMailQuerySet(models.QuerySet):
    def due(self, now=None):
        """Mails whose time to be sent (first or again) has come."""
        return self.filter(status=OutgoingMail.Status.QUEUED, send_at__lte=now or timezone.now())

    def failed(self):
        """Tried as often as it makes sense; a person looks why."""
        return self.filter(status=OutgoingMail.Status.FAILED)

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
    # Where one press ends mails of this kind; empty for those that reach people always.
    unsubscribe_url = models.URLField(max_length=500, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    send_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)
    # When a worker took it; a mail that stays in SENDING long after has lost its worker.
    claimed_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_error = models.CharField(max_length=500, blank=True)
    # One mail an event: the same key is never queued twice (NULLs are not equal to each other).
    dedupe_key = models.CharField(max_length=200, null=True, blank=True, unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OutgoingMailQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["send_at"], condition=models.Q(status="queued"), name="mail_due"),
            models.Index(fields=["-created_at"], name="mail_recent"),
            models.Index(fields=["created_at"], condition=models.Q(status="failed"), name="mail_failed"),
        ]

    def __str__(self):
        return f"{self.kind} to {self.to_address}"

    @property
    def message_id(self) -> str:
        """The same for every attempt, so that a mail system that saw an earlier one drops the copy."""
        digest = salted_hmac("core.mail.message_id", str(self.pk)).hexdigest()[:32]
        return f"<{digest}@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition('@')[2]}>"

    def mark_sent(self) -> None:
        self._settle(self.Status.SENT, sent_at=timezone.now(), last_error="")

    def mark_suppressed(self) -> None:
        self._settle(self.Status.SUPPRESSED, last_error="Nothing is sent to this address any more.")

    def mark_failed(self, error: str) -> None:
        """For good, until a person restarts it."""
        self._settle(self.Status.FAILED, last_error=error[: self._longest_error()])

    def mark_refused(self, error: str) -> None:
        """Not taken this time: again after `retry_delay`, and failed when the attempts are used up."""
        if self.attempts >= self.MAX_ATTEMPTS:
            self.mark_failed(error)
        else:
            self._settle(
                self.Status.QUEUED,
                send_at=timezone.now() + self.retry_delay(),
                last_error=error[: self._longest_error()],
            )

    def restart(self) -> bool:
        """A person sends a failed or suppressed mail again, with fresh attempts; whether there was one to restart."""
        return bool(
            type(self)
            .objects.filter(pk=self.pk, status__in=[self.Status.FAILED, self.Status.SUPPRESSED])
            .update(status=self.Status.QUEUED, attempts=0, send_at=timezone.now(), last_error="")
        )

    def _settle(self, status: str, **fields) -> None:
        """Only the worker that claimed the mail may say what became of it."""
        ours = type(self).objects.filter(pk=self.pk, status=self.Status.SENDING)
        if ours.update(status=status, **fields):
            # A refusal that is tried again is back in the queue.
            count(MAILS, "refused" if status == self.Status.QUEUED else status)
        self.refresh_from_db()

    @classmethod
    def _longest_error(cls) -> int:
        return cls._meta.get_field("last_error").max_length

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
