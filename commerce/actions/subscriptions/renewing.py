"""What beat does about subscriptions: the next period charged, overdue ones tried again, ends kept, people told before.

A worker leases one subscription at a time. What is to be charged is written down before the provider is asked: a worker
that dies in between leaves a row, and whoever comes next charges that one, which the provider does once.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from commerce.actions.payments import cancel_payment, refresh_payment
from commerce.actions.saved_methods import charge_saved
from commerce.actions.subscriptions.reversing import is_being_refunded, is_contested
from commerce.actions.subscriptions.settling import count_failure
from commerce.actions.subscriptions.standing import end, locked_standing_of, usable_method_of
from commerce.actions.subscriptions.subscribing import open_next
from commerce.exceptions import (
    CommerceError,
    PaymentNotPossible,
    PaymentStarting,
    SubscriptionRefused,
)
from commerce.models import Interval, Payment, Subscription, SubscriptionPeriod
from commerce.purposes import purpose_of
from commerce.subscriptions import telling
from commerce.subscriptions.pricing import agreed_price, asked_at_renewal, renewal_price
from core.models import AuditEntry

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
# Where the provider does not answer, or another payment of the person's is going on.
SOON = timedelta(minutes=10)
# How long a person has to confirm a payment with their bank before it counts as failed.
CONFIRM_WITHIN = timedelta(hours=24)
# How long before a period ends people are told of a new price, of a year's renewal, of a trial's end.
TELL_BEFORE = timedelta(days=7)
# A higher price that could not be told so long before is not asked.
LEAST_NOTICE = timedelta(days=3)
TRIAL_TELL_BEFORE = timedelta(days=3)
State = Subscription.State


def renew_due(now: datetime | None = None, limit: int = 200) -> int:
    """Do what is due about subscriptions; returns about how many. One that fails never keeps the others waiting."""
    now = now or timezone.now()
    count = 0
    while count < limit and (subscription := _lease_one(Subscription.objects.due(now), now)) is not None:
        count += 1
        try:
            _renew_leased(subscription, now)
        except CommerceError as error:
            logger.warning("Subscription %s could not be renewed yet: %s", subscription.public_id, error)
        except Exception:
            logger.exception("Subscription %s could not be renewed", subscription.public_id)
    return count


def retry(*, subscription: Subscription, by: User, now: datetime | None = None) -> None:
    """Try an overdue period now rather than when its time comes. Not inside a transaction.

    Raises:
        SubscriptionRefused: nothing is overdue.
        PaymentStarting: somebody is at it.
        ProviderUnavailable: nothing is known; it is tried again soon.
    """
    now = now or timezone.now()
    overdue = Subscription.objects.filter(pk=subscription.pk, state=State.PAST_DUE)
    if not overdue.update(due_at=now):
        raise SubscriptionRefused("Nothing is overdue.")
    leased = _lease_one(overdue.due(now), now)
    if leased is None:
        raise PaymentStarting("It is being tried at this moment.")
    AuditEntry.record(actor=by, action="subscription.retry", target=subscription)
    _renew_leased(leased, now)


def _renew_leased(subscription: Subscription, now: datetime) -> None:
    """Whatever happens, it is somebody else's turn afterwards, and soon where nothing was achieved."""
    try:
        renew(subscription, now)
    finally:
        mine = Subscription.objects.filter(pk=subscription.pk)
        mine.filter(due_at__lte=now).update(due_at=now + SOON)
        mine.update(leased_until=None)


def renew(subscription: Subscription, now: datetime) -> None:
    """What is due about one subscription: end it, or charge its next period. Not inside a transaction.

    Raises:
        CommerceError: nothing is known yet; the same call may be made again.
    """
    waiting = subscription.waiting_period()
    if waiting is not None and not _is_ours(waiting, now):
        # The person began to pay and did not finish, or did not confirm in time; it may have been paid this moment.
        cancel_payment(waiting.payment)
        waiting.payment.refresh_from_db()
        if waiting.payment.is_received or waiting.is_automatic:
            return
    with transaction.atomic():
        period = _next_to_charge(subscription.user, subscription, now)
    if period is not None:
        _charge(period, now)


