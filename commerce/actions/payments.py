"""Payments between what is paid for and the provider: starting, asking, settling, giving up. All idempotent."""

import logging
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from commerce.actions.choosing import chosen
from commerce.exceptions import PaymentNotPossible, PaymentStarting, ProviderRefused
from commerce.gateways import gateway
from commerce.gateways.base import NextStep, PaymentState, ProviderState
from commerce.later import later
from commerce.ledger.sales import post_cost, post_due
from commerce.locks import lock_buyer
from commerce.models import Payment, SavedPaymentMethod
from commerce.money import round_money
from commerce.purposes import purpose_of
from core.addresses import absolute_url
from core.database.prepared import PreparedUpdate
from core.models import AuditEntry

logger = logging.getLogger(__name__)

_STARTED = PreparedUpdate(
    lambda pk, name: (Payment.objects.open().filter(pk=pk), {"provider_id": name, "starting_until": None}),
    pk=int,
    name=str,
)


def start_payment(payment: Payment, *, request=None) -> NextStep:
    """Hand an open payment to its provider, once, and say how the buyer goes on. Not inside a transaction.

    Raises:
        PaymentStarting: another request is doing it; ask again in a moment.
        PaymentNotPossible: the payment is not open any more.
        ProviderUnavailable, ProviderRefused: the payment stays open and may be started again.
    """
    provider = gateway(payment.provider)
    if not payment.provider_id and _claim_start(payment):
        try:
            _start_at(provider, payment, request)
        finally:
            if payment.starting_until is not None:
                Payment.objects.filter(pk=payment.pk).update(starting_until=None)
    if not payment.is_open:
        raise PaymentNotPossible("This payment is not open any more.")
    return provider.next_step(payment)


def _claim_start(payment: Payment) -> bool:
    """Whether it is for this call to start it; else another has, or it is not open any more."""
    if payment.is_ours_to_start:
        payment.is_ours_to_start = False
        return True
    now = timezone.now()
    free = Q(starting_until__isnull=True) | Q(starting_until__lt=now)
    until = Payment.start_by(now)
    unstarted = Payment.objects.open().filter(free, pk=payment.pk, provider_id="")
    if unstarted.update(starting_until=until):
        # Nothing of it that matters here is another than it was when it was read: it is open, and not started.
        payment.starting_until = until
        return True
    payment.refresh_from_db()
    if payment.is_open and not payment.provider_id:
        raise PaymentStarting("Your payment is being prepared.")
    return False


def _start_at(provider, payment: Payment, request) -> None:
    purpose = purpose_of(payment)
    links = {
        "return_url": absolute_url(purpose.back_url(payment), request=request),
        "cancel_url": absolute_url(purpose.pay_url(payment), request=request),
    }
    state = None
    if payment.saved_method is not None:
        try:
            state = provider.charge_saved(
                payment, payment.saved_method, **links, payer_is_there=request is not None
            )
        except ProviderRefused as error:
            # It will not be charged, however often this is tried: the payer chooses another way.
            fail_payment(payment, error.message)
            payment.refresh_from_db()
            return
        provider_id = state.provider_id
    else:
        save_for = payment.payer if payment.save_method else None
        provider_id = provider.start(payment, **links, save_for=save_for).provider_id
    if not _note_started(payment, provider_id):
        # It was given up while the provider answered: nobody may pay it now.
        state = provider.cancel(payment)
    if state is not None:
        apply_state(payment, state)
        payment.refresh_from_db()


def _note_started(payment: Payment, provider_id: str) -> bool:
    """Keep the provider's name for it, and let go of it; whether it is still open."""
    if _STARTED(pk=payment.pk, name=provider_id):
        payment.provider_id, payment.starting_until = provider_id, None
        return True
    Payment.objects.filter(pk=payment.pk).update(provider_id=provider_id, starting_until=None)
    payment.refresh_from_db()
    return payment.is_open


def refresh_payment(payment: Payment) -> Payment:
    """Ask the provider how far an open payment is, and settle or end it accordingly.

    Raises:
        ProviderUnavailable, ProviderRefused: nothing is known; the payment stays as it is.
    """
    if payment.is_open and payment.provider_id:
        state = gateway(payment.provider).fetch(payment)
        apply_state(payment, state)
        if state.state == PaymentState.PENDING:
            payment.refresh_from_db()
    return payment


def apply_state(payment: Payment, state: ProviderState) -> str:
    """Bring a payment to what its provider says; returns what is wrong with that, or an empty text.

    Where the provider says that it has ended, `payment` is afterwards what it is in the database, and so is its order.
    """
    if state.state == PaymentState.SUCCEEDED:
        note(payment, state)
        problem = settle(payment, state)
        if payment.save_method and not payment.saved_method_id:
            later("remember_payment_method", payment.pk)
        return problem
    if state.state in (PaymentState.FAILED, PaymentState.CANCELLED):
        fail_payment(payment, state.message or "The payment was cancelled.")
    elif state.message:
        Payment.objects.filter(pk=payment.pk, status=Payment.Status.PENDING).update(
            failure_message=state.message[:500]
        )
    return ""


