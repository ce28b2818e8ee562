"""A bounty that nobody gets: cancelled by its poster or by support, or expired; its money goes back."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from commerce.actions.bounties.locking import lock_with_money
from commerce.actions.bounties.returning import send_back_on_commit
from commerce.bounties.rules import is_frozen
from commerce.bounties.spreading import ENDED, spread
from commerce.bounties.telling import tell_ended
from commerce.exceptions import BountyRefused
from commerce.models import Bounty, BountySubmission, EscrowReturn
from core.models import AuditEntry

# Everybody reads it; whose bank it was, and what it was told, is between the poster and us.
NO_BUDGET = "The payment of its budget did not stand, so nobody can be paid for it any more."


def reason_against_cancelling(bounty: Bounty, *, by: User) -> str:
    """Why `by` cannot end the bounty now, as a sentence; empty where they can.

    Its poster can while no work is there, and again once the deadline has passed: whoever works on it until then does
    so for money that is there. Support can at any time, but for the one in which a bank decides about the money.
    """
    if not bounty.holds_money:
        return "This bounty is over, or was never paid."
    is_support = by.has_perm("commerce.decide_bounty") and by.pk != bounty.creator_id
    if bounty.creator_id != by.pk and not is_support:
        return "Only its poster can cancel a bounty."
    if is_frozen(bounty):
        return "The bank contests the payment of this bounty: until it has decided, nothing can be sent back."
    if is_support:
        return ""
    if bounty.is_open and has_work(bounty):
        return (
            "Work has been handed in: you can cancel when the deadline has passed, or write to our support."
        )
    return ""


def has_work(bounty: Bounty) -> bool:
    """Whether something is there that can be awarded."""
    return BountySubmission.objects.awardable().filter(bounty=bounty).exists()


def cancel(*, bounty: Bounty, by: User, reason: str = "") -> None:
    """End a bounty and send its budget back. Idempotent.

    Raises:
        BountyRefused: see `reason_against_cancelling`; or work is there, and no reason is given to those who made it.
    """
    with transaction.atomic():
        bounty = lock_with_money(bounty)
        if bounty.status == Bounty.Status.CANCELLED:
            return
        against = reason_against_cancelling(bounty, by=by)
        if against:
            raise BountyRefused(against)
        if not reason and has_work(bounty):
            raise BountyRefused("Say why: those who handed in work read it.")
        bounty.cancel(timezone.now(), reason)
        AuditEntry.record(actor=by, action="bounty.cancel", target=bounty, reason=reason)
        give_back(bounty)


def give_back(bounty: Bounty, amount: Decimal | None = None) -> None:
    """The bounty has just ended without a winner: its money goes back, all of it or the `amount` that is left of it,
    and everybody is told. Under its locks.
    """
    amount = bounty.payment.amount if amount is None else amount
    if amount:
        returned = EscrowReturn.objects.create(bounty=bounty, payment=bounty.payment, amount=amount)
        send_back_on_commit(returned)
    tell_ended(bounty, returned=amount)
    spread(bounty, ENDED)


def end_without_budget(bounty: Bounty, *, left: Decimal, at: datetime) -> None:
    """Its poster's bank has taken the budget, or a part of it: what is left goes back. Under its locks."""
    bounty.cancel(at, NO_BUDGET)
    AuditEntry.record(actor=None, action="bounty.lost_budget", target=bounty, left=str(left))
    give_back(bounty, left)
