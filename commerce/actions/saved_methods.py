"""Cards that providers keep for people: taken down, charged, made the default, removed."""

import logging
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from commerce.actions.payments import start_payment
from commerce.exceptions import PaymentNotPossible, ProviderRefused, ProviderUnavailable
from commerce.gateways import gateway
from commerce.gateways.base import KeptCard
from commerce.later import later
from commerce.locks import lock_buyer
from commerce.models import Payment, SavedPaymentMethod

# How long it is tried to learn which card a payment was made with.
_MISSED_FOR = timedelta(days=2)

logger = logging.getLogger(__name__)


def charge_saved(payment: Payment, saved: SavedPaymentMethod) -> Payment:
    """Charge a kept card for an open payment while its payer is away, and say what became of the payment.

    It is received, failed, or still open where the bank wants its payer: at `purpose_of(payment).pay_url(payment)`
    they confirm it. Not inside a transaction; the same payment again is charged once.

    Raises:
        PaymentNotPossible: the card is another person's or cannot be charged, or the payment was begun with another.
        PaymentStarting, ProviderUnavailable: nothing is known; the same call may be made again.
    """
    if saved.user_id != payment.payer_id or saved.provider != payment.provider or not saved.is_usable:
        raise PaymentNotPossible("This card cannot be charged any more.")
    if payment.saved_method_id != saved.pk:
        if not Payment.objects.filter(pk=payment.pk, provider_id="").update(saved_method=saved):
            raise PaymentNotPossible("This payment was begun in another way.")
        payment.refresh_from_db()
    if payment.is_open:
        try:
            start_payment(payment)
        except PaymentNotPossible:
            payment.refresh_from_db()
            if payment.is_open:
                raise
    payment.refresh_from_db()
    return payment


def remember(payment: Payment) -> SavedPaymentMethod | None:
    """Take down the card that the provider kept when its payer paid; None where it kept none. Not inside a transaction.

    Raises:
        ProviderUnavailable, ProviderRefused: nothing is known.
    """
    if payment.saved_method_id or not (payment.save_method and payment.is_received):
        return payment.saved_method
    kept = gateway(payment.provider).fetch_kept(payment)
    if kept is None:
        Payment.objects.filter(pk=payment.pk).update(save_method=False)
        return None
    with transaction.atomic():
        lock_buyer(payment.payer_id)
        payer = User.objects.get(pk=payment.payer_id)
        saved = _take_down(payer, payment.provider, kept)
        Payment.objects.filter(pk=payment.pk).update(saved_method=saved)
    payment.refresh_from_db()
    return saved


def _take_down(payer: User, provider: str, kept: KeptCard) -> SavedPaymentMethod:
    mine = SavedPaymentMethod.objects.of_user(payer).kept()
    known = mine.filter(provider=provider, method_id=kept.method_id).first()
    if known is not None:
        return known
    gone = payer.deleted_at is not None
    return SavedPaymentMethod.objects.create(
        user=payer,
        provider=provider,
        customer_id=kept.customer_id,
        method_id=kept.method_id,
        label="" if gone else f"{kept.brand} ending in {kept.last4}",
        brand="" if gone else kept.brand,
        last4="" if gone else kept.last4,
        expires=None if gone else kept.expires,
        is_default=not gone and not mine.filter(is_default=True).exists(),
        # Their account went meanwhile: the provider is told to forget the card.
        removed_at=timezone.now() if gone else None,
    )


def make_default(saved: SavedPaymentMethod) -> None:
    """What is charged for this person from now on.

    Raises:
        PaymentNotPossible: it was removed, or has expired.
    """
    with transaction.atomic():
        lock_buyer(saved.user_id)
        saved.refresh_from_db()
        if not saved.is_usable:
            raise PaymentNotPossible("This card cannot be charged any more.")
        for other in SavedPaymentMethod.objects.of_user(saved.user).filter(is_default=True):
            other.make_default(False)
        saved.make_default()


def remove(saved: SavedPaymentMethod) -> None:
    """Charge it no more, and have the provider forget it; the newest of the others becomes the default."""
    with transaction.atomic():
        lock_buyer(saved.user_id)
        saved.refresh_from_db()
        if not saved.is_kept:
            return
        was_default = saved.is_default
        saved.remove()
        successor = SavedPaymentMethod.objects.of_user(saved.user).usable().default_first().first()
        if was_default and successor is not None:
            successor.make_default()
        later("forget_payment_method", saved.pk)


def forget(saved: SavedPaymentMethod) -> None:
    """Have the provider forget what was removed here. Not inside a transaction.

    Raises:
        ProviderUnavailable: it may still know it; the same call may be made again.
    """
    if saved.is_kept or saved.forgotten_at is not None:
        return
    try:
        gateway(saved.provider).forget(saved)
    except ProviderRefused as error:
        # It knows nothing of it: there is nothing left to forget.
        logger.warning("Saved method %s: %s", saved.public_id, error)
    SavedPaymentMethod.objects.filter(pk=saved.pk).update(forgotten_at=timezone.now())


def forget_removed(limit: int = 100) -> None:
    for saved in SavedPaymentMethod.objects.to_forget().order_by("pk")[:limit]:
        try:
            forget(saved)
        except ProviderUnavailable as error:
            logger.warning("Saved method %s is not forgotten yet: %s", saved.public_id, error)


def remember_missed(limit: int = 100) -> None:
    """Cards of payments whose worker was not there when they were made."""
    since = timezone.now() - _MISSED_FOR
    missed = Payment.objects.filter(save_method=True, saved_method=None, completed_at__gte=since)
    for payment in missed.select_related("payer").order_by("pk")[:limit]:
        try:
            remember(payment)
        except (ProviderUnavailable, ProviderRefused, IntegrityError) as error:
            logger.warning("The card of payment %s is not known yet: %s", payment.public_id, error)
