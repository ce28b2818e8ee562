"""Refunds and disputes in the ledger; each in the transaction that changes what it is about."""

from datetime import datetime
from decimal import Decimal

from commerce.ledger import Line, post
from commerce.models import Dispute, LedgerEntry, LedgerMovement, Payment, Refund
from commerce.refunding.parts import ZERO, Parts

Account = LedgerEntry.Account
Kind = LedgerMovement.Kind


def post_refund(refund: Refund) -> None:
    """The buyer has it back, out of seller's share, fee and tax; what bought nothing out of what is due to them.

    What a bank has taken back is posted with its dispute.
    """
    if refund.kind == Refund.Kind.CHARGEBACK:
        return
    post(
        key=_key(refund),
        kind=Kind.DUE_REFUND if refund.kind == Refund.Kind.DUE else Kind.REFUND,
        lines=_lines(refund),
        payment=refund.payment,
        transaction=refund.transaction,
        note="" if refund.kind == Refund.Kind.DUE else f"Refund {refund.number}",
    )


def post_undone(refund: Refund) -> None:
    """The money has come back: the opposite of what was posted when it completed."""
    lines = [
        Line(line.account, -line.amount, owner=line.owner, available_at=line.available_at)
        for line in _lines(refund)
    ]
    post(
        key=f"{_key(refund)}:undone",
        kind=Kind.DUE_REFUND if refund.kind == Refund.Kind.DUE else Kind.REFUND,
        lines=lines,
        payment=refund.payment,
        transaction=refund.transaction,
        note=f"Refund {refund.number} came back",
    )


def post_dispute_held(dispute: Dispute) -> None:
    """The sellers' shares of what is contested are held back."""
    _post_shares(dispute, "hold", Kind.DISPUTE_HOLD, lambda share: _moved(share, to_held=True))


def post_dispute_won(dispute: Dispute) -> None:
    """They are the sellers' again."""
    _post_shares(dispute, "won", Kind.DISPUTE_WON, lambda share: _moved(share, to_held=False))


def post_dispute_lost(dispute: Dispute) -> None:
    """The bank has taken the money: out of sellers' shares with their fees, out of a budget that is held, out of what a
    plan has brought, then out of what was due to its payer in any case. What none of it covers is the site's loss.
    """
    shares, kept = list(_shares(dispute)), list(dispute.shares.filter(transaction__isnull=True))
    taken = sum((share.parts for share in [*shares, *kept]), Parts())
    gross = sum((share.gross for share in [*shares, *kept]), ZERO)
    lines = [Line(Account.HELD, -share.seller_amount, owner=share.transaction.seller) for share in shares]
    lines += [_kept_line(share) for share in kept]
    due = due_lost(dispute, gross)
    lines.append(Line(Account.DUE, -due, owner=dispute.payment.payer))
    lines.append(Line(Account.FEE, -(taken.fee + dispute.amount - gross - due)))
    lines.append(Line(Account.TAX, -taken.tax))
    lines.append(Line(Account.BUYER, dispute.amount, owner=dispute.payment.payer))
    _post(dispute, "lost", Kind.DISPUTE_LOST, lines)


def due_lost(dispute: Dispute, covered: Decimal) -> Decimal:
    """What of a lost dispute was money that bought nothing, where so much of it is covered; nothing where that is on
    its way back already.
    """
    payment = dispute.payment
    if payment.refunds.live().filter(kind=Refund.Kind.DUE).exists():
        return ZERO
    return min(max(dispute.amount - covered, ZERO), payment.refund_due_amount)


def post_collected(share: Refund) -> None:
    """What fees had borne of a lost dispute comes out of what is kept of its payment after all."""
    dispute = share.dispute
    post(
        key=f"dispute-lost:{dispute.pk}:{share.pk}",
        kind=Kind.DISPUTE_LOST,
        lines=[
            _kept_line(share),
            Line(Account.TAX, -share.tax_amount),
            Line(Account.FEE, share.gross),
        ],
        payment=share.payment,
        note=f"Dispute {dispute.number}",
    )


def _kept_line(share: Refund) -> Line:
    if share.payment.purpose == Payment.Purpose.BOUNTY:
        return Line(Account.ESCROW, -share.amount, owner=share.payment.payer_id)
    return Line(Account.PLANS, -share.amount)


def _key(refund: Refund) -> str:
    base = f"due-refund:{refund.payment_id}" if refund.kind == Refund.Kind.DUE else f"refund:{refund.pk}"
    return base if refund.completions == 1 else f"{base}:{refund.completions}"


def _lines(refund: Refund) -> list[Line]:
    payer = refund.payment.payer
    if refund.kind == Refund.Kind.DUE:
        return [
            Line(Account.DUE, -refund.amount, owner=payer),
            Line(Account.BUYER, refund.amount, owner=payer),
        ]
    if refund.kind == Refund.Kind.PLAN:
        return [
            Line(Account.PLANS, -refund.amount),
            Line(Account.TAX, -refund.tax_amount),
            Line(Account.BUYER, refund.gross, owner=payer),
        ]
    sale = refund.transaction
    return [
        Line(Account.SELLER, -refund.seller_amount, owner=sale.seller, available_at=_available_at(refund)),
        Line(Account.FEE, -refund.fee_amount),
        Line(Account.TAX, -refund.tax_amount),
        Line(Account.BUYER, refund.gross, owner=payer),
    ]


def _available_at(refund: Refund) -> datetime | None:
    """When the seller's share of the sale becomes free: the refund lowers the part that is on hold first."""
    share = LedgerEntry.objects.filter(
        movement__transaction=refund.transaction_id,
        movement__kind__in=[Kind.SALE, Kind.AWARD],
        account=Account.SELLER,
    ).first()
    return share.available_at if share else None


def _moved(share: Refund, *, to_held: bool) -> list[Line]:
    amount = share.seller_amount if to_held else -share.seller_amount
    seller = share.transaction.seller
    return [
        Line(Account.SELLER, -amount, owner=seller, available_at=_available_at(share)),
        Line(Account.HELD, amount, owner=seller),
    ]


def _post_shares(dispute: Dispute, what: str, kind: str, lines_of) -> None:
    lines = [line for share in _shares(dispute) for line in lines_of(share)]
    _post(dispute, what, kind, lines)


def _post(dispute: Dispute, what: str, kind: str, lines: list[Line]) -> None:
    # Of a payment for something else than models nothing is held back.
    if any(line.amount for line in lines):
        post(
            key=f"dispute-{what}:{dispute.pk}",
            kind=kind,
            lines=lines,
            payment=dispute.payment,
            note=f"Dispute {dispute.number}",
        )


def _shares(dispute: Dispute):
    found = dispute.shares.filter(transaction__isnull=False)
    return found.select_related("transaction__seller").order_by("transaction_id")
