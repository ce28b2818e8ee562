"""What a model earns while somebody's claim to it is open: kept until it is decided whose it is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from commerce.models.order import Transaction
from commerce.models.payment import Payment
from marketplace.models import Model3D


class ProceedsHoldQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at__isnull=True)


class ProceedsHold(models.Model):
    """From `opened_at` on the seller's shares of a model's sales are held; in the end they are the seller's again, or
    the buyers get their money back.
    """

    class Outcome(models.TextChoices):
        RELEASED = "released", "The seller has it"
        RETURNED = "returned", "Given back to the buyers"

    model = models.ForeignKey(Model3D, models.PROTECT, related_name="proceeds_holds")
    seller = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="proceeds_holds")
    reason = models.CharField(max_length=300)
    opened_at = models.DateTimeField(default=timezone.now, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, editable=False)

    objects = ProceedsHoldQuerySet.as_manager()

    class Meta:
        permissions = [("settle_hold", "Can give held proceeds back to sellers or buyers")]
        constraints = [
            models.UniqueConstraint(
                fields=["model"], condition=Q(closed_at__isnull=True), name="proceeds_hold_open_once"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, outcome="")
                | Q(closed_at__isnull=False, outcome__in=["released", "returned"]),
                name="proceeds_hold_ends_somehow",
            ),
        ]

    def __str__(self):
        return f"proceeds of {self.model}"

    @property
    def is_open(self) -> bool:
        """Instance twin of `ProceedsHoldQuerySet.open`."""
        return self.closed_at is None

    def close(self, outcome: str, at) -> None:
        self.outcome, self.closed_at = outcome, at
        self.save(update_fields=["outcome", "closed_at"])


class HeldShare(models.Model):
    """The seller's share of one sale, as far as a hold took it."""

    hold = models.ForeignKey(ProceedsHold, models.PROTECT, related_name="shares")
    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="held_shares")
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="+")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    # From when on the seller could have had it paid out.
    available_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hold", "transaction"], name="held_share_once_a_sale"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="held_share_is_something"),
        ]

    def __str__(self):
        return f"{self.amount} of transaction {self.transaction_id}"
