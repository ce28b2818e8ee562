"""What seller and support do: answer, decide, give back unasked, stop, and send again."""

from decimal import Decimal

from django.db.transaction import atomic
from django.utils import timezone

from accounts.models import User
from commerce.actions.payments import lock_payment
from commerce.actions.refunds.access import update_access
from commerce.actions.refunds.locking import Held, hold_line, hold_refund
from commerce.actions.refunds.queue import send_soon
from commerce.actions.subscriptions.refunding import require_left
from commerce.exceptions import RefundNotPossible
from commerce.models import Payment, Refund, Transaction
from commerce.money import round_money
from commerce.refunding.news import tell
from commerce.refunding.parts import parts_of_refund
from core.models import AuditEntry
from core.templatetags.core_tags import money_text


def answer(*, refund: Refund, by: User, amount: Decimal, text: str = "") -> Refund:
    """The seller answers: `amount` of what is asked for goes back at once; with nothing, support decides.

    Raises:
        RefundNotPossible: it is not theirs to answer (any more), or there is no such amount to give back.
    """
    with atomic():
        refund, held = hold_refund(refund)
        if not refund.awaits_seller or held.line.seller_id != by.pk:
            raise RefundNotPossible("This request does not wait for your answer any more.")
        now = timezone.now()
        if amount:
            refund.answer = Refund.Answer.ACCEPTED if amount == refund.gross else Refund.Answer.PARTLY
            refund.answer_text, refund.answered_at = text, now
            _approve(refund, held, amount, now, by=by)
        else:
            if not text:
                raise RefundNotPossible("Say why you refuse.")
            refund.escalate(now, answer=Refund.Answer.REFUSED, text=text)
        AuditEntry.record(actor=by, action="refund.answered", target=refund, amount=str(amount))
        tell(refund)
    return refund


def decide(*, refund: Refund, by: User, amount: Decimal, text: str) -> Refund:
    """Support decides: `amount` goes back, all that is asked for or a part; nothing declines it.

    Support need not wait for the seller: where it is clear what is right, it decides before.

    Raises:
        RefundNotPossible: it is decided already, or there is no such amount to give back, or the reason is missing.
    """
    if not text.strip():
        raise RefundNotPossible("Say why: buyer and seller read it.")
    with atomic():
        refund, held = hold_refund(refund)
        if refund.status != Refund.Status.REQUESTED:
            raise RefundNotPossible("This request has been decided already.")
        _refuse_own(held, by)
        now = timezone.now()
        if amount:
            _approve(refund, held, amount, now, by=by, text=text)
        else:
            refund.decline(now, by=by, text=text)
        AuditEntry.record(
            actor=by, action="refund.decided", target=refund, amount=str(amount), reason=text[:500]
        )
        tell(refund)
    return refund


def refund(
    *,
    transaction: Transaction,
    amount: Decimal | None = None,
    reason: str = Refund.Reason.GOODWILL,
    by: User | None = None,
    text: str = "",
) -> Refund:
    """Give money back for a sale without anybody having asked: `amount` with tax, or all that is left.

    Raises:
        RefundNotPossible: a request for it is open, or there is no such amount to give back.
    """
    with atomic():
        held = hold_line(transaction)
        _refuse_own(held, by)
        if held.line.refunds.open().exists():
            raise RefundNotPossible("A refund of this sale is open already: decide on that one.")
        left = (held.sold - held.before()).gross
        amount = left if amount is None else amount
        made = Refund(
            payment=held.payment,
            transaction=held.line,
            currency=held.payment.currency,
            asked_amount=amount,
            reason=reason,
        )
        _approve(made, held, amount, timezone.now(), by=by, text=text)
        AuditEntry.record(actor=by, action="refund.given", target=made, amount=str(amount), reason=text[:500])
        tell(made)
    return made


def refund_due(payment: Payment, *, by: User | None) -> Refund:
    """Send back what arrived and bought nothing.

    Raises:
        RefundNotPossible: nothing is due, or it is on its way.
    """
    with atomic():
        payment = lock_payment(payment)
        _refuse_contested(payment)
        on_its_way = payment.refunds.live().filter(kind=Refund.Kind.DUE)
        if not payment.refund_due_amount or on_its_way.exists():
            raise RefundNotPossible("Nothing is due to be refunded.")
        failed = payment.refunds.filter(kind=Refund.Kind.DUE, status=Refund.Status.FAILED).first()
        if failed is not None:
            return restart(refund=failed, by=by)
        made = Refund(
            kind=Refund.Kind.DUE,
            payment=payment,
            currency=payment.currency,
            amount=payment.refund_due_amount,
            asked_amount=payment.refund_due_amount,
            reason=Refund.Reason.DUE,
            text=payment.refund_due_reason,
        )
        made.approve(timezone.now(), by=by)
        send_soon(made)
        AuditEntry.record(actor=by, action="payment.refund_due", target=payment, amount=str(made.amount))
    return made


