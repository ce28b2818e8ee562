"""An order: one payment, one transaction a model or course (and so a seller)."""

import uuid
from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from commerce.countries import COUNTRIES
from commerce.models.given_back import GivenBackMixin
from commerce.models.listing import SoldListing
from commerce.models.things import SoldThingMixin, one_thing
from core.metrics import ORDERS, count
from core.models import PreparedWritesMixin, TimestampedModel


def tax_label(name: str, rate: Decimal) -> str:
    """A tax as buyers read it: “VAT 21 %”; empty where none is taken."""
    return f"{name} {rate.normalize():f} %" if name else ""


class OrderQuerySet(models.QuerySet):
    def of_buyer(self, user):
        return self.filter(buyer=user)

    def payable(self):
        """The list twin of `Order.can_be_paid`."""
        return self.filter(status__in=[Order.Status.PENDING, Order.Status.FAILED])

    def completed(self):
        """The list twin of `Order.is_completed`."""
        return self.filter(status=Order.Status.COMPLETED)

    def untold(self, before):
        """Completed before that, and nobody was told of it: see `commerce.actions.telling`."""
        return self.completed().filter(told_at__isnull=True, completed_at__lt=before)

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class Order(PreparedWritesMixin, TimestampedModel):
    """pending -> completed | failed | cancelled; failed -> pending when paid again.

    Money that arrives after all completes a failed or cancelled order. Refunds change the payment and its
    transactions.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "Waiting for payment"
        COMPLETED = "completed", "Paid"
        FAILED = "failed", "Payment failed"
        CANCELLED = "cancelled", "Cancelled"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders")
    # One checkout page, one order: the key is in the form, and a second submission finds the first order.
    checkout_key = models.UUIDField(unique=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING)
    currency = models.CharField(max_length=3)
    subtotal = models.DecimalField(max_digits=12, decimal_places=2)
    discount_amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    # Empty without one; the use itself is a `CouponUse`.
    coupon_code = models.CharField(max_length=40, blank=True)
    # Of the buyer's country on that day; the name is empty where nothing is taken.
    tax_name = models.CharField(max_length=30, blank=True)
    tax_rate = models.DecimalField("tax in percent", max_digits=6, decimal_places=3, default=0)
    tax_amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    # Whether the tax is part of subtotal and discount, or added to them.
    prices_include_tax = models.BooleanField(default=False)
    total = models.DecimalField(max_digits=12, decimal_places=2)
    billing_name = models.CharField(max_length=120)
    billing_email = models.EmailField()
    billing_company = models.CharField(max_length=120, blank=True)
    billing_address = models.CharField(max_length=300, blank=True)
    billing_city = models.CharField(max_length=80, blank=True)
    billing_postcode = models.CharField(max_length=20, blank=True)
    # Empty on orders of free models alone, which ask for no address.
    billing_country = models.CharField(max_length=2, blank=True)
    terms_accepted_at = models.DateTimeField()
    completed_at = models.DateTimeField(null=True, blank=True)
    # When the receipt and the sellers' messages were written.
    told_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = OrderQuerySet.as_manager()

    # The payment that was begun with the order, for whoever has just placed it.
    begun = None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(subtotal__gte=0, discount_amount__gte=0, tax_amount__gte=0, total__gte=0),
                name="order_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(discount_amount__lte=F("subtotal")), name="order_discount_within_subtotal"
            ),
            models.CheckConstraint(
                condition=Q(
                    prices_include_tax=False, total=F("subtotal") - F("discount_amount") + F("tax_amount")
                )
                | Q(
                    prices_include_tax=True,
                    total=F("subtotal") - F("discount_amount"),
                    tax_amount__lte=F("total"),
                ),
                name="order_total_adds_up",
            ),
            models.CheckConstraint(
                condition=~Q(status="completed") | Q(completed_at__isnull=False),
                name="order_completed_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["buyer", "-created_at"], name="order_of_buyer"),
            models.Index(
                fields=["completed_at"], condition=Q(status="completed", told_at=None), name="order_untold"
            ),
        ]

    def __str__(self):
        return str(self.public_id)

    def get_absolute_url(self):
        return f"{reverse('commerce:success')}?order={self.public_id}"

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.PENDING

    @property
    def is_completed(self) -> bool:
        return self.status == self.Status.COMPLETED

    @property
    def can_be_paid(self) -> bool:
        """Whether its buyer may pay it now, for the first time or again."""
        return self.status in (self.Status.PENDING, self.Status.FAILED)

    @property
    def number(self) -> str:
        """What people quote: the first characters of the public id."""
        return str(self.public_id)[:8].upper()

    @property
    def net_total(self) -> Decimal:
        """What the fee and the sellers' shares are taken from."""
        return self.total - self.tax_amount

    @property
    def tax_label(self) -> str:
        """As buyers read it: “VAT 21 %”."""
        return tax_label(self.tax_name, self.tax_rate)

    @property
    def billing_country_name(self) -> str:
        return COUNTRIES.get(self.billing_country, self.billing_country)

    def latest_payment(self):
        """The payment that counts: the last one begun, or None for an order of free models."""
        return self.payments.counting().first()

    def paid_by(self):
        """The payment whose money bought it, whatever has gone back of it since; None where none has."""
        return self.payments.that_bought().first()

    def complete(self, at, *, told_at=None) -> None:
        """`told_at` where everybody hears of it in the same transaction."""
        self.status = self.Status.COMPLETED
        self.completed_at, self.told_at = at, told_at
        self.save(update_fields=["status", "completed_at", "told_at", "updated_at"])
        count(ORDERS, "completed")
        for use in self.coupon_uses.reserved() if self.coupon_code else ():
            use.use()

    def fail(self) -> None:
        """The payment failed; the buyer may try again."""
        self._end(self.Status.FAILED)

    def cancel(self) -> None:
        """Nobody waits for this order any more."""
        self._end(self.Status.CANCELLED)

    def reopen(self) -> None:
        """A failed order is paid again; its coupon is taken back before (`commerce.coupons.take_back`)."""
        self.status = self.Status.PENDING
        self.save(update_fields=["status", "updated_at"])
        self.transactions.update(payment_status=Transaction.PaymentStatus.PENDING)

    def _end(self, status) -> None:
        if self.status == self.Status.COMPLETED:
            raise ValueError("A completed order stays completed.")
        self.status = status
        self.save(update_fields=["status", "updated_at"])
        count(ORDERS, status)
        self.transactions.update(payment_status=Transaction.PaymentStatus.FAILED)
        for use in self.coupon_uses.reserved().select_related("coupon"):
            use.release()


