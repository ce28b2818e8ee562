"""A bounty's money on its way in, and on its way back where nobody got it."""

from datetime import timedelta
from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils import timezone

from commerce.models.bounties.bounty import Bounty
from commerce.models.dispute import Dispute
from commerce.models.payment import Payment
from core.models import TimestampedModel


class BountyPayment(models.Model):
    """One attempt to pay a bounty's budget; money of an attempt that was given up is told by it when it comes late."""

    bounty = models.ForeignKey(Bounty, models.PROTECT, related_name="attempts")
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="bounty_attempt")

    def __str__(self):
        return f"payment {self.payment_id} for bounty {self.bounty_id}"


class EscrowReturnQuerySet(models.QuerySet):
    def unsent(self):
        """Money that is still here: see `EscrowReturn.is_here`."""
        return self.exclude(status__in=EscrowReturn.GONE)

    def due(self, now=None):
        """What is to be sent, or asked about, now; what failed waits for a person, and what was never asked for while
        the payer's bank decides about it waits for the bank.
        """
        waiting = [EscrowReturn.Status.WAITING, EscrowReturn.Status.PENDING]
        found = self.filter(status__in=waiting, try_at__lte=now or timezone.now())
        contested = Dispute.objects.open().values("payment")
        return found.exclude(tries=0, payment__in=contested).order_by("try_at", "pk")


class EscrowReturn(TimestampedModel):
    """A budget on its way back to the payment it came from: waiting -> pending -> sent | failed; failed -> waiting;
    waiting or failed -> lost, where the payer's bank has taken it.

    Until it is sent it lies in escrow, and is shown as being returned. Each attempt has a key of its own, so that one
    that was cut off is repeated as the same, and one that the provider has refused for good is not.
    """

    LEASE = timedelta(minutes=2)
    # No answer is waited for longer before it is asked again.
    LONGEST = timedelta(minutes=64)

    class Status(models.TextChoices):
        WAITING = "waiting", "To be sent back"
        PENDING = "pending", "On its way"
        SENT = "sent", "Sent back"
        FAILED = "failed", "Could not be sent back"
        LOST = "lost", "Taken back by the bank"

    # The site has it no more.
    GONE = (Status.SENT, Status.LOST)

    bounty = models.OneToOneField(Bounty, models.PROTECT, related_name="escrow_return")
    payment = models.OneToOneField(Payment, models.PROTECT, related_name="escrow_return")
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.WAITING)
    attempt = models.PositiveSmallIntegerField(default=1, editable=False)
    provider_id = models.CharField(max_length=200, blank=True, editable=False)
    message = models.CharField(max_length=500, blank=True, editable=False)
    # Where its poster has to fetch it themselves, which some ways of paying need.
    claim_url = models.CharField(max_length=500, blank=True, editable=False)
    # When it is tried or asked about next; a worker that has it moves this ahead first.
    try_at = models.DateTimeField(default=timezone.now, editable=False)
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = EscrowReturnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="escrow_return_amount_positive"),
            models.CheckConstraint(
                condition=Q(status="sent", sent_at__isnull=False)
                | (~Q(status="sent") & Q(sent_at__isnull=True)),
                name="escrow_return_sent_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["try_at"], condition=Q(status__in=["waiting", "pending"]), name="escrow_return_due"
            )
        ]

    def __str__(self):
        return f"{self.amount} of bounty {self.bounty_id}"

    @property
    def key(self) -> str:
        """The provider's name for this attempt."""
        return f"bounty-return-{self.payment.public_id}-{self.attempt}"

    @property
    def is_sent(self) -> bool:
        return self.status == self.Status.SENT

    @property
    def is_here(self) -> bool:
        """Instance twin of `EscrowReturnQuerySet.unsent`."""
        return self.status not in self.GONE

    @property
    def is_lost(self) -> bool:
        return self.status == self.Status.LOST

    @property
    def is_under_way(self) -> bool:
        """Whether the provider may have sent it: it was asked, and has not said how that ended."""
        has_been_asked = self.status == self.Status.WAITING and self.tries > 0
        return has_been_asked or self.status == self.Status.PENDING

    @property
    def is_failed(self) -> bool:
        return self.status == self.Status.FAILED

    def claim(self) -> None:
        """Nobody else tries it before the lease has run out."""
        self.try_at = timezone.now() + self.LEASE
        self.tries += 1
        self.save(update_fields=["try_at", "tries", "updated_at"])

    @property
    def ledger_key(self) -> str:
        """Names what this attempt posts: one that came back is followed by another."""
        base = f"escrow-return:{self.bounty_id}"
        return base if self.attempt == 1 else f"{base}:{self.attempt}"

    def wait(
        self, message: str, *, status: Status | None = None, provider_id: str = "", claim_url: str = ""
    ) -> None:
        """It is not sent yet; ask again after 1, 2, 4, … at most 64 minutes."""
        self.status = status or self.status
        self.claim_url = claim_url[:500] or self.claim_url
        self.message = message[:500]
        self.provider_id = provider_id or self.provider_id
        self.try_at = timezone.now() + timedelta(minutes=2 ** min(self.tries, 6))
        self.save(update_fields=["status", "message", "provider_id", "claim_url", "try_at", "updated_at"])

    def send(self, at, *, provider_id: str = "") -> None:
        """The provider has sent it back."""
        self.status = self.Status.SENT
        self.sent_at = at
        self.message = ""
        self.provider_id = provider_id or self.provider_id
        self.save(update_fields=["status", "sent_at", "message", "provider_id", "updated_at"])

    def fail(self, message: str) -> None:
        """The provider will not send it, or it came back; the money is still here, and a person has to look."""
        self.status = self.Status.FAILED
        self.message = message[:500]
        self.sent_at = None
        self.save(update_fields=["status", "message", "sent_at", "updated_at"])

    def lose(self, amount: Decimal) -> None:
        """The payer's bank has taken `amount` of it; the rest is sent as another attempt."""
        if amount < self.amount:
            self.amount -= amount
            self.save(update_fields=["amount", "updated_at"])
            self.restart()
            return
        self.status = self.Status.LOST
        self.message = "The bank has taken it back."
        self.save(update_fields=["status", "message", "updated_at"])

    def restart(self) -> None:
        """Try anew, as another attempt, what had failed or has become another amount."""
        self.status = self.Status.WAITING
        self.attempt += 1
        self.tries = 0
        self.provider_id = self.claim_url = ""
        self.try_at = timezone.now()
        self.save(
            update_fields=[
                "status", "attempt", "tries", "provider_id", "claim_url", "try_at", "updated_at",
            ]
        )  # fmt: skip
