"""The one subscription that a person has, under its locks, and what it waits for."""

from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from accounts.entitlements import entitle
from accounts.models import User
from commerce.actions.payments import begin_payment, cancel_payment
from commerce.gateways import is_offered, offer
from commerce.locks import lock_buyer
from commerce.models import Payment, Plan, SavedPaymentMethod, Subscription, SubscriptionPeriod
from commerce.subscriptions import telling
from commerce.subscriptions.billing import bill
from commerce.subscriptions.calendar import period_end


def standing_of(user: User) -> Subscription | None:
    """The subscription that a person has, or waits to pay."""
    found = Subscription.objects.of_user(user).standing()
    return found.select_related("user", "plan", "next_plan").first()


def locked_standing_of(user: User) -> Subscription | None:
    """The same, and nobody else changes it until the transaction ends."""
    lock_buyer(user.pk)
    found = Subscription.objects.of_user(user).standing().select_related("user", "plan", "next_plan")
    return found.select_for_update(no_key=True, of=("self",)).first()


def give_up_waiting(user: User) -> None:
    """Nobody pays any more what the person's subscription waits for; where they have by now, that is settled.

    Not inside a transaction.

    Raises:
        ProviderUnavailable, ProviderRefused: whether it was paid is not known; nothing was changed.
    """
    subscription = standing_of(user)
    waiting = subscription and subscription.waiting_period()
    if waiting:
        # Its person has taken it into their own hands: that it is not paid is no failure of a card.
        SubscriptionPeriod.objects.filter(pk=waiting.pk).update(is_automatic=False)
        cancel_payment(waiting.payment)


def usable_method_of(user: User) -> SavedPaymentMethod | None:
    """What a person's renewals are charged to, where whoever keeps it still takes cards: the card of their choice, or
    the one that they have paid for their plan with since.
    """
    if not is_offered(Payment.Method.CARD):
        return None
    kept = SavedPaymentMethod.objects.of_user(user).usable()
    kept = kept.filter(provider=offer(Payment.Method.CARD).gateway.name)
    chosen = kept.default_first().first()
    if chosen is None:
        return None
    paid = SubscriptionPeriod.objects.of_user(user).paid()
    paid = paid.filter(payment__saved_method__in=kept, paid_at__gt=chosen.updated_at)
    newest = paid.select_related("payment__saved_method").order_by("-paid_at", "-pk").first()
    return newest.payment.saved_method if newest else chosen


def open_period(
    *,
    subscription: Subscription,
    kind: str,
    plan: Plan,
    interval: str,
    price: Decimal,
    listed: Decimal,
    times: tuple[datetime, datetime],
    method: str = Payment.Method.CARD,
    saved: SavedPaymentMethod | None = None,
    is_automatic: bool = False,
) -> SubscriptionPeriod:
    """A time to be paid for, with its payment: from what the person `saved`, or by them with `method`, which is kept.

    Raises:
        PaymentNotPossible: `method` is not offered, or `saved` cannot be charged.
    """
    due = bill(listed, subscription.country)
    payment = begin_payment(
        payer=subscription.user,
        purpose=Payment.Purpose.SUBSCRIPTION,
        amount=due.total,
        method=method,
        saved=saved,
        save_method=saved is None,
    )
    return SubscriptionPeriod.objects.create(
        subscription=subscription,
        follows=subscription.current_period(),
        kind=kind,
        plan=plan,
        interval=interval,
        price=price,
        start=times[0],
        end=times[1],
        amount=due.net,
        tax_name=due.tax_name,
        tax_rate=due.tax_rate,
        tax_amount=due.tax,
        payment=payment,
        created_at=timezone.now(),
        is_automatic=is_automatic,
    )


def next_times(subscription: Subscription, now: datetime) -> tuple[datetime, datetime]:
    """From when to when the next period lasts: after the one that runs. Time that has wholly passed is not sold."""
    start, interval = subscription.period_end, subscription.target_interval
    # The day of the month that somebody began on is kept; after a trial that is the day it ended.
    anchor = start.day if subscription.is_on_trial else subscription.anchor_day
    end = period_end(start, interval, anchor)
    if end <= now:
        return now, period_end(now, interval, now.day)
    return start, end


def grant(subscription: Subscription) -> None:
    """The person has from now on what their plan gives, or what everybody has."""
    limits = None
    if subscription.is_live:
        # Locked, so that whoever changes what the plan gives finds this person among those who have it.
        limits = Plan.objects.select_for_update(no_key=True).get(pk=subscription.plan_id).limits
    entitle(user=subscription.user, limits=limits)


def end(subscription: Subscription, now: datetime, *, reason: str = "") -> None:
    """The subscription is over; the caller holds its locks, inside a transaction."""
    was_live = subscription.is_live
    subscription.expire(now)
    grant(subscription)
    if was_live:
        telling.ended(subscription, reason)