class TransactionQuerySet(models.QuerySet):
    def completed(self):
        return self.filter(payment_status=Transaction.PaymentStatus.COMPLETED)

    def in_order(self):
        return self.order_by("pk")


class Transaction(SoldThingMixin, GivenBackMixin, PreparedWritesMixin, TimestampedModel):
    """One model or course sold: what the buyer paid for it, the site's fee, and the seller's share."""

    class PaymentMethod(models.TextChoices):
        CARD = "card", "Card"
        PAYPAL = "paypal", "PayPal"
        CRYPTO = "crypto", "Crypto"
        NONE = "none", "Free"

    class PaymentStatus(models.TextChoices):
        PENDING = "pending", "Pending"
        COMPLETED = "completed", "Completed"
        FAILED = "failed", "Failed"
        REFUNDED = "refunded", "Refunded"

    transaction_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="transactions")
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="purchase_transactions")
    seller = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sale_transactions")
    # Kept as sold: a later edit of the model changes no receipt.
    title = models.CharField(max_length=120)
    amount = models.DecimalField("net amount after discount, before tax", max_digits=12, decimal_places=2)
    platform_fee = models.DecimalField(max_digits=12, decimal_places=2)
    seller_amount = models.DecimalField(max_digits=12, decimal_places=2)
    tax_amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    coupon_code = models.CharField(max_length=40, blank=True)
    discount_amount = models.DecimalField(max_digits=12, decimal_places=2, default=0)
    payment_method = models.CharField(max_length=10, choices=PaymentMethod.choices)
    payment_status = models.CharField(
        max_length=10, choices=PaymentStatus.choices, default=PaymentStatus.PENDING
    )
    completed_at = models.DateTimeField(null=True, blank=True)
    # What the model's page said when it was handed over; a sale of older days has none.
    listing = models.ForeignKey(
        SoldListing, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = TransactionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "model"], name="transaction_model_once_per_order"),
            models.UniqueConstraint(fields=["order", "course"], name="transaction_course_once_per_order"),
            models.CheckConstraint(condition=one_thing(), name="transaction_model_or_course"),
            models.CheckConstraint(
                condition=Q(amount=F("platform_fee") + F("seller_amount")), name="transaction_amount_splits"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, platform_fee__gte=0, seller_amount__gte=0),
                name="transaction_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(tax_amount__gte=0, discount_amount__gte=0),
                name="transaction_tax_and_discount_not_negative",
            ),
            models.CheckConstraint(condition=~Q(buyer=F("seller")), name="transaction_no_self_purchase"),
            models.CheckConstraint(
                condition=Q(refunded_amount__gte=0, refunded_amount__lte=F("amount"))
                & Q(refunded_tax__gte=0, refunded_tax__lte=F("tax_amount")),
                name="transaction_refunded_within_paid",
            ),
            models.CheckConstraint(
                condition=~Q(payment_status="refunded")
                | Q(refunded_amount=F("amount"), refunded_tax=F("tax_amount")),
                name="transaction_refunded_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-created_at"], name="transaction_of_seller"),
            models.Index(fields=["buyer", "-created_at"], name="transaction_of_buyer"),
        ]

    def __str__(self):
        return str(self.transaction_id)

    @property
    def is_completed(self) -> bool:
        return self.payment_status == self.PaymentStatus.COMPLETED

    @property
    def list_amount(self) -> Decimal:
        """Its price when it was sold, as the marketplace showed it: before discount."""
        included = self.tax_amount if self.order.prices_include_tax else 0
        return self.amount + self.discount_amount + included

    @property
    def gross_amount(self) -> Decimal:
        """What the buyer paid for it."""
        return self.amount + self.tax_amount
