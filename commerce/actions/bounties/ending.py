"""A bounty that nobody gets: cancelled by its poster or by support, or expired; its money goes back."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from commerce.actions.bounties.locking import lock_with_money
from commerce.actions.bounties.returning import send_back_on_commit
from commerce.bounties.spreading import ENDED, spread
from commerce.bounties.telling import tell_ended
from commerce.exceptions import BountyRefused
from commerce.models import Bounty, BountySubmission, EscrowReturn
from core.models import AuditEntry


def reason_against_cancelling(bounty: Bounty, *, by: User) -> str:
    """Why `by` cannot end the bounty now, as a sentence; empty where they can.

    Its poster can while no work is there, and again once the deadline has passed: whoever works on it until then does
    so for money that is there. Support can at any time.
    """
    if not bounty.holds_money:
        return "This bounty is over, or was never paid."
    if by.has_perm("commerce.decide_bounty") and by.pk != bounty.creator_id:
        return ""
    if bounty.creator_id != by.pk:
        return "Only its poster can cancel a bounty."
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


def give_back(bounty: Bounty) -> None:
    """The bounty has just ended without a winner: its money goes back, and everybody is told. Under its locks."""
    returned = EscrowReturn.objects.create(
        bounty=bounty, payment=bounty.payment, amount=bounty.payment.amount
    )
    send_back_on_commit(returned)
    tell_ended(bounty)
    spread(bounty, ENDED)
