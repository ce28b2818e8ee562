"""Getting a plan: paid at once, or tried first."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from commerce.actions.subscriptions.standing import (
    end,
    give_up_waiting,
    grant,
    locked_standing_of,
    next_times,
    open_period,
    standing_of,
)
from commerce.exceptions import CheckoutChanged, PaymentNotPossible, SubscriptionRefused
from commerce.models import Payment, Plan, Subscription, SubscriptionPeriod
from commerce.subscriptions import telling
from commerce.subscriptions.billing import Bill, bill
from commerce.subscriptions.calendar import period_end
from commerce.subscriptions.pricing import renewal_price
from core.templatetags.core_tags import money_text

# How long before a period ends the next one can be paid.
EARLY = timedelta(days=14)
# A second tab may begin another one between giving up the first and beginning this one.
_TRIES = 5
State = Subscription.State


class _OtherWaits(PaymentNotPossible):
    """Something that the person began elsewhere waits for its payment."""

    def __init__(self):
        super().__init__("Another payment of yours for a plan is going on. Finish or cancel it first.")


def subscribe(
    *,
    user: User,
    plan: Plan,
    interval: str,
    method: str,
    country: str,
    shown: Decimal,
    now: datetime | None = None,
) -> Payment:
    """The payment for the first period of `plan`; the one that is waiting already where the same was asked for before.

    Once it is paid the plan is there, and the card is kept for renewals where that is possible. What the person began
    before and did not pay is given up first. `shown` is the amount that they saw and agreed to.

    Raises:
        SubscriptionRefused: the plan is not offered, or they have one.
        CheckoutChanged: it costs something else by now. Nothing was begun.
        PaymentNotPossible: `method` is not offered.
        ProviderUnavailable: what was begun before could not be given up.
    """
    now = now or timezone.now()
    require_offered(plan)
    require_shown(bill(plan.price(interval), country), shown)
    for _ in range(_TRIES):
        # Read first: what another tab begins after it is found as the same, and not given up.
        standing = standing_of(user)
        waiting = _same_waiting(user, plan, interval, method, shown)
        if waiting is not None:
            return waiting
        if standing is not None and not standing.is_live:
            give_up_waiting(user)
        try:
            with transaction.atomic():
                return _begin(user, plan, interval, method, country, now)
        except _OtherWaits:
            continue
    raise _OtherWaits


def start_trial(
    *, user: User, plan: Plan, interval: str, country: str, now: datetime | None = None
) -> Subscription:
    """Everything that `plan` gives for its days of trial, once a person, without a card.

    Raises:
        SubscriptionRefused: the plan is not offered or has no trial, or they have a plan or had a trial before.
        ProviderUnavailable: what they began before could not be given up.
    """
    now = now or timezone.now()
    require_offered(plan)
    if not plan.trial_days:
        raise SubscriptionRefused(f"{plan.name} has no trial.")
    standing = standing_of(user)
    if standing is not None and not standing.is_live:
        give_up_waiting(user)
    with transaction.atomic():
        _require_none(locked_standing_of(user), now)
        if not may_try(user):
            raise SubscriptionRefused("You have had your trial already. Subscribe to go on.")
        ends = now + timedelta(days=plan.trial_days)
        subscription = Subscription.objects.create(
            user=user,
            state=State.TRIALING,
            plan=plan,
            interval=interval,
            price=plan.price(interval),
            country=country,
            period_start=now,
            period_end=ends,
            trial_ends_at=ends,
            due_at=ends,
        )
        grant(subscription)
        telling.trial_started(subscription)
    return subscription


def pay_now(*, user: User, method: str, shown: Decimal, now: datetime | None = None) -> Payment:
    """The payment for the time after a trial, for one that is overdue or begins soon; the one that is waiting where
    there is one. Whoever pays with another card has that one kept.

    Raises:
        SubscriptionRefused: nothing is to be paid.
        CheckoutChanged: it costs something else by now. Nothing was begun.
        PaymentNotPossible: `method` is not offered.
    """
    now = now or timezone.now()
    with transaction.atomic():
        subscription = locked_standing_of(user)
        if subscription is None or not may_pay_now(subscription, now):
            raise SubscriptionRefused("There is nothing to pay for your plan now.")
        waiting = subscription.waiting_period()
        if waiting is not None:
            return waiting.payment
        price = renewal_price(subscription)
        require_shown(bill(price, subscription.country), shown)
        return open_next(subscription, price, now, method=method).payment


def open_next(subscription: Subscription, price: Decimal, now: datetime, **how) -> SubscriptionPeriod:
    """The period after the one that runs, to be paid; the caller holds the locks."""
    is_first = subscription.current_period() is None
    return open_period(
        subscription=subscription,
        kind=SubscriptionPeriod.Kind.START if is_first else SubscriptionPeriod.Kind.RENEWAL,
        plan=subscription.target_plan,
        interval=subscription.target_interval,
        price=price,
        listed=price,
        times=next_times(subscription, now),
        **how,
    )


def may_pay_now(subscription: Subscription, now: datetime) -> bool:
    """Whether its person can pay for the next period by hand."""
    if subscription.state == State.ACTIVE:
        # What was to become less begins with its period, so nobody pays for that ahead.
        return not subscription.next_plan_id and now >= subscription.period_end - EARLY
    return subscription.state in (State.TRIALING, State.PAST_DUE)


def may_try(user: User) -> bool:
    """Whether a person can still have a trial."""
    return not Subscription.objects.of_user(user).filter(trial_ends_at__isnull=False).exists()


def require_offered(plan: Plan) -> None:
    if plan.is_free or not plan.is_active:
        raise SubscriptionRefused("This plan cannot be subscribed to.")


def require_shown(due: Bill, shown: Decimal) -> None:
    """Nobody pays an amount that they did not see."""
    if due.total != shown:
        raise CheckoutChanged([f"It is {money_text(due.total)} now instead of {money_text(shown)}."])


def _begin(user, plan: Plan, interval: str, method: str, country: str, now: datetime) -> Payment:
    _require_none(locked_standing_of(user), now)
    price = plan.price(interval)
    subscription = Subscription.objects.create(
        user=user, state=State.INCOMPLETE, plan=plan, interval=interval, price=price, country=country
    )
    return open_period(
        subscription=subscription,
        kind=SubscriptionPeriod.Kind.START,
        plan=plan,
        interval=interval,
        price=price,
        listed=price,
        times=(now, period_end(now, interval, now.day)),
        method=method,
    ).payment


def _require_none(standing: Subscription | None, now: datetime) -> None:
    """No subscription; one that never was paid, and that nobody is paying, makes room."""
    if standing is None:
        return
    if standing.is_live:
        raise SubscriptionRefused(f"You have {standing.plan.name} already. You can change it.")
    if standing.waiting_period() is not None:
        raise _OtherWaits
    end(standing, now)


def _same_waiting(user, plan: Plan, interval: str, method: str, shown: Decimal) -> Payment | None:
    standing = standing_of(user)
    waiting = standing and standing.state == State.INCOMPLETE and standing.waiting_period()
    if not waiting or (waiting.plan_id, waiting.interval) != (plan.pk, interval):
        return None
    payment = waiting.payment
    return payment if (payment.method, payment.amount) == (method, shown) else None
