"""From one plan to another, from months to years, and back."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from commerce.actions.saved_methods import charge_saved
from commerce.actions.subscriptions.standing import (
    give_up_waiting,
    grant,
    locked_standing_of,
    open_period,
    standing_of,
    usable_method_of,
)
from commerce.actions.subscriptions.subscribing import require_offered, require_shown
from commerce.exceptions import PaymentNotPossible, SubscriptionRefused
from commerce.models import Payment, Plan, SavedPaymentMethod, Subscription, SubscriptionPeriod
from commerce.subscriptions import telling
from commerce.subscriptions.billing import bill
from commerce.subscriptions.pricing import Change, change_to

State = Subscription.State


def change(
    *, user: User, plan: Plan, interval: str, shown: Decimal, now: datetime | None = None
) -> Payment | None:
    """Change to `plan`; the payment where there is one to be made or that was made by the card that the person saved.

    More is at once and costs the difference for what is left of the time paid for; less begins when that ends. `shown`
    is what the person saw is due now. Not inside a transaction.

    Raises:
        SubscriptionRefused: there is no such change, or not now.
        CheckoutChanged: another amount is due. Nothing was changed.
        PaymentNotPossible: no card can be paid with.
        ProviderUnavailable: what was begun before could not be given up.
    """
    now = now or timezone.now()
    standing = standing_of(user)
    _require_changeable(standing, now)
    give_up_waiting(user)
    with transaction.atomic():
        subscription = locked_standing_of(user)
        _require_changeable(subscription, now)
        if subscription.waiting_period() is not None:
            raise PaymentNotPossible("Another payment of yours for a plan is going on. Finish it first.")
        if (plan.pk, interval) == (subscription.plan_id, subscription.interval):
            _stay(subscription)
            return None
        require_offered(plan)
        if subscription.is_on_trial and not plan.trial_days:
            raise SubscriptionRefused(f"{plan.name} has no trial. Subscribe to what you try, then change.")
        wanted = change_to(subscription, plan, interval, now)
        due = bill(wanted.amount, subscription.country)
        require_shown(due, shown)
        if due.total:
            saved = usable_method_of(user)
            payment = _to_pay(subscription, wanted, saved).payment
        else:
            _carry_out(subscription, wanted, now)
            return None
    return _charged(payment, saved)


def withdraw_change(*, user: User) -> None:
    """It stays what it is when the period ends. Idempotent."""
    with transaction.atomic():
        subscription = locked_standing_of(user)
        if subscription is not None and subscription.next_plan_id:
            subscription.forget_change()
            subscription.save()


def _require_changeable(subscription: Subscription | None, now: datetime) -> None:
    if subscription is None or not subscription.is_live:
        raise SubscriptionRefused("You have no plan to change. Subscribe to one.")
    if subscription.state == State.PAST_DUE:
        raise SubscriptionRefused("A payment for your plan is overdue. Pay it first, then change.")
    if subscription.state == State.CANCELLED:
        raise SubscriptionRefused("Your plan is cancelled. Resume it first, then change.")
    if subscription.period_end <= now:
        raise SubscriptionRefused("Your plan is being renewed at this moment. Try again in some minutes.")


def _stay(subscription: Subscription) -> None:
    if not subscription.next_plan_id:
        raise SubscriptionRefused(f"You have {subscription.plan.name} already.")
    subscription.forget_change()
    subscription.save()


def _to_pay(
    subscription: Subscription, wanted: Change, saved: SavedPaymentMethod | None
) -> SubscriptionPeriod:
    return open_period(
        subscription=subscription,
        kind=SubscriptionPeriod.Kind.CHANGE,
        plan=wanted.plan,
        interval=wanted.interval,
        price=wanted.price,
        listed=wanted.amount,
        times=(wanted.start, wanted.end),
        saved=saved,
    )


def _carry_out(subscription: Subscription, wanted: Change, now: datetime) -> None:
    """What costs nothing now."""
    if not wanted.at_once:
        subscription.plan_change(wanted.plan, wanted.interval)
        telling.change_planned(subscription)
        return
    if subscription.state == State.TRIALING:
        subscription.plan, subscription.interval, subscription.price = (
            wanted.plan,
            wanted.interval,
            wanted.price,
        )
        subscription.save()
    else:
        period = SubscriptionPeriod.objects.create(
            subscription=subscription,
            follows=subscription.current_period(),
            kind=SubscriptionPeriod.Kind.CHANGE,
            state=SubscriptionPeriod.State.PAID,
            plan=wanted.plan,
            interval=wanted.interval,
            price=wanted.price,
            start=wanted.start,
            end=wanted.end,
            amount=wanted.amount,
            paid_at=now,
        )
        subscription.run(period)
    grant(subscription)
    telling.changed(subscription)


def _charged(payment: Payment, saved: SavedPaymentMethod | None) -> Payment:
    """Charged to the saved card where there is one; where that does not go through, the person pays by hand."""
    return charge_saved(payment, saved) if saved is not None else payment
