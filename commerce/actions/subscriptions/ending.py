"""Cancelling at the period's end, thinking better of it, and ending."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from commerce.actions.subscriptions.standing import end, give_up_waiting, locked_standing_of, standing_of
from commerce.exceptions import PaymentNotPossible, SubscriptionRefused
from commerce.models import Subscription
from commerce.subscriptions import telling
from core.models import AuditEntry

State = Subscription.State


def cancel(*, user: User, by: User | None = None, now: datetime | None = None) -> None:
    """No further period begins. One that is overdue, or was never paid, ends at once. Idempotent; not inside a
    transaction.

    Raises:
        SubscriptionRefused: there is nothing to cancel.
        ProviderUnavailable: a payment that is on its way could not be given up.
    """
    now = now or timezone.now()
    if standing_of(user) is None:
        raise SubscriptionRefused("You have no plan to cancel.")
    give_up_waiting(user)
    with transaction.atomic():
        subscription = locked_standing_of(user)
        if subscription is None:
            return
        if subscription.waiting_period() is not None:
            raise PaymentNotPossible("A payment for your plan is going on. Finish or cancel it first.")
        if subscription.state == State.CANCELLED:
            return
        if subscription.state in (State.PAST_DUE, State.INCOMPLETE) or subscription.period_end <= now:
            end(subscription, now)
        else:
            subscription.cancel(now)
            telling.cancelled(subscription)
        if by is not None:
            AuditEntry.record(actor=by, action="subscription.cancel", target=subscription)


def resume(*, user: User, now: datetime | None = None) -> None:
    """A cancelled subscription goes on. Idempotent.

    Raises:
        SubscriptionRefused: it has ended.
    """
    now = now or timezone.now()
    with transaction.atomic():
        subscription = locked_standing_of(user)
        if subscription is None or not subscription.is_live or subscription.period_end <= now:
            raise SubscriptionRefused("Your plan has ended. You can subscribe again.")
        if subscription.state == State.CANCELLED:
            subscription.resume()
            telling.resumed(subscription)


def end_for_good(user: User, now: datetime | None = None) -> None:
    """The account goes, and with it what runs. Idempotent; not inside a transaction.

    Raises:
        ProviderUnavailable: a payment that is on its way could not be given up.
    """
    give_up_waiting(user)
    with transaction.atomic():
        subscription = locked_standing_of(user)
        if subscription is not None:
            end(subscription, now or timezone.now())


def extend(*, subscription: Subscription, days: int, by: User) -> None:
    """Somebody here gives days to a person: the time that runs ends later, and nothing is charged for it.

    Raises:
        ValueError: `days` is not between 1 and 366.
        SubscriptionRefused: it has ended, or is overdue.
    """
    if not 1 <= days <= 366:
        raise ValueError("Between 1 and 366 days can be added at once.")
    with transaction.atomic():
        standing = locked_standing_of(subscription.user)
        if standing is None or standing.pk != subscription.pk or not standing.is_live:
            raise SubscriptionRefused("This subscription has ended.")
        if standing.state == State.PAST_DUE:
            raise SubscriptionRefused("A payment is overdue: retry it, or have it cancelled.")
        standing.extend(days)
        telling.extended(standing)
        AuditEntry.record(actor=by, action="subscription.extend", target=standing, days=days)
