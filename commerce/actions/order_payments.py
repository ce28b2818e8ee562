"""An order and its payments: the next attempt, and giving up."""

from django.db import transaction
from django.utils import timezone

from commerce.actions.choosing import chosen
from commerce.actions.payments import cancel_payment
from commerce.actions.unchanged import hold_unchanged
from commerce.exceptions import PaymentNotPossible
from commerce.locks import lock_buyer
from commerce.models import Order, Payment, SavedPaymentMethod


def begin_order_payment(
    order: Order,
    *,
    method: str,
    saved: SavedPaymentMethod | None = None,
    save_method: bool = False,
    starts: bool = False,
) -> Payment:
    """The next payment of an order, by the caller who holds its locks. See `begin_payment`.

    A caller who `starts` it as soon as it is there (see `start_payment`) has claimed that from the beginning.
    """
    payment = Payment(
        **chosen(payer=order.buyer, method=method, saved=saved, save_method=save_method),
        order=order,
        amount=order.total,
        currency=order.currency,
        starting_until=Payment.start_by(timezone.now()) if starts else None,
    )
    payment.save(force_insert=True)
    payment.is_ours_to_start = starts
    order.begun = payment
    return payment


def cancel_order(order: Order, message: str = "The order was cancelled.") -> None:
    """Give up an unpaid order, as `cancel_payment` does."""
    payment = order.latest_payment()
    if payment is not None:
        cancel_payment(payment, message)
    order.refresh_from_db()


def pay_again(
    order: Order, *, method: str, saved: SavedPaymentMethod | None = None, save_method: bool = False
) -> Payment:
    """A new payment for an order whose last one failed; the open payment where there is one.

    Raises:
        PaymentNotPossible: the order is completed or cancelled, or it cannot be paid like this (`begin_payment`).
        CheckoutChanged: a price, the tax, the coupon or the availability has changed since: a new checkout is needed.
    """
    with transaction.atomic():
        order = _lock_order(order)
        if not order.can_be_paid:
            raise PaymentNotPossible("This order does not wait for a payment.")
        payment = order.latest_payment()
        if payment is not None and payment.is_open:
            return payment
        hold_unchanged(order)
        order.reopen()
        return begin_order_payment(order, method=method, saved=saved, save_method=save_method)


def _lock_order(order: Order) -> Order:
    lock_buyer(order.buyer_id)
    return Order.objects.select_for_update(no_key=True).get(pk=order.pk)
