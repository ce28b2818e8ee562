"""Money on its way: the payment at a provider, and every event the provider sent about it."""

import uuid
from datetime import datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone

from commerce.models.order import Order
from core.models import PreparedWritesMixin, TimestampedModel


class PaymentQuerySet(models.QuerySet):
    def of_payer(self, user):
        return self.filter(payer=user)

    def counting(self):
        """Of an order's, the one that counts comes first: see `Order.latest_payment`."""
        return self.filter(double_of=None).order_by("-pk")

    def open(self):
        """The list twin of `Payment.is_open`."""
        return self.filter(status=Payment.Status.PENDING)

    def with_wrong_amount(self):
        """The list twin of `Payment.has_wrong_amount`."""
        return self.open().filter(failure_message__startswith=Payment.WRONG_AMOUNT)

    def that_bought(self):
        """Those whose money has arrived and paid for something, whatever has gone back of it since."""
        return self.exclude(status__in=[Payment.Status.PENDING, Payment.Status.FAILED]).filter(
            bought_nothing=False
        )

    def to_check(self, now=None):
        """Open payments about which the provider is to be asked, the longest waiting first."""
        return self.filter(status=Payment.Status.PENDING, check_at__lte=now or timezone.now()).order_by(
            "check_at", "pk"
        )


