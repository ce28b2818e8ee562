"""The mail outbox: a row a mail, sent once by a worker, retried with backoff."""

import re
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.db import models
from django.db.models import Value
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.metrics import MAILS, count


def message_id(salt: str, key: str) -> str:
    """The same for every attempt, so that a mail system that saw an earlier one drops the copy."""
    digest = salted_hmac(salt, key).hexdigest()[:32]
    return f"<{digest}@{parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition('@')[2]}>"


class OutgoingMailQuerySet(models.QuerySet):
    def due(self, now=None):
        """Mails whose time to be sent (first or again) has come."""
        return self.filter(status=OutgoingMail.Status.QUEUED, send_at__lte=now or timezone.now())

    def failed(self):
        """Tried as often as it makes sense; a person looks why."""
        return self.filter(status=OutgoingMail.Status.FAILED)

    def urgent(self):
        """What somebody waits for, or has to know. The list twin of `OutgoingMail.is_urgent`."""
        return self.filter(unsubscribe_url="")

    def bulk(self):
        return self.exclude(unsubscribe_url="")

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
        permissions = [("preview_mail", "Can look at how the mails look, with made data")]
        indexes = [
            models.Index(fields=["send_at"], condition=models.Q(status="queued"), name="mail_due"),
            models.Index(fields=["-created_at"], name="mail_recent"),
            models.Index(fields=["created_at"], condition=models.Q(status="failed"), name="mail_failed"),
        ]

    def __str__(self):
        return f"{self.kind} to {self.to_address}"

    @property
    def is_urgent(self) -> bool:
        """Codes, receipts, and whatever else nobody can end: it never waits behind what people may do without."""
        return not self.unsubscribe_url

    @property
    def message_id(self) -> str:
        return message_id("core.mail.message_id", str(self.pk))

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


class MailSuppressionQuerySet(models.QuerySet):
    def of(self, address):
        """By an address, or by an expression for one, in the way that the index can answer."""
        wanted = Value(address) if isinstance(address, str) else address
        return self.alias(small=Lower("address")).filter(small=Lower(wanted))

    def stopping(self, address: str, *, is_urgent: bool):
        """What keeps a mail from this address. Who complained about mail still gets what they have to know."""
        found = self.of(address)
        return found.exclude(cause=MailSuppression.Cause.COMPLAINT) if is_urgent else found


class MailSuppression(models.Model):
    """An address that bounced or complained: nothing is sent to it, or nothing that it can do without."""

    class Cause(models.TextChoices):
        BOUNCE = "bounce", "Mail came back"
        COMPLAINT = "complaint", "Called mail of ours spam"
        STAFF = "staff", "Entered by hand"

    address = models.EmailField()
    cause = models.CharField(max_length=10, choices=Cause.choices, default=Cause.BOUNCE)
    reason = models.CharField(max_length=200, blank=True, help_text="What the mail system said, or why.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = MailSuppressionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("address"),
                name="mail_suppression_address_unique",
                violation_error_message="Mail to this address is stopped already.",
            ),
            models.CheckConstraint(
                condition=models.Q(cause__in=["bounce", "complaint", "staff"]),
                name="mail_suppression_known_cause",
            ),
        ]

    def __str__(self):
        return self.address

    @classmethod
    def note(cls, address: str, cause: str, reason: str = "") -> None:
        """Stop mail to an address. Told twice it is stopped once; what stops everything stays or takes over.

        What is no address is left alone: nothing of ours went there.
        """
        reason = " ".join(reason.replace("\0", "").split())[: cls._meta.get_field("reason").max_length]
        address = address.strip().lower()
        if len(address) > cls._meta.get_field("address").max_length or not re.fullmatch(
            r"[^\s\0]+@[^\s\0]+", address
        ):
            return
        fields = {"address": address, "cause": cause, "reason": reason}
        row, is_new = cls.objects.of(address).get_or_create(defaults=fields)
        if not is_new and row.cause == cls.Cause.COMPLAINT and cause != cls.Cause.COMPLAINT:
            cls.objects.filter(pk=row.pk).update(cause=cause, reason=reason)
