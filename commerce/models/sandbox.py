"""The sandbox provider's own records: what a real provider would keep at its end, known to us by reference only."""

import uuid
from datetime import timedelta

from django.db import models
from django.utils import timezone

from core.models import TimestampedModel


class SandboxCharge(TimestampedModel):
    """created -> confirming -> succeeded | declined; created | confirming -> cancelled."""

    class Status(models.TextChoices):
        CREATED = "created", "Waiting for a card"
        CONFIRMING = "confirming", "Waiting for the cardholder's confirmation"
        SUCCEEDED = "succeeded", "Succeeded"
        DECLINED = "declined", "Declined"
        CANCELLED = "cancelled", "Cancelled"

    OPEN = (Status.CREATED, Status.CONFIRMING)

    charge_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # The merchant's name for it; starting the same reference again gives the same charge.
    reference = models.CharField(max_length=100, unique=True)
    amount = models.PositiveBigIntegerField(help_text="Smallest units of the currency.")
    currency = models.CharField(max_length=3)
    refunded = models.PositiveBigIntegerField(default=0, help_text="Smallest units of the currency.")
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.CREATED)
    message = models.CharField(max_length=200, blank=True)
    return_url = models.CharField(max_length=500)
    cancel_url = models.CharField(max_length=500)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(refunded__lte=models.F("amount")),
                name="sandbox_charge_refund_within_amount",
            )
        ]

    def __str__(self):
        return str(self.charge_id)

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN


class SandboxEvent(models.Model):
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