class Payment(PreparedWritesMixin, TimestampedModel):
    """One attempt to pay for one thing (`commerce.purposes` knows which): pending -> completed | failed; completed ->
    partially_refunded | refunded.

    `refund_due` is money that arrived and bought nothing (the order was paid already, or everything in it was owned
    by then). A failed payment still completes when its money arrives after all.
    """

    START_SECONDS = 45
    EXPIRES_AFTER = timedelta(hours=24)
    # What the message of a payment begins with to which something else has arrived.
    WRONG_AMOUNT = "The provider received"

    class Purpose(models.TextChoices):
        ORDER = "order", "Order"
        SUBSCRIPTION = "subscription", "Subscription"
        BOUNTY = "bounty", "Bounty"

    class Method(models.TextChoices):
        CARD = "card", "Card"
        PAYPAL = "paypal", "PayPal"
        CRYPTO = "crypto", "Crypto"

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        COMPLETED = "completed", "Completed"
        FAILED = "failed", "Failed"
        PARTIALLY_REFUNDED = "partially_refunded", "Partially refunded"
        REFUNDED = "refunded", "Refunded"
        REFUND_DUE = "refund_due", "To be refunded"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(max_length=12, choices=Purpose.choices, default=Purpose.ORDER)
    payer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="payments")
    # What else is paid for points at its payment.
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="payments")
    # What the payer chose, and who carried it out when they did.
    method = models.CharField(max_length=10, choices=Method.choices)
    provider = models.CharField(max_length=20)
    provider_id = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.PENDING)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3)
    # Whether its payer wants the card kept, and the one it was kept as or that is charged.
    save_method = models.BooleanField(default=False)
    saved_method = models.ForeignKey(
        "commerce.SavedPaymentMethod", models.SET_NULL, null=True, blank=True, related_name="payments"
    )
    # The provider's name for the money received, where it is another than `provider_id`, and what it kept of it where
    # it told so.
    provider_charge_id = models.CharField(max_length=200, blank=True)
    provider_cost = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    failure_message = models.CharField(max_length=500, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    # Who hands it to the provider has until then; two requests never do it at once.
    starting_until = models.DateTimeField(null=True, blank=True, editable=False)
    # When to ask the provider next, for payments whose webhook never came, and how often it was asked.
    check_at = models.DateTimeField(default=timezone.now)
    checks = models.PositiveSmallIntegerField(default=0, editable=False)
    # Money received for which nothing could be delivered.
    refund_due_amount = models.DecimalField(max_digits=12, decimal_places=2, default=0, editable=False)
    refund_due_reason = models.CharField(max_length=300, blank=True, editable=False)
    # All of it was due: it never paid for anything, also once it has been sent back.
    bought_nothing = models.BooleanField(default=False, editable=False)
    # Where a provider took the money another time: the payment that it was for.
    double_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="doubles")

    objects = PaymentQuerySet.as_manager()

    # Whether it was begun by whoever holds this, who hands it to the provider at once: see `starting_until`.
    is_ours_to_start = False

    class Meta:
        permissions = [("refund_payment", "Can refund what is due")]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_id"],
                condition=~Q(provider_id=""),
                name="payment_provider_id_unique",
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["completed", "partially_refunded", "refunded"], bought_nothing=False),
                name="payment_order_paid_once",
            ),
            models.CheckConstraint(
                condition=Q(purpose="order", order__isnull=False)
                | (~Q(purpose="order") & Q(order__isnull=True)),
                name="payment_order_where_for_an_order",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="payment_amount_not_negative"),
            models.CheckConstraint(
                condition=Q(refund_due_amount__gte=0, refund_due_amount__lte=models.F("amount")),
                name="payment_refund_due_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(provider_cost__isnull=True) | Q(provider_cost__gte=0),
                name="payment_provider_cost_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "failed"]) | Q(completed_at__isnull=False),
                name="payment_received_has_time",
            ),
        ]
        indexes = [models.Index(fields=["check_at"], condition=Q(status="pending"), name="payment_to_check")]

    def __str__(self):
        return str(self.public_id)

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.PENDING

    @property
    def has_wrong_amount(self) -> bool:
        """Whether something has arrived for it that is not what it is about; a person looks at it."""
        return self.is_open and self.failure_message.startswith(self.WRONG_AMOUNT)

    @property
    def is_received(self) -> bool:
        """Whether its money has arrived, whatever became of it since."""
        return self.status not in (self.Status.PENDING, self.Status.FAILED)

    @property
    def is_expired(self) -> bool:
        """Whether nobody is expected to come back to it."""
        return timezone.now() >= self.created_at + self.EXPIRES_AFTER

    @classmethod
    def start_by(cls, now: datetime) -> datetime:
        """Until when somebody has to have handed a payment to its provider who begins to do so now."""
        return now + timedelta(seconds=cls.START_SECONDS)

    def become(self, held: "Payment") -> None:
        """Be what was read, and changed, under the lock: then nobody needs to read it once more."""
        for field in self._meta.concrete_fields:
            setattr(self, field.attname, getattr(held, field.attname))
        self.order = held.order

    def receive(self, at) -> None:
        """The provider has the money, and it pays for something."""
        self.status = self.Status.COMPLETED
        self.completed_at = at
        self.failure_message = ""
        self.save(update_fields=["status", "completed_at", "failure_message", "updated_at"])

    def owe(self, amount: Decimal, reason: str, at) -> None:
        """Part of what was received bought nothing; all of it where `amount` is the whole."""
        self.refund_due_amount = amount
        self.refund_due_reason = reason
        self.completed_at = self.completed_at or at
        if amount == self.amount:
            self.status = self.Status.REFUND_DUE
            self.bought_nothing = True
        self.save(
            update_fields=[
                "status",
                "completed_at",
                "refund_due_amount",
                "refund_due_reason",
                "bought_nothing",
                "updated_at",
            ]
        )

    def note_refunds(self) -> None:
        """Be what completed refunds, and a budget that was sent back, make of it: nothing else says that its money has
        gone.
        """
        sent = Payment.objects.filter(pk=self.pk, escrow_return__status="sent")
        sent = sent.aggregate(amount=Sum("escrow_return__amount", default=Decimal("0.00")))
        back = self.refunds.completed().gross() + sent["amount"]
        if back >= self.amount:
            self.status = self.Status.REFUNDED
        elif back:
            self.status = self.Status.PARTIALLY_REFUNDED
        else:
            self.status = self.Status.REFUND_DUE if self.bought_nothing else self.Status.COMPLETED
        self.save(update_fields=["status", "updated_at"])

    def lose_due(self, amount: Decimal) -> None:
        """The payer's bank has taken back so much of what was due to them: nobody sends it as well."""
        self.refund_due_amount -= amount
        if self.bought_nothing and not self.refund_due_amount:
            self.status = self.Status.REFUNDED
        self.save(update_fields=["refund_due_amount", "status", "updated_at"])

    def fail(self, message: str) -> None:
        self.status = self.Status.FAILED
        self.failure_message = message[:500]
        self.save(update_fields=["status", "failure_message", "updated_at"])

    def check_later(self) -> None:
        """Ask the provider again after 1, 2, 4, ... at most 64 minutes."""
        self.check_at = timezone.now() + timedelta(minutes=2 ** min(self.checks, 6))
        self.checks += 1
        self.save(update_fields=["check_at", "checks", "updated_at"])


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
