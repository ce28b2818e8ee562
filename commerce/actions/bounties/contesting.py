"""What a dispute about its budget does to a bounty: it stands still while the bank decides, and may end.

Called under the locks of poster, bounty and payment.
"""

from datetime import datetime
from decimal import Decimal

from commerce.actions.bounties.ending import end_without_budget
from commerce.actions.bounties.returning import send_back_on_commit
from commerce.bounties.spreading import FROZEN, THAWED, spread
from commerce.models import Bounty, Dispute, EscrowReturn, Payment
from core.models import AuditEntry

_NOTHING = Decimal("0.00")


def held_of(bounty: Bounty, payment: Payment) -> Decimal:
    """What escrow holds of `payment`, but for what is on its way back: whether that arrives is the provider's word."""
    if bounty.payment_id != payment.pk:
        return _NOTHING
    if bounty.holds_money:
        return bounty.budget
    back = _return_of(bounty)
    return back.amount if back is not None and back.is_here and not back.is_under_way else _NOTHING


def freeze(bounty: Bounty, payment: Payment) -> None:
    """Its poster hears of the dispute by itself; those who applied hear that nobody can win it meanwhile."""
    if bounty.payment_id == payment.pk and bounty.holds_money:
        AuditEntry.record(actor=None, action="bounty.frozen", target=bounty)
        spread(bounty, FROZEN)


def thaw(bounty: Bounty, payment: Payment, dispute: Dispute, now: datetime) -> None:
    """It goes on where it stood: the time in which nobody could do anything is given back to maker and poster."""
    if bounty.payment_id != payment.pk:
        return
    if bounty.holds_money:
        bounty.add_time(now - dispute.opened_at)
        AuditEntry.record(actor=None, action="bounty.thawed", target=bounty)
        spread(bounty, THAWED)
        return
    back = _return_of(bounty)
    if back is not None and back.is_here:
        send_back_on_commit(back)


def lose(bounty: Bounty, payment: Payment, amount: Decimal, now: datetime) -> None:
    """The bank has taken `amount` out of escrow: nobody wins it any more, and what is left goes back."""
    if bounty.payment_id != payment.pk or not amount:
        return
    if bounty.holds_money:
        end_without_budget(bounty, left=bounty.budget - amount, at=now)
        return
    back = _return_of(bounty)
    AuditEntry.record(actor=None, action="bounty.return_taken", target=bounty, amount=str(amount))
    back.lose(amount)
    if back.is_here:
        send_back_on_commit(back)


def _return_of(bounty: Bounty) -> EscrowReturn | None:
    return EscrowReturn.objects.select_for_update().filter(bounty=bounty).first()
