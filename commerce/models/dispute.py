"""A payment that its payer contests at their bank: said and decided by the provider, answered with evidence by us."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from commerce.models.payment import Payment
from core.models import TimestampedModel


class DisputeQuerySet(models.QuerySet):
    def open(self):
        """Twin of `Dispute.is_open`."""
        return self.filter(status=Dispute.Status.OPENED)

    def unanswered(self):
        """The bank decides, and has not heard from us."""
        return self.open().filter(submitted_at__isnull=True)

    def newest_first(self):
        return self.order_by("-opened_at", "-pk")


class Dispute(TimestampedModel):
    """opened -> won | lost, in the site's eyes; its shares of each sale are refunds of the kind `chargeback`."""

    STATEMENT_LENGTH = 5000

    class Status(models.TextChoices):
        OPENED = "opened", "The bank decides"
        WON = "won", "Won"
        LOST = "lost", "Lost"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="disputes")
    provider = models.CharField(max_length=20)
    provider_id = models.CharField("the provider's id", max_length=200)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    reason = models.CharField("what the payer said", max_length=300, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPENED)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    # As it was handed over; until then it is gathered anew whenever somebody looks.
    evidence = models.JSONField(default=list, blank=True)
    statement = models.TextField(max_length=STATEMENT_LENGTH, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    objects = DisputeQuerySet.as_manager()

    class Meta:
        permissions = [("answer_dispute", "Can answer disputes with evidence")]
        constraints = [
            models.UniqueConstraint(fields=["provider", "provider_id"], name="dispute_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="dispute_of_something"),
            models.CheckConstraint(
                condition=Q(status="opened", closed_at__isnull=True)
                | (~Q(status="opened") & Q(closed_at__isnull=False)),
                name="dispute_closed_has_time",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | ~Q(statement=""),
                name="dispute_submitted_says_something",
            ),
        ]
        indexes = [
            models.Index(fields=["opened_at"], condition=Q(status="opened"), name="dispute_open"),
        ]

    def __str__(self):
        return f"{self.provider} {self.provider_id}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPENED

    @property
    def number(self) -> str:
        """What people quote."""
        return str(self.public_id)[:8].upper()

    def close(self, status: str, at) -> None:
        self.status, self.closed_at = status, at
        self.save(update_fields=["status", "closed_at", "updated_at"])

    def submit(self, at, *, by, statement: str, evidence: list) -> None:
        self.submitted_at, self.submitted_by = at, by
        self.statement, self.evidence = statement, evidence
        self.save(update_fields=["submitted_at", "submitted_by", "statement", "evidence", "updated_at"])
