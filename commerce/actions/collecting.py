"""What a bank has taken comes out of what the site keeps of the payment itself: a budget that is held, a plan's price.

Called under the locks of payer, what was paid for, and payment.
"""

from django.utils import timezone

from commerce.actions.refunds.finishing import complete
from commerce.actions.refunds.locking import Held
from commerce.models import Dispute, Payment, Refund
from commerce.purposes import purpose_of
from commerce.refunding.bookkeeping import post_collected
from commerce.refunding.parts import parts_of_refund


def take_kept(dispute: Dispute, payment: Payment, at) -> Refund | None:
    """The share of a lost dispute that no seller bears, as an approved refund; None where nothing is kept.

    The caller posts it and hands it over.
    """
    kept = None if payment.bought_nothing else purpose_of(payment).kept(payment)
    if kept is None:
        return None
    borne = dispute.shares.live().gross()
    amount = min(dispute.amount - borne, kept.parts.gross)
    if amount <= 0:
        return None
    before = payment.refunds.live().filter(transaction__isnull=True).net_and_tax()
    share = Refund(
        kind=Refund.Kind.CHARGEBACK,
        payment=payment,
        dispute=dispute,
        currency=payment.currency,
        asked_amount=amount,
        reason=Refund.Reason.BANK,
        text=dispute.reason,
    )
    parts = parts_of_refund(amount, sold=kept.parts + before, before=before, currency=payment.currency)
    share.amount, share.tax_amount = parts.net, parts.tax
    share.approve(at)
    return share


def hand_over(share: Refund, payment: Payment, at) -> None:
    """The bank has it: what it had paid for ends."""
    complete(share, Held(payment), at)
    purpose_of(payment).taken(payment, share.gross, at)


def collect(payment: Payment) -> None:
    """What was on its way elsewhere when a bank took it, and has come back, makes up for that loss."""
    now = timezone.now()
    for dispute in payment.disputes.filter(status=Dispute.Status.LOST).order_by("pk"):
        share = take_kept(dispute, payment, now)
        if share is not None:
            post_collected(share)
            hand_over(share, payment, now)
