"""Paying for an order of models, or of a course."""

from decimal import Decimal

from django.db.models import QuerySet
from django.urls import reverse

from commerce import coupons
from commerce.actions.delivery import deliver
from commerce.models import Order, Payment, Transaction
from commerce.purposes.base import Purpose, Settlement
from core.database.prepared import Prepared

_WHOLE = [field.name for field in Payment._meta.concrete_fields]
_WHOLE += [f"order__{field.name}" for field in Order._meta.concrete_fields]
# Locked in the order that is named. That something is asked of the order makes sure that it is there.
_LOCKED = Prepared(
    lambda payment: (
        Payment.objects.filter(pk=payment, order__checkout_key__isnull=False)
        .select_related("order__buyer")
        .only(*_WHOLE, "order__buyer__deleted_at")
        .select_for_update(no_key=True, of=("order", "self"))
    ),
    payment=int,
)


class OrderPurpose(Purpose):
    name = Payment.Purpose.ORDER

    def subject_lock(self, payment: Payment) -> None:
        list(Order.objects.select_for_update(no_key=True).filter(pk=payment.order_id).values_list("pk"))

    def lock(self, payment: Payment) -> Payment:
        """Both by one statement."""
        found = _LOCKED.first(payment=payment.pk)
        if found is None:
            raise Payment.DoesNotExist
        return found

    def settle(self, payment: Payment, now) -> Settlement:
        order = payment.order
        if order.is_completed:
            return Settlement("The order was paid already.", payment.amount)
        if order.buyer.is_deleted:
            order.cancel()
            return Settlement("The account was deleted.", payment.amount)
        no_coupon = coupons.take_back(order)
        if no_coupon:
            order.cancel()
            return Settlement(no_coupon, payment.amount)
        refused = deliver(order, payment)
        if not order.is_completed:
            order.cancel()
            return Settlement("The buyer has everything in the order from another one.", payment.amount)
        titles = ", ".join(line.title for line in refused)
        return Settlement(
            f"The buyer has these from another order: {titles}." if refused else "",
            sum((line.gross_amount for line in refused), Decimal("0.00")),
        )

    def failed(self, payment: Payment) -> None:
        if payment.order.is_open:
            payment.order.fail()

    def given_up(self, payment: Payment) -> None:
        order = payment.order
        if order.can_be_paid and not order.payments.filter(status=Payment.Status.PENDING).exists():
            order.cancel()

    def sales(self, payment: Payment) -> QuerySet[Transaction]:
        return Transaction.objects.filter(order=payment.order_id)

    def describe(self, payment: Payment) -> str:
        return f"Order {payment.order.number}"

    def pay_url(self, payment: Payment) -> str:
        return reverse("commerce:pay", args=[payment.order.public_id])

    def back_url(self, payment: Payment) -> str:
        """The receipt waits for the money by itself."""
        return payment.order.get_absolute_url()

    def return_url(self, payment: Payment) -> str:
        return payment.order.get_absolute_url()
