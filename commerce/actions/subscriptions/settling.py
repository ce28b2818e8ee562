"""What a payment does to its subscription when it ends; only inside the transaction that changes the payment."""

import uuid
from datetime import datetime, timedelta

from commerce.actions.subscriptions.standing import end, grant
from commerce.documents import print_later
from commerce.later import later
from commerce.ledger import Line, post
from commerce.models import LedgerEntry, LedgerMovement, Payment, Subscription, SubscriptionPeriod
from commerce.purposes import Settlement
from commerce.subscriptions import telling
from commerce.subscriptions.calendar import period_end

# Days after the first failure on which an overdue period is tried again; after the last the subscription ends.
RETRY_DAYS = (1, 3, 5)
_LEAST_WAIT = timedelta(hours=1)
Kind = SubscriptionPeriod.Kind
State = Subscription.State


def period_of(payment: Payment) -> SubscriptionPeriod:
    """What the payment is for, as it is now."""
    found = SubscriptionPeriod.objects.select_related(
        "subscription__user", "subscription__plan", "subscription__next_plan", "plan", "payment"
    )
    return found.get(payment=payment)


def settle(payment: Payment, now: datetime) -> Settlement:
    """The period is paid and the subscription runs on; money that fits nothing any more is due to be sent back."""
    period = period_of(payment)
    subscription = period.subscription
    against = _why_not(subscription, period, now)
    if against:
        if period.is_waiting:
            period.fail()
        return Settlement(against, payment.amount)
    _supersede_rival(subscription, period)
    if subscription.state in (State.INCOMPLETE, State.EXPIRED):
        # Who takes a day to pay gets a whole period all the same.
        period.start, period.end = now, period_end(now, period.interval, now.day)
    elif period.kind != Kind.CHANGE and period.start < subscription.period_end:
        # Days were given meanwhile: it begins after them.
        start = subscription.period_end
        period.start, period.end = start, period_end(start, period.interval, start.day)
    tell = telling.paid(subscription, period)
    period.pay(now)
    subscription.run(period)
    grant(subscription)
    _post(period)
    tell()
    print_later(period)
    return Settlement()


def failed(payment: Payment, now: datetime) -> None:
    """The period was not paid by this. Where we tried to charge it, that counts, and is tried again later."""
    period = period_of(payment)
    if period.is_waiting:
        period.fail()
        if period.is_automatic:
            count_failure(period.subscription, now, payment.failure_message)


def given_up(payment: Payment, now: datetime) -> None:
    """Nobody waits for this payment any more: a subscription that never was paid is none."""
    subscription = period_of(payment).subscription
    if subscription.state == State.INCOMPLETE and subscription.waiting_period() is None:
        end(subscription, now)


def count_failure(subscription: Subscription, now: datetime, reason: str) -> None:
    """The next period could not be charged: again in some days, or the end. The caller holds the locks."""
    if not subscription.renews:
        return
    subscription.attempts += 1
    if subscription.attempts > len(RETRY_DAYS):
        end(subscription, now, reason="The payment could not be made.")
        return
    since = subscription.overdue_since or now
    again = max(since + timedelta(days=RETRY_DAYS[subscription.attempts - 1]), now + _LEAST_WAIT)
    subscription.fall_due(now, again)
    telling.failed(subscription, reason, is_last=subscription.attempts == len(RETRY_DAYS))


def can_be_tried_again(period: SubscriptionPeriod, now: datetime) -> bool:
    """Whether its person may still pay for the same by another payment."""
    subscription = period.subscription
    if period.is_waiting or subscription.waiting_period() is not None:
        return False
    if period.kind == Kind.CHANGE and period.created_at.date() != now.date():
        # It would cost less today.
        return False
    return not _why_not(subscription, period, now)


def try_again_with(period: SubscriptionPeriod, payment: Payment) -> None:
    """The same time, to be paid by another payment."""
    period.pk, period._state.adding = None, True
    period.public_id, period.created_at = uuid.uuid4(), payment.created_at
    period.payment, period.state, period.is_automatic = payment, SubscriptionPeriod.State.WAITING, False
    period.save()


def _why_not(subscription: Subscription, period: SubscriptionPeriod, now: datetime) -> str:
    """Why money for `period` buys nothing now; empty where it does."""
    if subscription.user.is_deleted:
        return "The account was deleted."
    current = subscription.current_period()
    if period.follows_id != (current.pk if current else None):
        return "That time with the plan was paid already, or the plan was changed since."
    if subscription.state == State.EXPIRED:
        # A first payment that was given up and came after all.
        others = Subscription.objects.of_user(subscription.user).standing()
        if period.kind != Kind.START or subscription.trial_ends_at or others.exists():
            return "The plan had ended."
    elif subscription.state == State.CANCELLED:
        return "The plan had been cancelled."
    if period.kind == Kind.CHANGE and (subscription.state != State.ACTIVE or period.end <= now):
        return "The change of plan came too late."
    return ""


def _supersede_rival(subscription: Subscription, period: SubscriptionPeriod) -> None:
    """Money came for a try that had failed: what was tried instead is not needed, and its payment is given up."""
    rival = subscription.waiting_period()
    if rival is not None and rival != period:
        rival.fail()
        later("give_up_payment", rival.payment_id)


def _post(period: SubscriptionPeriod) -> None:
    account = LedgerEntry.Account
    lines = [
        Line(account.BUYER, -period.total, owner=period.subscription.user),
        Line(account.PLANS, period.amount),
        Line(account.TAX, period.tax_amount),
    ]
    post(
        key=f"plan:{period.payment_id}",
        kind=LedgerMovement.Kind.PLAN,
        lines=lines,
        payment=period.payment,
    )
