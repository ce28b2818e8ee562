"""A time with a plan whose payment has gone back: what of it is left, and what its person has from then on.

Called under the locks of person, subscription and payment.
"""

from datetime import datetime

from commerce.actions.subscriptions.standing import end, grant
from commerce.models import Dispute, Payment, Refund, Subscription, SubscriptionPeriod
from commerce.refunding.parts import Parts
from commerce.subscriptions import telling

Kind = SubscriptionPeriod.Kind
TAKEN = "Your bank has taken the payment for it back."


def left_of(payment: Payment) -> Parts:
    """What the site keeps of a payment for a plan; its net price stands as the seller's part."""
    period = SubscriptionPeriod.objects.settled().filter(payment=payment).first()
    if period is None:
        return Parts()
    back = payment.refunds.live().exclude(kind=Refund.Kind.DUE).net_and_tax()
    return Parts(tax=period.tax_amount, seller=period.amount) - back


def is_contested(subscription: Subscription) -> bool:
    """Whether a bank decides about a payment for it: its card is not charged meanwhile."""
    open_ones = Dispute.objects.open()
    return open_ones.filter(payment__subscription_period__subscription=subscription).exists()


def is_being_refunded(subscription: Subscription) -> bool:
    """Whether it ends as soon as what was paid for it has gone back: its card is not charged for more."""
    going = Refund.objects.open().filter(ends_plan=True)
    return going.filter(payment__subscription_period__subscription=subscription).exists()


def taken_by_bank(payment: Payment, now: datetime) -> None:
    """All of a payment has been taken back: the time that it paid for ends, where it has not passed."""
    if payment.status != Payment.Status.REFUNDED:
        return
    period = SubscriptionPeriod.objects.paid().filter(payment=payment).first()
    if period is not None:
        end_time_of(period, now, reason=TAKEN)


def end_time_of(period: SubscriptionPeriod, now: datetime, *, reason: str) -> None:
    """Nobody has paid for this time any more.

    Where it was a change to more, what was paid for before goes on; where a later time was paid for by another payment,
    that one does. Else the plan ends at once.
    """
    subscription = _subscription_of(period)
    if subscription is None or not _rests_on(subscription, period):
        return
    is_last = subscription.current_period() == period
    before = period.follows
    for later in _since(subscription, period):
        later.reverse()
    if not subscription.is_live:
        return
    if is_last and period.kind == Kind.CHANGE and before is not None and before.is_paid and before.end > now:
        subscription.go_back_to(before, same_time=before.interval == period.interval)
        grant(subscription)
        telling.changed_back(subscription, reason)
    else:
        end(subscription, now, reason=reason)


def _subscription_of(period: SubscriptionPeriod) -> Subscription | None:
    found = Subscription.objects.select_related("user", "plan", "next_plan")
    return found.select_for_update(no_key=True, of=("self",)).filter(pk=period.subscription_id).first()


def _rests_on(subscription: Subscription, period: SubscriptionPeriod) -> bool:
    """Whether the time that runs was paid for by it, or is a change of what it paid for."""
    one = subscription.current_period()
    while one is not None and one != period and one.kind == Kind.CHANGE:
        one = one.follows
    return one == period


def _since(subscription: Subscription, period: SubscriptionPeriod) -> list[SubscriptionPeriod]:
    """The period and the changes that follow it, the last first."""
    found = []
    one = subscription.current_period()
    while one != period:
        found.append(one)
        one = one.follows
    return [*found, one]