def note(payment: Payment, state: ProviderState) -> None:
    """What the provider tells of received money beside the amount; what it told before stays where it is silent now.

    Its cost is taken at its first word: that is what `post_cost` posts.
    """
    known = Payment.objects.filter(pk=payment.pk)
    if state.charge_id:
        known.update(provider_charge_id=state.charge_id)
    if state.cost is not None:
        known.filter(provider_cost=None).update(provider_cost=state.cost)


def settle(payment: Payment, state: ProviderState) -> str:
    """The money is there: complete the payment and hand over what it pays for, however often this is called.

    Returns what is wrong where the money does not pay for that (a wrong amount settles nothing; money that came twice
    is kept as due to be refunded), else an empty text.
    """
    with transaction.atomic():
        held = lock_payment(payment)
        problem = _settle(held, state)
    payment.become(held)
    return problem


def _settle(payment: Payment, state: ProviderState) -> str:
    if payment.is_received:
        _post_cost(payment, state)
        return ""
    if state.amount != payment.amount or state.currency.upper() != payment.currency.upper():
        problem = (
            f"{Payment.WRONG_AMOUNT} {state.amount} {state.currency}"
            f" instead of {payment.amount} {payment.currency}."
        )
        logger.error("Payment %s: %s", payment.public_id, problem)
        if payment.failure_message != problem:
            # It stays open, so that nobody pays a second time before a person has looked at it.
            payment.failure_message = problem
            Payment.objects.filter(pk=payment.pk).update(failure_message=problem)
            AuditEntry.record(actor=None, action="payment.wrong_amount", target=payment, problem=problem)
        return problem
    now = timezone.now()
    settlement = purpose_of(payment).settle(payment, now)
    if settlement.due < payment.amount:
        payment.receive(now)
    _post_cost(payment, state)
    if settlement.due:
        return owe(payment, settlement.due, settlement.problem, now)
    return settlement.problem


def _post_cost(payment: Payment, state: ProviderState) -> None:
    """Also where the provider names it only after the money: whichever word comes first completes the payment."""
    cost = state.cost if payment.provider_cost is None else payment.provider_cost
    if cost:
        post_cost(payment, cost)


def fail_payment(payment: Payment, message: str) -> None:
    """The provider will not bring this money; it may be tried again. Nothing happens to a received payment."""
    with transaction.atomic():
        held = lock_payment(payment)
        if held.is_open:
            held.fail(message)
            purpose_of(held).failed(held)
    payment.become(held)


def cancel_payment(payment: Payment, message: str = "The payment was cancelled.") -> None:
    """Give up an unpaid payment, at its provider first: where the money has come meanwhile, it is settled.

    Raises:
        ProviderUnavailable, ProviderRefused: whether it was paid is not known; nothing was changed.
    """
    if payment.is_open:
        if payment.provider_id:
            apply_state(payment, gateway(payment.provider).cancel(payment))
        else:
            fail_payment(payment, message)
    with transaction.atomic():
        payment = lock_payment(payment)
        if payment.status == Payment.Status.FAILED:
            purpose_of(payment).given_up(payment)


def begin_payment(
    *,
    payer: User,
    purpose: str,
    amount: Decimal,
    method: str,
    saved: SavedPaymentMethod | None = None,
    save_method: bool = False,
) -> Payment:
    """A new payment for anything but an order; the caller points at it from what is paid for, in one transaction.

    `saved` is a card of the payer's that is charged; else `save_method` keeps the one that pays, where that can be.

    Raises:
        PaymentNotPossible: `method` is not offered, or `saved` cannot be charged.
        ValueError: `amount` is not a positive amount of money.
    """
    if not amount.is_finite() or amount <= 0 or amount != round_money(amount):
        raise ValueError(f"{amount} is nothing that can be paid.")
    return Payment.objects.create(
        **chosen(payer=payer, method=method, saved=saved, save_method=save_method),
        purpose=purpose,
        amount=amount,
        currency=settings.CURRENCY,
    )


def try_again(
    payment: Payment, *, method: str, saved: SavedPaymentMethod | None = None, save_method: bool = False
) -> Payment:
    """A new payment in the place of a failed one; the payment itself where it is open.

    Raises:
        PaymentNotPossible: it is paid, has been replaced, nobody wants it any more, or `method` is not offered.
    """
    with transaction.atomic():
        payment = lock_payment(payment)
        if payment.is_open:
            return payment
        purpose = purpose_of(payment)
        if payment.is_received or not purpose.can_be_tried_again(payment):
            raise PaymentNotPossible("This payment is not open any more.")
        new = begin_payment(
            payer=payment.payer,
            purpose=payment.purpose,
            amount=payment.amount,
            method=method,
            saved=saved,
            save_method=save_method or payment.save_method,
        )
        purpose.replaced(payment, new)
        return new


def lock_payment(payment: Payment) -> Payment:
    """Lock the payer, what is paid for, the payment, in this order; see docs/decisions on locking."""
    lock_buyer(payment.payer_id)
    return purpose_of(payment).lock(payment)


def owe(payment: Payment, amount: Decimal, reason: str, now) -> str:
    payment.owe(amount, reason, now)
    post_due(payment, amount, reason)
    AuditEntry.record(
        actor=None, action="payment.refund_due", target=payment, amount=str(amount), reason=reason
    )
    logger.error("Payment %s: %s is to be refunded. %s", payment.public_id, amount, reason)
    return f"{amount} {payment.currency} is to be refunded. {reason}"