def stop(*, refund: Refund, by: User, text: str) -> None:
    """Take back what has not been sent, or could not be; it stays to be seen.

    Raises:
        RefundNotPossible: the provider has it, or it has ended.
    """
    with atomic():
        refund, held = hold_refund(refund)
        if not refund.can_be_stopped:
            raise RefundNotPossible("It cannot be taken back: it has been sent, or has ended.")
        _refuse_own(held, by)
        now = timezone.now()
        refund.cancel(now, by=by, text=text)
        if held.purchase is not None:
            update_access(held, now)
        AuditEntry.record(actor=by, action="refund.stopped", target=refund, reason=text[:500])
        tell(refund)


def restart(*, refund: Refund, by: User | None) -> Refund:
    """Send a failed refund again.

    Raises:
        RefundNotPossible: it has not failed, or its money has gone back by another one since.
    """
    with atomic():
        refund, held = hold_refund(refund)
        if refund.status != Refund.Status.FAILED:
            raise RefundNotPossible("Only a refund that could not be sent is sent again.")
        now = timezone.now()
        if refund.kind == Refund.Kind.PLAN:
            _refuse_contested(held.payment)
            require_left(refund)
        elif held.line is None:
            _refuse_contested(held.payment)
            if held.payment.refund_due_amount < refund.amount:
                raise RefundNotPossible("Nothing is due to be refunded.")
        else:
            if held.line.refunds.open().exists():
                raise RefundNotPossible("Another refund of this sale is open.")
            _take(refund, held, refund.gross)
        refund.restart(now, by=by)
        if held.purchase is not None:
            update_access(held, now)
        send_soon(refund)
        AuditEntry.record(actor=by, action="refund.restarted", target=refund)
        tell(refund)
    return refund


def escalate_overdue(limit: int = 100) -> int:
    """Hand requests that their sellers have not answered in time to support. Returns how many."""
    overdue = list(Refund.objects.overdue().order_by("answer_by", "pk")[:limit])
    return sum(_escalate(refund) for refund in overdue)


def _escalate(refund: Refund) -> bool:
    with atomic():
        refund, _held = hold_refund(refund)
        now = timezone.now()
        if not refund.awaits_seller or refund.answer_by > now:
            return False
        refund.escalate(now, answer=Refund.Answer.NONE)
        AuditEntry.record(actor=None, action="refund.escalated", target=refund)
        tell(refund)
    return True


def _refuse_own(held: Held, by: User | None) -> None:
    """Who decides has nothing to gain or to lose by it; `by` is None for what the site does by itself."""
    line = held.line
    concerned = (line.buyer_id, line.seller_id) if line else (held.payment.payer_id,)
    if by is not None and by.pk in concerned:
        raise RefundNotPossible("Nobody decides about money of their own.")


def _refuse_contested(payment: Payment) -> None:
    """Where the bank gives money back that bought nothing, it is not sent as well."""
    if payment.disputes.open().exists():
        raise RefundNotPossible("The bank decides about this payment: send nothing back meanwhile.")


def _approve(refund: Refund, held: Held, gross: Decimal, now, *, by: User | None, text: str = "") -> None:
    _take(refund, held, gross)
    if refund.asked_amount < gross:
        raise RefundNotPossible(f"At most {money_text(refund.asked_amount)} was asked for.")
    refund.approve(now, by=by, text=text)
    update_access(held, now)
    send_soon(refund)


def _take(refund: Refund, held: Held, gross: Decimal) -> None:
    """Make it a refund of `gross`, out of what is left now.

    Raises:
        RefundNotPossible: no such amount is left.
    """
    before = held.before(refund)
    left = (held.sold - before).gross
    # Nothing can be compared with what is not a number.
    if not gross.is_finite() or not 0 < gross <= left:
        raise RefundNotPossible(f"Between a cent and {money_text(left)} can be given back.")
    if gross != round_money(gross, refund.currency):
        raise RefundNotPossible("This currency has no such fractions.")
    refund.take(parts_of_refund(gross, sold=held.sold, before=before, currency=refund.currency))