def remind(now: datetime | None = None) -> int:
    """Tell people what is going to happen to their plan; how many were told. Idempotent."""
    now = now or timezone.now()
    count = 0
    for pk in _to_remind(now).values_list("pk", flat=True)[:1000]:
        with transaction.atomic():
            user = User.objects.get(subscriptions=pk)
            subscription = locked_standing_of(user)
            if subscription is not None and _to_remind(now).filter(pk=subscription.pk).exists():
                _remind(subscription, now)
                count += 1
    return count


def _lease_one(due: QuerySet, now: datetime) -> Subscription | None:
    with transaction.atomic():
        due = due.select_related("user", "plan", "next_plan")
        subscription = due.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
        if subscription is not None:
            Subscription.objects.filter(pk=subscription.pk).update(leased_until=now + LEASE)
    return subscription


def _is_ours(waiting: SubscriptionPeriod, now: datetime) -> bool:
    """Whether we go on with it: what we began to charge, for as long as its person may still confirm it."""
    return waiting.is_automatic and now < waiting.created_at + CONFIRM_WITHIN


def _next_to_charge(user: User, leased: Subscription, now: datetime) -> SubscriptionPeriod | None:
    """The period whose payment is to be charged now; None where there is none, whatever else was done instead."""
    subscription = locked_standing_of(user)
    if subscription is None or subscription.pk != leased.pk or subscription.due_at > now:
        return None
    if not subscription.renews or not user.is_active or user.deletion_due_at is not None:
        # Cancelled; or nobody is there to be charged.
        if subscription.period_end <= now:
            end(subscription, now)
        return None
    waiting = subscription.waiting_period()
    if waiting is not None:
        return waiting if waiting.is_automatic else None
    if is_contested(subscription):
        # Nobody is charged again by who was just told by a bank not to; each try waits for it some more.
        count_failure(subscription, now, "Your bank still decides about a payment for it.")
        return None
    if is_being_refunded(subscription):
        end(subscription, now, reason="It was refunded.")
        return None
    saved = usable_method_of(user)
    if saved is None:
        if subscription.state == State.TRIALING:
            end(subscription, now, reason="No card was given to go on with.")
        else:
            count_failure(subscription, now, "There is no card to charge.")
        return None
    price = renewal_price(subscription)
    return open_next(subscription, price, now, saved=saved, is_automatic=True)


def _charge(period: SubscriptionPeriod, now: datetime) -> None:
    payment = period.payment
    if payment.provider_id:
        # Whoever began this did not see what became of it.
        payment = refresh_payment(payment)
    try:
        payment = charge_saved(payment, payment.saved_method)
    except PaymentNotPossible:
        # The card was removed after the payment was begun: what was never handed over fails.
        if not payment.provider_id:
            cancel_payment(payment, "The card cannot be charged any more.")
        return
    if payment.is_open:
        _wait_for_confirmation(period, payment, now)


def _wait_for_confirmation(period: SubscriptionPeriod, payment: Payment, now: datetime) -> None:
    with transaction.atomic():
        subscription = locked_standing_of(payment.payer)
        waiting = subscription and subscription.waiting_period()
        if waiting == period:
            subscription.fall_due(now, period.created_at + CONFIRM_WITHIN)
            telling.confirmation_needed(subscription, period, purpose_of(payment).pay_url(payment))


def _to_remind(now: datetime):
    """Whose period ends soon, and who was not told yet."""
    untold = Subscription.objects.exclude(announced_for=F("period_end"))
    trial = Q(state=State.TRIALING, period_end__lte=now + TRIAL_TELL_BEFORE)
    paid = Q(state=State.ACTIVE, period_end__lte=now + TELL_BEFORE)
    return untold.filter(trial | paid, period_end__gt=now).order_by("period_end", "pk")


def _remind(subscription: Subscription, now: datetime) -> None:
    """Writes down that, and what price, the person was told."""
    asked, is_trial = asked_at_renewal(subscription), subscription.state == State.TRIALING
    agreed = agreed_price(subscription)
    if is_trial or subscription.period_end < now + LEAST_NOTICE:
        # Too late to say no: it stays what was agreed to.
        asked = min(asked, agreed)
    subscription.announced_price = asked
    subscription.announced_for = subscription.period_end
    subscription.save(update_fields=["announced_price", "announced_for", "updated_at"])
    is_year = Interval.YEAR in (subscription.interval, subscription.target_interval)
    if not is_trial and (is_year or asked != agreed):
        telling.renews_soon(subscription, asked)
    if is_trial:
        telling.trial_ends(subscription, has_card=usable_method_of(subscription.user) is not None)
