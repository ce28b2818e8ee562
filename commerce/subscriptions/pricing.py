"""What a subscription costs: when it begins, when it changes, when it is renewed. All before tax."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from commerce.models import Interval, Plan, Subscription
from commerce.money import round_money
from commerce.subscriptions.calendar import days_left, days_of, period_end

NOTHING = Decimal("0.00")
# Providers refuse to move less; it is left to the person.
SMALLEST_CHARGE = Decimal("0.50")


@dataclass(frozen=True)
class Change:
    """What becomes of a subscription that is to become something else.

    `at_once` or at the period's end; `amount` is due now, `price` for every period from then on.
    """

    plan: Plan
    interval: str
    at_once: bool
    amount: Decimal
    price: Decimal
    start: datetime
    end: datetime


def is_up(subscription: Subscription, plan: Plan, interval: str) -> bool:
    """Whether somebody wants more: what is less in one way, in plan or in time, waits for the period's end."""
    longer = Interval(interval).months - Interval(subscription.interval).months
    higher = plan.rank - subscription.plan.rank
    return longer >= 0 and higher >= 0 and (longer > 0 or higher > 0)


def change_to(subscription: Subscription, plan: Plan, interval: str, now: datetime) -> Change:
    """What changing would do and cost now.

    In a trial everything is at once and costs nothing. More of a plan costs the difference for the days that are left;
    a longer interval begins today, less what is left of the time paid for.
    """
    price = plan.price(interval)
    start, end = subscription.period_start, subscription.period_end
    if subscription.is_on_trial:
        return Change(plan, interval, True, NOTHING, price, start, end)
    if not is_up(subscription, plan, interval):
        anchor = subscription.anchor_day
        return Change(plan, interval, False, NOTHING, price, end, period_end(end, interval, anchor))
    left, whole = days_left(start, end, now), days_of(start, end)
    if interval == subscription.interval:
        amount = max(prorated(price - subscription.price, left, whole), NOTHING)
        return Change(plan, interval, True, _charged(amount), price, max(now, start), end)
    amount = max(price - prorated(subscription.price, left, whole), NOTHING)
    # What was paid for ahead of a trial's end begins there.
    begin = max(now, start)
    return Change(
        plan, interval, True, _charged(amount), price, begin, period_end(begin, interval, begin.day)
    )


def prorated(amount: Decimal, left: int, whole: int) -> Decimal:
    """The part of `amount` for `left` of `whole` days; never more than all of it."""
    return round_money(amount * left / whole) if left < whole else amount


def renewal_price(subscription: Subscription) -> Decimal:
    """Of the next period: what the plan costs by then, but never more than was agreed to or told in time."""
    asked = asked_at_renewal(subscription)
    most = agreed_price(subscription)
    if subscription.announced_for == subscription.period_end and subscription.announced_price is not None:
        most = max(most, subscription.announced_price)
    return min(asked, most)


def asked_at_renewal(subscription: Subscription) -> Decimal:
    """What the plan of the next period costs now."""
    return subscription.target_plan.price(subscription.target_interval)


def agreed_price(subscription: Subscription) -> Decimal:
    """What the person has chosen to pay from the next period on."""
    return subscription.price if subscription.next_price is None else subscription.next_price


def _charged(amount: Decimal) -> Decimal:
    return amount if amount >= SMALLEST_CHARGE else NOTHING
