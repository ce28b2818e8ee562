"""What was paid for a subscription, and what was tried to be."""

import uuid
from datetime import datetime
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from commerce.models.payment import Payment
from commerce.models.plan import Interval, Plan
from commerce.models.subscription import Subscription


class SubscriptionPeriodQuerySet(models.QuerySet):
    def paid(self):
        return self.filter(state=SubscriptionPeriod.State.PAID)

    def settled(self):
        """Those whose money has come, whatever became of it."""
        return self.filter(state__in=[SubscriptionPeriod.State.PAID, SubscriptionPeriod.State.REVERSED])

    def waiting(self):
        return self.filter(state=SubscriptionPeriod.State.WAITING)

    def of_user(self, user):
        return self.filter(subscription__user=user)

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class SubscriptionPeriod(models.Model):
    """One try to pay for a time with a plan: waiting -> paid | failed; failed -> paid when its money comes after all;
    paid -> reversed when its money has gone back, and the time with it.

    What is paid is a chain: each follows the one before, which has one paid or waiting successor at most, so that no
    time is paid twice. A change of plan follows what it changes, and pays the difference for what is left of it.
    """

    class Kind(models.TextChoices):
        START = "start", "First period"
        RENEWAL = "renewal", "Renewal"
        CHANGE = "change", "Change of plan"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        PAID = "paid", "Paid"
        FAILED = "failed", "Failed"
        REVERSED = "reversed", "Taken back"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="periods")
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    interval = models.CharField(max_length=5, choices=Interval.choices)
    # Of a whole period, before tax; `amount` is what this one costs.
    price = models.DecimalField(max_digits=7, decimal_places=2)
    start = models.DateTimeField()
    end = models.DateTimeField()
    amount = models.DecimalField("net amount, before tax", max_digits=7, decimal_places=2)
    tax_name = models.CharField(max_length=30, blank=True)
    tax_rate = models.DecimalField("percent of tax", max_digits=6, decimal_places=3, default=0)
    tax_amount = models.DecimalField(max_digits=7, decimal_places=2, default=0)
    payment = models.OneToOneField(
        Payment, models.PROTECT, null=True, blank=True, related_name="subscription_period"
    )
    # Whether we charge a saved method by ourselves.
    is_automatic = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    paid_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriptionPeriodQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "follows"],
                condition=Q(state__in=["waiting", "paid"]),
                nulls_distinct=False,
                name="subscription_period_follows_once",
            ),
            models.UniqueConstraint(
                fields=["subscription"], condition=Q(state="waiting"), name="subscription_period_one_waiting"
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="subscription_period_lasts"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, tax_amount__gte=0, tax_rate__gte=0, amount__lte=F("price")),
                name="subscription_period_amounts",
            ),
            models.CheckConstraint(
                condition=Q(payment__isnull=False) | Q(amount=0, tax_amount=0, state="paid"),
                name="subscription_period_is_paid_for",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_at__isnull=False),
                name="subscription_period_paid_has_time",
            ),
        ]
        indexes = [models.Index(fields=["subscription", "-created_at"], name="subscription_period_list")]

    def __str__(self):
        return str(self.public_id)

    @property
    def total(self) -> Decimal:
        return self.amount + self.tax_amount

    @property
    def tax_label(self) -> str:
        """As payers read it: “VAT 21 %”."""
        return f"{self.tax_name} {self.tax_rate.normalize():f} %" if self.tax_name else "Tax"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def is_paid(self) -> bool:
        return self.state == self.State.PAID

    @property
    def is_reversed(self) -> bool:
        return self.state == self.State.REVERSED

    @property
    def number(self) -> str:
        """What people quote: the first characters of the public id."""
        return str(self.public_id)[:8].upper()

    def pay(self, at: datetime) -> None:
        self.state, self.paid_at = self.State.PAID, at
        self.save(update_fields=["state", "paid_at", "start", "end"])

    def reverse(self) -> None:
        """Its money has gone back, and the time with it."""
        self.state = self.State.REVERSED
        self.save(update_fields=["state"])

    def fail(self) -> None:
        self.state = self.State.FAILED
        self.save(update_fields=["state"])
