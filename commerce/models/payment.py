"""Money on its way: the payment at a provider, and every event the provider sent about it."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from commerce.models.order import Order
from core.models import TimestampedModel


class Payment(TimestampedModel):
    """pending -> completed | failed; completed -> partially_refunded | refunded."""

    class Purpose(models.TextChoices):
        ORDER = "order", "Order"

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        COMPLETED = "completed", "Completed"
        FAILED = "failed", "Failed"
        PARTIALLY_REFUNDED = "partially_refunded", "Partially refunded"
        REFUNDED = "refunded", "Refunded"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.ORDER)
    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    provider = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PENDING)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    failure_message = models.CharField(max_length=500, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    # When to ask the provider next, for payments whose webhook never came.
    check_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_id"], condition=~Q(provider_id=""), name="payment_provider_id_unique"
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["completed", "partially_refunded", "refunded"]),
                name="payment_order_paid_once",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payment_amount_not_negative"),
        ]
        indexes = [models.Index(fields=["check_at"], condition=Q(status="pending"), name="payment_to_check")]

    def __str__(self):
        return str(self.public_id)


class WebhookEvent(models.Model):
    """One signed event of a provider, kept raw; the same event is handled once, however often it is sent."""

    provider = models.CharField(max_length=20)
    event_id = models.CharField(max_length=200)
    kind = models.CharField(max_length=80)
    payment = models.ForeignKey(Payment, models.SET_NULL, null=True, blank=True, related_name="events")
    payload = models.JSONField()
    received_at = models.DateTimeField(default=timezone.now)
    processed_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "event_id"], name="webhook_event_once")]

    def __str__(self):
        return f"{self.provider} {self.kind}"
