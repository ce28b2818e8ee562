"""Payments between the order and the provider: starting, asking, settling, giving up. All idempotent."""

import logging
from datetime import timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from commerce.actions.delivery import deliver
from commerce.availability import owned_ids, reason_against
from commerce.exceptions import (
    CheckoutChanged,
    CommerceError,
    PaymentNotPossible,
    PaymentStarting,
    ProviderRefused,
)
from commerce.gateways import gateway, is_offered, offer
from commerce.gateways.base import NextStep, PaymentState, ProviderState, RefundProgress
from commerce.locks import lock_buyer
from commerce.models import Order, Payment
from commerce.money import round_money
from core.addresses import absolute_url
from core.models import AuditEntry
from core.templatetags.core_tags import money_text
from marketplace.models import Model3D

logger = logging.getLogger(__name__)


def start_payment(payment: Payment, *, request=None) -> NextStep:
    """Hand an open payment to its provider, once, and say how the buyer goes on. Not inside a transaction.

    Raises:
        PaymentStarting: another request is doing it; ask again in a moment.
        PaymentNotPossible: the payment is not open any more.
        ProviderUnavailable, ProviderRefused: the payment stays open and may be started again.
    """
    provider = gateway(payment.provider)
    if not payment.provider_id:
        _claim_start(payment)
        try:
            _start_at(provider, payment, request)
        finally:
            Payment.objects.filter(pk=payment.pk).update(starting_until=None)
    if not payment.is_open:
        raise PaymentNotPossible("This order does not wait for a payment.")
    return provider.next_step(payment)


def _claim_start(payment: Payment) -> None:
    now = timezone.now()
    free = Q(starting_until__isnull=True) | Q(starting_until__lt=now)
    claimed = Payment.objects.filter(
        free, pk=payment.pk, provider_id="", status=Payment.Status.PENDING
    ).update(starting_until=now + timedelta(seconds=Payment.START_SECONDS))
    payment.refresh_from_db()
    if not claimed and payment.is_open and not payment.provider_id:
        raise PaymentStarting("Your payment is being prepared.")


def _start_at(provider, payment: Payment, request) -> None:
    if payment.provider_id or not payment.is_open:
        return
    page = reverse("commerce:pay", args=[payment.order.public_id])
    started = provider.start(
        payment,
        return_url=absolute_url(payment.order.get_absolute_url(), request=request),
        cancel_url=absolute_url(page, request=request),
    )
    Payment.objects.filter(pk=payment.pk).update(provider_id=started.provider_id)
    payment.refresh_from_db()
    if not payment.is_open:
        # The order was given up while the provider answered: nobody may pay it now.
        apply_state(payment, provider.cancel(payment))


def refresh_payment(payment: Payment) -> Payment:
    """Ask the provider how far an open payment is, and settle or end it accordingly.

    Raises:
        ProviderUnavailable, ProviderRefused: nothing is known; the payment stays as it is.
    """
    if payment.is_open and payment.provider_id:
        apply_state(payment, gateway(payment.provider).fetch(payment))
        payment.refresh_from_db()
    return payment


def apply_state(payment: Payment, state: ProviderState) -> str:
    """Bring a payment to what its provider says; returns what is wrong with that, or an empty text."""
    if state.state == PaymentState.SUCCEEDED:
        return settle(payment, state)
    if state.state in (PaymentState.FAILED, PaymentState.CANCELLED):
        fail_payment(payment, state.message or "The payment was cancelled.")
    elif state.message:
        Payment.objects.filter(pk=payment.pk, status=Payment.Status.PENDING).update(
            failure_message=state.message[:500]
        )
    return ""


def settle(payment: Payment, state: ProviderState) -> str:
    """The money is there: complete payment and order and hand over the models, however often this is called.

    Returns what is wrong where the money does not pay for the order (a wrong amount settles nothing; money that came
    twice is kept as due to be refunded), else an empty text.
    """
    with transaction.atomic():
        payment, order = _lock(payment)
        if payment.is_received:
            return ""
        if state.amount != payment.amount or state.currency.upper() != payment.currency.upper():
            problem = (
                f"The provider received {state.amount} {state.currency}"
                f" instead of {payment.amount} {payment.currency}."
            )
            logger.error("Payment %s: %s", payment.public_id, problem)
            if payment.failure_message != problem:
                # It stays open, so that nobody pays a second time before a person has looked at it.
                Payment.objects.filter(pk=payment.pk).update(failure_message=problem)
                AuditEntry.record(actor=None, action="payment.wrong_amount", target=payment, problem=problem)
            return problem
        now = timezone.now()
        if order.is_completed:
            return _owe(payment, payment.amount, "The order was paid already.", now)
        refused = deliver(order)
        due = sum((line.amount for line in refused), Decimal("0.00"))
        if not order.is_completed:
            order.cancel()
            return _owe(
                payment, payment.amount, "The buyer has every model of the order from another one.", now
            )
        payment.receive(now)
        if due:
            titles = ", ".join(line.title for line in refused)
            return _owe(payment, due, f"The buyer has these from another order: {titles}.", now)
        return ""


