"""Disputes: what the provider says of a payment that its payer contests, and what is handed over against it."""

import logging
from collections.abc import Iterator
from decimal import Decimal

from django.db.transaction import atomic
from django.utils import timezone

from accounts.models import User
from commerce.actions.collecting import hand_over, take_kept
from commerce.actions.holds import hold_what_a_bank_left
from commerce.actions.payments import lock_payment
from commerce.actions.refunds.access import update_access
from commerce.actions.refunds.finishing import complete
from commerce.actions.refunds.locking import Held, hold_all_lines, lock_figures
from commerce.exceptions import RefundNotPossible
from commerce.gateways.base import DisputeNews, DisputeProgress
from commerce.models import Dispute, Payment, Refund
from commerce.money import exponent
from commerce.purposes import purpose_of
from commerce.refunding.bookkeeping import (
    due_lost,
    post_dispute_held,
    post_dispute_lost,
    post_dispute_won,
)
from commerce.refunding.dispute_news import tell_of_dispute
from commerce.refunding.evidence import evidence_of
from commerce.refunding.news import tell
from commerce.refunding.parts import parts_of_refund
from core.models import AuditEntry

logger = logging.getLogger(__name__)


def apply_dispute(payment: Payment, news: DisputeNews) -> str:
    """Do what a webhook says of a dispute, in whatever order and however often.

    Returns what is wrong with it, or an empty text.

    What comes after the bank's decision changes nothing.
    """
    with atomic():
        lines = hold_all_lines(payment)
        payment = lines[0].payment if lines else lock_payment(payment)
        if not payment.is_received:
            return "A payment that has not arrived cannot be disputed."
        if news.amount <= 0:
            return f"{news.amount} is nothing that can be disputed."
        now = timezone.now()
        found = Dispute.objects.select_for_update(no_key=True).filter(
            provider=payment.provider, provider_id=news.provider_dispute_id
        )
        dispute = found.first() or _open(payment, lines, news, now)
        if dispute.payment_id != payment.pk:
            return "This dispute is about another payment."
        if news.state == DisputeProgress.OPENED:
            return ""
        if dispute.is_open:
            _close(dispute, payment, lines, news.state == DisputeProgress.WON, now)
        elif dispute.status != news.state.value:
            problem = f"It was {dispute.status}, and now is said to be {news.state.value}."
            AuditEntry.record(actor=None, action="dispute.contradicted", target=dispute, problem=problem)
            return problem
        return ""


def submit_evidence(*, dispute: Dispute, by: User, statement: str) -> Dispute:
    """Keep what is handed over: our statement, and the facts as they are now. Once.

    Raises:
        RefundNotPossible: it is decided, was handed over before, or the statement is missing.
    """
    if not statement.strip():
        raise RefundNotPossible("Say what the facts prove.")
    with atomic():
        dispute = Dispute.objects.select_for_update(no_key=True).get(pk=dispute.pk)
        if not dispute.is_open or dispute.submitted_at is not None:
            raise RefundNotPossible("The evidence has been handed over, or the bank has decided.")
        dispute.submit(timezone.now(), by=by, statement=statement, evidence=evidence_of(dispute))
        AuditEntry.record(actor=by, action="dispute.submitted", target=dispute)
    return dispute


def _open(payment: Payment, lines: list[Held], news: DisputeNews, now) -> Dispute:
    """Hold back what the sellers got of it, and let nobody download while the bank decides."""
    dispute = Dispute.objects.create(
        payment=payment,
        provider=payment.provider,
        provider_id=news.provider_dispute_id,
        amount=news.amount,
        currency=payment.currency,
        reason=news.reason[:300],
        opened_at=now,
    )
    for held in lines:
        _give_up_requests(held, now)
    _give_up_due(payment, now)
    for held, gross in _shares(news.amount, lines):
        share = Refund(
            kind=Refund.Kind.CHARGEBACK,
            payment=payment,
            transaction=held.line,
            dispute=dispute,
            currency=payment.currency,
            asked_amount=gross,
            reason=Refund.Reason.BANK,
            text=dispute.reason,
        )
        share.take(parts_of_refund(gross, sold=held.sold, before=held.before(), currency=payment.currency))
        share.approve(now)
    for held in lines:
        update_access(held, now)
    post_dispute_held(dispute)
    AuditEntry.record(actor=None, action="dispute.opened", target=dispute, amount=str(dispute.amount))
    logger.error("Payment %s is disputed: %s", payment.public_id, dispute.reason)
    purpose_of(payment).contested(payment)
    tell_of_dispute(dispute)
    return dispute


