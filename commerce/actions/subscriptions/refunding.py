"""Giving back what somebody paid for a time with a plan: all of it, or for the days that are left."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from commerce.actions.payments import lock_payment
from commerce.actions.refunds.queue import send_soon
from commerce.actions.subscriptions.reversing import left_of
from commerce.exceptions import RefundNotPossible
from commerce.models import Dispute, Refund, Subscription, SubscriptionPeriod
from commerce.refunding.news import tell
from commerce.refunding.parts import parts_of_refund
from commerce.subscriptions.calendar import days_left, days_of
from commerce.subscriptions.pricing import prorated
from core.models import AuditEntry
from core.templatetags.core_tags import money_text


def refundable_period(subscription: Subscription) -> SubscriptionPeriod | None:
    """The time that runs, where money was paid for it."""
    if not subscription.is_live or subscription.is_on_trial:
        return None
    period = subscription.current_period()
    return period if period is not None and period.payment_id else None


def unused_part(period: SubscriptionPeriod, now: datetime) -> Decimal:
    """What was paid for the days that are left, today's among them, with tax; at most what has not gone back yet."""
    whole = max(days_of(period.start, period.end), 1)
    share = prorated(period.total, days_left(period.start, period.end, now), whole)
    return min(share, left_of(period.payment).gross)


def refund_period(
    *,
    subscription: Subscription,
    by: User,
    text: str,
    only_unused: bool,
    ends: bool,
    now: datetime | None = None,
) -> Refund:
    """Give back what was paid for the time that runs, or for what is left of it. `ends` takes the time away as soon as
    the money has gone back; else it goes on.

    Raises:
        RefundNotPossible: it is their own plan, nothing was paid for it or is left, a bank decides about it, another
            refund of it is under way, or no reason is given.
    """
    if not text.strip():
        raise RefundNotPossible("Say why: who paid reads it.")
    if by.pk == subscription.user_id:
        raise RefundNotPossible("Nobody decides about money of their own.")
    now = now or timezone.now()
    period = refundable_period(subscription)
    if period is None:
        raise RefundNotPossible("Nothing was paid for the time that runs.")
    with transaction.atomic():
        payment = lock_payment(period.payment)
        period = SubscriptionPeriod.objects.select_related("subscription", "payment").get(pk=period.pk)
        if refundable_period(period.subscription) != period:
            raise RefundNotPossible("The plan has changed meanwhile: look at it again.")
        if Dispute.objects.open().filter(payment=payment).exists():
            raise RefundNotPossible("The bank of who paid decides about this payment.")
        if payment.refunds.open().exists():
            raise RefundNotPossible("A refund of this payment is under way already.")
        left = left_of(payment)
        amount = unused_part(period, now) if only_unused else left.gross
        if amount <= 0:
            raise RefundNotPossible("Nothing of this payment is left to give back.")
        made = Refund(
            kind=Refund.Kind.PLAN,
            payment=payment,
            currency=payment.currency,
            asked_amount=amount,
            reason=Refund.Reason.GOODWILL,
            ends_plan=ends,
        )
        before = payment.refunds.live().net_and_tax()
        parts = parts_of_refund(amount, sold=left + before, before=before, currency=payment.currency)
        made.amount, made.tax_amount = parts.net, parts.tax
        made.approve(timezone.now(), by=by, text=text.strip())
        send_soon(made)
        AuditEntry.record(
            actor=by, action="subscription.refund", target=period.subscription, amount=str(amount), ends=ends
        )
        tell(made)
    return made


def require_left(refund: Refund) -> None:
    """
    Raises:
        RefundNotPossible: what a failed refund was to give back has gone back by another.
    """
    left = left_of(refund.payment).gross
    if refund.gross > left:
        raise RefundNotPossible(f"Of this payment {money_text(left)} are left.")
