"""The sandbox provider's own records: what a real provider would keep at its end, known to us by reference only."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.models import PreparedWritesMixin, TimestampedModel


class SandboxCharge(PreparedWritesMixin, TimestampedModel):
    """created -> confirming | processing -> succeeded | declined; created | confirming -> cancelled.

    Where somebody is charged twice, the second charge says of which it is the double.
    """

    class Status(models.TextChoices):
        CREATED = "created", "Waiting for the payer"
        CONFIRMING = "confirming", "Waiting for the payer's confirmation"
        PROCESSING = "processing", "On its way"
        SUCCEEDED = "succeeded", "Succeeded"
        DECLINED = "declined", "Declined"
        CANCELLED = "cancelled", "Cancelled"

    # Nothing has been decided; the merchant may still call it off until the payer has paid.
    WAITING = (Status.CREATED, Status.CONFIRMING)
    OPEN = (*WAITING, Status.PROCESSING)

    charge_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The merchant's name for it; starting the same reference again gives the same charge.
    reference = models.CharField(max_length=100)
    double_of = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="doubles")
    method = models.CharField(max_length=10, default="card")
    # The number of the test card, account or wallet that pays.
    source = models.CharField(max_length=40, blank=True)
    amount = models.PositiveBigIntegerField(help_text="Smallest units of the currency.")
    received = models.PositiveBigIntegerField(default=0, help_text="Smallest units of the currency.")
    currency = models.CharField(max_length=3)
    refunded = models.PositiveBigIntegerField(default=0, help_text="Smallest units of the currency.")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.CREATED)
    message = models.CharField(max_length=200, blank=True)
    # Whom the merchant keeps the card for, where it asked to.
    customer = models.CharField(max_length=100, blank=True)
    # When a payment on its way arrives.
    arrives_at = models.DateTimeField(null=True, blank=True)
    return_url = models.CharField(max_length=500)
    cancel_url = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reference"], condition=Q(double_of__isnull=True), name="sandbox_charge_once"
            ),
            models.CheckConstraint(
                condition=Q(refunded__lte=F("received")), name="sandbox_charge_refund_within_received"
            ),
        ]

    def __str__(self):
        return str(self.charge_id)

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_waiting(self) -> bool:
        return self.status in self.WAITING


class SandboxCard(models.Model):
    """A test card that the sandbox keeps for a merchant's customer."""

    card_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    customer = models.CharField(max_length=100)
    number = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    detached_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "number"],
                condition=Q(detached_at__isnull=True),
                name="sandbox_card_kept_once",
            )
        ]

    def __str__(self):
        return str(self.card_id)


class SandboxRefund(models.Model):
    """pending -> succeeded | failed. What is pending counts as sent back until it fails."""

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        SUCCEEDED = "succeeded", "Succeeded"
        FAILED = "failed", "Failed"

    charge = models.ForeignKey(SandboxCharge, models.CASCADE, related_name="refunds")
    refund_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=100)
    amount = models.PositiveBigIntegerField(help_text="Smallest units of the currency.")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.PENDING)
    message = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["charge", "key"], name="sandbox_refund_once")]

    def __str__(self):
        return str(self.refund_id)


class SandboxDispute(models.Model):
    """opened -> won | lost, in the merchant's eyes."""

    class Status(models.TextChoices):
        OPENED = "opened", "Open"
        WON = "won", "Decided for the merchant"
        LOST = "lost", "Decided for the payer"

    charge = models.ForeignKey(SandboxCharge, models.CASCADE, related_name="disputes")
    dispute_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    amount = models.PositiveBigIntegerField(help_text="Smallest units of the currency.")
    reason = models.CharField(max_length=200)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.OPENED)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            # A payment is contested once: what its bank has decided stays decided.
            models.UniqueConstraint(fields=["charge"], name="sandbox_dispute_once")
        ]

    def __str__(self):
        return str(self.dispute_id)


class SandboxEvent(PreparedWritesMixin):
    """A webhook that the sandbox owes its merchant until it is delivered."""

    MAX_ATTEMPTS = 8

    charge = models.ForeignKey(SandboxCharge, models.CASCADE, related_name="events")
    event_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=40)
    payload = models.JSONField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    delivered_at = models.DateTimeField(null=True, blank=True)

    def __str__(self):
        return f"{self.kind} {self.event_id}"

    def retry_delay(self) -> timedelta:
        """Backoff before the next attempt: 5, 10, 20, ... seconds."""
        return timedelta(seconds=5 * 2 ** max(self.attempts - 1, 0))