def _give_up_requests(held: Held, now) -> None:
    """The bank decides now: what nobody has sent yet would be given back twice."""
    for refund in held.line.refunds.open().filter(kind=Refund.Kind.SALE).select_for_update(no_key=True):
        if refund.can_be_stopped:
            refund.payment, refund.transaction = held.payment, held.line
            refund.cancel(now, text="The buyer has asked their bank to take the money back: it decides.")
            tell(refund)


def _give_up_due(payment: Payment, now) -> None:
    """The same of money that bought nothing; should the bank leave it here, it is due again."""
    waiting = payment.refunds.open().filter(kind=Refund.Kind.DUE)
    for refund in waiting.select_for_update(no_key=True):
        if refund.can_be_stopped:
            refund.payment = payment
            refund.cancel(now, text="The payer has asked their bank to take the money back: it decides.")
            tell(refund)


def _shares(amount: Decimal, lines: list[Held]) -> Iterator[tuple[Held, Decimal]]:
    """What falls to each sale, in proportion to what is left of it, by largest remainder.

    More than is left is no seller's: the site bears it.
    """
    left = [(held, (held.sold - held.before()).gross) for held in lines]
    whole = sum((rest for _held, rest in left), Decimal("0.00"))
    amount = min(amount, whole)
    if not amount:
        return
    unit = Decimal(1).scaleb(-min(exponent(lines[0].payment.currency), 2))
    exact = [rest * amount / whole for _held, rest in left]
    floors = [share - share % unit for share in exact]
    missing = int((amount - sum(floors)) / unit)
    by_remainder = sorted(range(len(left)), key=lambda place: (floors[place] - exact[place], place))
    for place in by_remainder[:missing]:
        floors[place] += unit
    for (held, _rest), gross in zip(left, floors, strict=True):
        if gross:
            yield held, gross.quantize(Decimal("0.01"))


def _lose_due(dispute: Dispute, shares: list[Refund]) -> None:
    lost = due_lost(dispute, sum((share.gross for share in shares), Decimal("0.00")))
    if lost:
        dispute.payment.lose_due(lost)


def _close(dispute: Dispute, payment: Payment, lines: list[Held], is_won: bool, now) -> None:
    dispute.close(Dispute.Status.WON if is_won else Dispute.Status.LOST, now)
    hold_what_a_bank_left([held.line for held in lines])
    by_line = {held.line.pk: held for held in lines}
    shares = list(dispute.shares.select_for_update(no_key=True).order_by("transaction_id"))
    if is_won:
        post_dispute_won(dispute)
        for share in shares:
            share.cancel(now, text="The bank has decided for the seller.")
        purpose_of(payment).released(payment, dispute, now)
    else:
        taken = take_kept(dispute, payment, now)
        lock_figures([by_line[share.transaction_id].line for share in shares])
        post_dispute_lost(dispute)
        _lose_due(dispute, [*shares, taken] if taken else shares)
        for share in shares:
            held = by_line[share.transaction_id]
            share.payment, share.transaction = held.payment, held.line
            complete(share, held, now)
        if taken is not None:
            hand_over(taken, payment, now)
    for held in lines:
        update_access(held, now)
    AuditEntry.record(actor=None, action=f"dispute.{dispute.status}", target=dispute)
    tell_of_dispute(dispute)
