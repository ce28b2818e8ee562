"""Proceeds that several may want held: they are the seller's again when nobody does any more."""

from accounts.models import User
from commerce.actions.holds import hold_proceeds, release
from commerce.models import ProceedsHold
from support.models import CopyrightClaim, ModerationDecision


def hold_for(claim: CopyrightClaim, by: User | None) -> ProceedsHold | None:
    """What the model earns is held while the claim is open; None of one that costs nothing and never did."""
    if not (claim.model.is_paid or claim.model.sales_count):
        return None
    return hold_proceeds(model=claim.model, by=by, reason=f"Claim {str(claim.public_id)[:8].upper()}")


def release_unless_wanted(hold: ProceedsHold | None, by: User | None) -> None:
    """After a claim or a decision has let go of it: another one may not have. What an upheld claim held is finance's to
    settle.
    """
    if hold is None:
        return
    wanting = [*CopyrightClaim.UNDECIDED, CopyrightClaim.Status.UPHELD]
    held = ModerationDecision.objects.standing().filter(effects__contains=[ModerationDecision.Effect.HELD])
    if hold.claims.filter(status__in=wanting).exists() or held.filter(hold=hold).exists():
        return
    release(hold=hold, by=by)