def fail_payment(payment: Payment, message: str) -> None:
    """The provider will not bring this money; the order may be paid again. Nothing happens to a received payment."""
    with transaction.atomic():
        payment, order = _lock(payment)
        if not payment.is_open:
            return
        payment.fail(message)
        if order.is_open:
            order.fail()


def cancel_order(order: Order, message: str = "The order was cancelled.") -> None:
    """Give up an unpaid order, at its provider first: where the money has come meanwhile, the order is completed.

    Raises:
        ProviderUnavailable, ProviderRefused: whether it was paid is not known; nothing was changed.
    """
    payment = order.latest_payment()
    if payment is not None and payment.is_open:
        if payment.provider_id:
            apply_state(payment, gateway(payment.provider).cancel(payment))
        else:
            fail_payment(payment, message)
    with transaction.atomic():
        locked = _lock_order(order)
        if locked.can_be_paid and not locked.payments.filter(status=Payment.Status.PENDING).exists():
            locked.cancel()
    order.refresh_from_db()


def pay_again(order: Order, *, method: str) -> Payment:
    """A new payment for an order whose last one failed; the open payment where there is one.

    Raises:
        PaymentNotPossible: the order is completed or cancelled, or `method` is not offered.
        CheckoutChanged: a price or the availability has changed since: a new checkout is needed.
    """
    if not is_offered(method):
        raise PaymentNotPossible("Choose how to pay.")
    with transaction.atomic():
        order = _lock_order(order)
        if not order.can_be_paid:
            raise PaymentNotPossible("This order does not wait for a payment.")
        payment = order.latest_payment()
        if payment is not None and payment.is_open:
            return payment
        _check_unchanged(order)
        order.reopen()
        return Payment.objects.create(
            order=order,
            method=method,
            provider=offer(method).gateway.name,
            amount=order.total,
            currency=order.currency,
        )


def refund_due(payment: Payment, *, by: User) -> None:
    """Send back what arrived and bought nothing. Not inside a transaction.

    Raises:
        PaymentNotPossible: nothing is due, or the provider has not sent it yet: asking again tells how far it is.
        ProviderUnavailable, ProviderRefused: nothing was sent back; it stays due.
    """
    amount = payment.refund_due_amount
    if not amount:
        raise PaymentNotPossible("Nothing is due to be refunded.")
    state = gateway(payment.provider).refund(payment, amount, key=f"due-{payment.public_id}")
    if state.progress == RefundProgress.FAILED:
        raise ProviderRefused(state.message or "The provider could not send the money back.")
    if state.progress == RefundProgress.PENDING:
        raise PaymentNotPossible(f"The provider has not sent it yet. {state.message}".strip())
    with transaction.atomic():
        payment, _ = _lock(payment)
        if payment.refund_due_amount:
            payment.repay_due()
            AuditEntry.record(actor=by, action="payment.refund_due", target=payment, amount=str(amount))


def settle_pending(limit: int = 100) -> int:
    """Ask the providers about open payments whose time has come; give up those that expired. Returns how many."""
    payments = _claim_pending(limit)
    for payment in payments:
        try:
            refresh_payment(payment)
            if payment.is_open and payment.is_expired:
                cancel_order(payment.order, "Nobody paid within a day.")
        except CommerceError as error:
            logger.warning("Payment %s could not be checked: %s", payment.public_id, error)
        except Exception:
            # One payment that cannot be asked about must not keep the others waiting; its own next time is set.
            logger.exception("Payment %s could not be checked", payment.public_id)
    return len(payments)


def _claim_pending(limit: int) -> list[Payment]:
    """Set the next time of each before asking, so that two workers, or a crash, do not ask twice at once."""
    with transaction.atomic():
        payments = list(Payment.objects.to_check().select_for_update(skip_locked=True, no_key=True)[:limit])
        for payment in payments:
            payment.check_later()
    return payments


def _lock(payment: Payment) -> tuple[Payment, Order]:
    """Lock the buyer, the order, the payment, in this order; see docs/decisions on locking."""
    order = _lock_order(payment.order)
    return Payment.objects.select_for_update(no_key=True).get(pk=payment.pk), order


def _lock_order(order: Order) -> Order:
    lock_buyer(order.buyer_id)
    return Order.objects.select_for_update(no_key=True).get(pk=order.pk)


def _owe(payment: Payment, amount: Decimal, reason: str, now) -> str:
    payment.owe(amount, reason, now)
    AuditEntry.record(
        actor=None, action="payment.refund_due", target=payment, amount=str(amount), reason=reason
    )
    logger.error("Payment %s: %s is to be refunded. %s", payment.public_id, amount, reason)
    return f"{amount} {payment.currency} is to be refunded. {reason}"


def _check_unchanged(order: Order) -> None:
    lines = {line.model_id: line for line in order.transactions.all()}
    models = Model3D.objects.with_card_data().filter(pk__in=lines).order_by("pk")
    models = list(models.select_for_update(no_key=True, of=("self",)))
    owned = owned_ids(order.buyer, lines)
    changes = []
    for model in models:
        problem = reason_against(model, order.buyer, owned)
        if problem is not None:
            changes.append(problem.sentence(model.title))
        elif round_money(model.price) != lines[model.pk].amount:
            changes.append(f"“{model.title}” costs {money_text(round_money(model.price))} now.")
    if changes:
        raise CheckoutChanged(changes)
