"""What a buyer does: ask for money back, and take that back."""

from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from commerce.actions.refunds.access import update_access
from commerce.actions.refunds.locking import Held, hold_line, hold_refund, lock_figures
from commerce.actions.refunds.queue import send_soon
from commerce.actions.reviews import follow_purchase
from commerce.exceptions import RefundNotPossible
from commerce.locks import lock_buyer
from commerce.models import BountySubmission, Purchase, Refund
from commerce.refunding.facts import as_json
from commerce.refunding.news import tell
from commerce.refunding.rules import Case, Route, case_of, may_be_asked_until
from core.models import AuditEntry
from core.templatetags.core_tags import money_text


def reason_against_asking(purchase: Purchase) -> str:
    """Why no money can be asked back for a purchase now, as a sentence; empty where it can."""
    line = purchase.transaction
    if not line.gross_amount:
        return "Nothing was paid for it. You can take it out of your library."
    if purchase.revoked_at is not None:
        return "This purchase has been refunded."
    if line.refunds.open().filter(kind=Refund.Kind.SALE).exists():
        return "You have asked for this already."
    if line.refunds.filter(kind=Refund.Kind.CHARGEBACK, status=Refund.Status.APPROVED).exists():
        return "Your bank has been asked to take the money back: it decides now."
    if timezone.now() > may_be_asked_until(purchase):
        return (
            f"Refunds can be asked for within {settings.REFUND_ASK_DAYS} days of buying."
            f" Write to {settings.CONTACT_EMAIL} where something is wrong nevertheless."
        )
    if BountySubmission.objects.filter(transaction=line).exists():
        return (
            "It won your bounty: you saw its preview and its measures, and have chosen it."
            f" Write to {settings.CONTACT_EMAIL} where something is wrong nevertheless."
        )
    if not (line.sold_parts - line.refunds.live().parts()).gross:
        return "This purchase has been refunded."
    return ""


def ask(*, purchase: Purchase, by: User, reason: str, text: str = "") -> Refund:
    """Ask for all that is left of what a purchase cost. Not inside a transaction.

    By the written rule it is approved at once, or the seller is asked, or support decides.

    Raises:
        RefundNotPossible: it cannot be asked for (any more).
        ValueError: `reason` is none that a buyer has.
    """
    if reason not in Refund.BUYERS_REASONS:
        raise ValueError(f"{reason!r} is no buyer's reason.")
    case = case_of(purchase)
    with transaction.atomic():
        held = hold_line(purchase.transaction)
        against = reason_against_asking(held.purchase)
        if against:
            raise RefundNotPossible(against)
        return _file(held, replace(case, purchase=held.purchase), by, reason, text)


def _file(held: Held, case: Case, by: User, reason: str, text: str) -> Refund:
    now = timezone.now()
    # Under the lock of the purchase: it is not downloaded between this look and the pause.
    assessment = case.assess(reason)
    left = held.sold - held.before()
    refund = Refund(
        payment=held.payment,
        transaction=held.line,
        currency=held.payment.currency,
        asked_amount=left.gross,
        reason=reason,
        text=text[: Refund.TEXT_LENGTH],
        grounds=assessment.grounds,
        evidence=as_json(assessment.facts),
        requested_by=by,
    )
    refund.take(left)
    if assessment.route == Route.AT_ONCE:
        refund.approve(now)
        update_access(held, now)
        send_soon(refund)
    elif assessment.route == Route.SELLER:
        refund.answer_by = now + timedelta(days=settings.REFUND_ANSWER_DAYS)
        refund.save()
    else:
        refund.escalate(now, answer="")
    AuditEntry.record(
        actor=by,
        action="refund.asked",
        target=refund,
        route=str(assessment.route),
        grounds=assessment.grounds,
        amount=str(refund.gross),
    )
    tell(refund)
    return refund


def withdraw(*, refund: Refund, by: User) -> None:
    """The buyer does not want the money back any more; possible while nobody has answered.

    Raises:
        RefundNotPossible: it has been answered.
    """
    with transaction.atomic():
        refund, _held = hold_refund(refund)
        if refund.status == Refund.Status.CANCELLED:
            return
        if not refund.can_be_cancelled_by_buyer:
            raise RefundNotPossible("It has been answered already.")
        refund.cancel(timezone.now(), by=by)
        AuditEntry.record(actor=by, action="refund.withdrawn", target=refund)
        tell(refund)


def remove_from_library(*, purchase: Purchase) -> None:
    """Take a model that cost nothing out of its owner's library; they can get it again at any time.

    Raises:
        RefundNotPossible: it was paid for.
    """
    if purchase.transaction.gross_amount:
        raise RefundNotPossible(
            f"You paid {money_text(purchase.transaction.gross_amount)} for this model: ask for a refund instead."
        )
    with transaction.atomic():
        lock_buyer(purchase.user_id)
        if Purchase.objects.active().filter(pk=purchase.pk).update(revoked_at=timezone.now()):
            lock_figures([purchase.transaction])
            follow_purchase(purchase=purchase)
            User.objects.filter(pk=purchase.user_id).update(purchases_count=F("purchases_count") - 1)
