"""Money on its way to sellers: what was asked for, who approved it, and the batches in which it is sent."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.urls import reverse

from commerce.models.ledger import BOUND
from commerce.models.payout_details import PayoutDetails
from core.models import TimestampedModel


class PayoutBatch(TimestampedModel):
    """Approved payouts of one method that are sent together: open -> paid | discarded."""

    class Status(models.TextChoices):
        OPEN = "open", "To be sent"
        PAID = "paid", "Paid"
        DISCARDED = "discarded", "Discarded"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    method = models.CharField(max_length=10, choices=PayoutDetails.Method.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    # What the bank or PayPal calls it.
    reference = models.CharField(max_length=100, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    paid_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "payout batches"
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="paid")
                | Q(paid_at__isnull=False, paid_by__isnull=False) & ~Q(reference=""),
                name="payout_batch_paid_by_somebody",
            )
        ]

    def __str__(self):
        return f"Batch {self.number}"

    @property
    def number(self) -> str:
        return str(self.public_id)[:8].upper()

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN

    def mark_paid(self, *, by, reference: str, at: datetime) -> None:
        self.status, self.paid_by, self.reference, self.paid_at = self.Status.PAID, by, reference, at
        self.save(update_fields=["status", "paid_by", "reference", "paid_at", "updated_at"])

    def discard(self) -> None:
        self.status = self.Status.DISCARDED
        self.save(update_fields=["status", "updated_at"])


class PayoutQuerySet(models.QuerySet):
    def of_seller(self, user):
        return self.filter(seller=user)

    def open(self):
        """The list twin of `Payout.is_open`: asked for, and neither sent nor given back yet."""
        return self.filter(status__in=Payout.OPEN)

    def requested(self):
        """Nobody, or not everybody who has to, has approved them yet."""
        return self.filter(status=Payout.Status.REQUESTED)

    def to_batch(self):
        """Approved, and not about to be sent."""
        return self.filter(status=Payout.Status.APPROVED, batch__isnull=True)

    def settled(self):
        """The list twin of `Payout.is_settled`: what really reached its seller."""
        return self.filter(status=Payout.Status.PAID)

    def summed(self) -> dict:
        """How many, and how much together."""
        return self.aggregate(count=Count("pk"), amount=Sum("amount", default=0))

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class Payout(TimestampedModel):
    """requested -> approved -> paid -> returned; requested | approved -> declined; requested -> cancelled.

    Its amount is taken out of the seller's balance when it is asked for (`payout-reserve` in the ledger), and comes
    back when it is declined, cancelled or returned. One is open a seller at a time. Who approves is never the seller,
    and two who approve are two people.
    """

    class Status(models.TextChoices):
        REQUESTED = "requested", "Requested"
        APPROVED = "approved", "Approved"
        PAID = "paid", "Paid"
        RETURNED = "returned", "Returned"
        DECLINED = "declined", "Declined"
        CANCELLED = "cancelled", "Cancelled"

    OPEN = (Status.REQUESTED, Status.APPROVED)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    seller = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="payouts")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REQUESTED)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    # Gone with the account; `destination` says masked where it went.
    details = models.ForeignKey(PayoutDetails, models.SET_NULL, null=True, blank=True, related_name="payouts")
    method = models.CharField(max_length=10, choices=PayoutDetails.Method.choices)
    destination = models.CharField(max_length=120, blank=True)
    # As the limit was when it was asked for.
    approvals_needed = models.PositiveSmallIntegerField(default=1)
    first_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_approved_at = models.DateTimeField(null=True, blank=True)
    second_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_approved_at = models.DateTimeField(null=True, blank=True)
    batch = models.ForeignKey(PayoutBatch, models.PROTECT, null=True, blank=True, related_name="payouts")
    paid_at = models.DateTimeField(null=True, blank=True)
    # When it was declined, cancelled or returned, and why, as the seller reads it.
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=500, blank=True)

    objects = PayoutQuerySet.as_manager()

    class Meta:
        permissions = [
            ("approve_payout", "Can approve and decline payouts"),
            ("pay_payout", "Can send payouts and take them back"),
        ]
        constraints = [
            # PostgreSQL takes NaN for larger than any number.
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lt=BOUND), name="payout_amount_positive"
            ),
            models.UniqueConstraint(
                fields=["seller"],
                condition=Q(status__in=["requested", "approved"]),
                name="payout_one_open_a_seller",
            ),
            models.CheckConstraint(
                condition=Q(approvals_needed__in=[1, 2]), name="payout_needs_one_or_two_approvals"
            ),
            models.CheckConstraint(
                condition=~Q(first_approver=F("seller")) & ~Q(second_approver=F("seller")),
                name="payout_not_approved_by_its_seller",
            ),
            models.CheckConstraint(
                condition=~Q(first_approver=F("second_approver")), name="payout_approvers_differ"
            ),
            models.CheckConstraint(
                condition=Q(first_approver__isnull=True, first_approved_at__isnull=True)
                | Q(first_approver__isnull=False, first_approved_at__isnull=False),
                name="payout_first_approval_whole",
            ),
            models.CheckConstraint(
                condition=Q(second_approver__isnull=True, second_approved_at__isnull=True)
                | Q(
                    first_approver__isnull=False,
                    second_approver__isnull=False,
                    second_approved_at__isnull=False,
                ),
                name="payout_second_approval_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "paid", "returned"])
                | Q(first_approver__isnull=False, approvals_needed=1)
                | Q(first_approver__isnull=False, second_approver__isnull=False),
                name="payout_approved_by_enough",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["paid", "returned"], batch__isnull=False, paid_at__isnull=False)
                | Q(status="approved", paid_at__isnull=True)
                | Q(
                    status__in=["requested", "declined", "cancelled"],
                    batch__isnull=True,
                    paid_at__isnull=True,
                ),
                name="payout_paid_in_a_batch",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["returned", "declined"], ended_at__isnull=False) & ~Q(end_reason="")
                | Q(status="cancelled", ended_at__isnull=False)
                | Q(status__in=["requested", "approved", "paid"], ended_at__isnull=True),
                name="payout_ended_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["requested", "approved"]) | Q(details__isnull=False),
                name="payout_open_has_details",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-created_at", "-id"], name="payout_of_seller"),
            models.Index(fields=["status", "-created_at"], name="payout_by_status"),
        ]

    def __str__(self):
        return f"Payout {self.number}"

    def get_absolute_url(self):
        return reverse("commerce:payout", args=[self.public_id])

    @property
    def number(self) -> str:
        """What people quote, and what stands on the seller's bank statement."""
        return str(self.public_id)[:8].upper()

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_settled(self) -> bool:
        """Whether the money is the seller's for good, as far as we know: not what a bank has returned."""
        return self.status == self.Status.PAID

    @property
    def can_be_cancelled(self) -> bool:
        """By its seller: until it is approved."""
        return self.status == self.Status.REQUESTED

    @property
    def can_be_declined(self) -> bool:
        """By finance: until it is in a batch, and so maybe with the bank."""
        return self.is_open and self.batch_id is None

    @property
    def approvals_given(self) -> int:
        return (self.first_approver_id is not None) + (self.second_approver_id is not None)

    @property
    def approved_at(self) -> datetime | None:
        """When the last approval that it needs was given."""
        return self.first_approved_at if self.approvals_needed == 1 else self.second_approved_at

    def approve(self, *, by, at: datetime) -> None:
        """One more approval; the last one that is needed makes it approved."""
        if self.first_approver_id is None:
            self.first_approver, self.first_approved_at = by, at
        else:
            self.second_approver, self.second_approved_at = by, at
        if self.approvals_given >= self.approvals_needed:
            self.status = self.Status.APPROVED
        self.save()

    def pay(self, *, at: datetime) -> None:
        self.status, self.paid_at = self.Status.PAID, at
        self.save(update_fields=["status", "paid_at", "updated_at"])

    def end(self, status: str, *, at: datetime, reason: str = "") -> None:
        """Declined, cancelled or returned: the money is the seller's to ask for again."""
        self.status, self.ended_at, self.end_reason = status, at, reason
        self.save(update_fields=["status", "ended_at", "end_reason", "updated_at"])
