"""What becomes of a claim when the decision about it is reversed."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from support.actions.safety.holding import hold_for, release_unless_wanted
from support.exceptions import SafetyRefused
from support.models import CopyrightClaim, ModerationDecision
from support.safety.telling import Letter, tell_claim_reopened, tell_claimant

Status = CopyrightClaim.Status


def follow_reversal(*, decision: ModerationDecision, by: User) -> None:
    """Upheld wrongly, it is declined, and the proceeds are the seller's; declined wrongly, it is decided anew.

    Inside the transaction of the reversal; its other side is told.

    Raises:
        SafetyRefused: its writer has filed another one meanwhile, which is not decided yet.
    """
    if decision.claim_id is None:
        return
    claims = CopyrightClaim.objects.select_related("model", "hold")
    claim = claims.select_for_update(no_key=True, of=("self",)).get(pk=decision.claim_id)
    now = timezone.now()
    if decision.is_against:
        claim.decide(now, Status.DECLINED)
        release_unless_wanted(claim.hold, by)
        headline = f"The decision about your claim to “{claim.title}” was reversed"
        line = "Something was overlooked: the claim counts as declined."
        tell_claimant(claim, Letter(headline, line), decision=decision)
    elif claim.status == Status.DECLINED:
        undecided = CopyrightClaim.objects.waiting().exclude(pk=claim.pk)
        if undecided.filter(model=claim.model, email__iexact=claim.email).exists():
            raise SafetyRefused(
                "A newer claim of theirs to this model is not decided yet: decide about that one."
            )
        hold = hold_for(claim, by) if claim.opened_at is not None else None
        claim.reopen(now + timedelta(days=settings.CLAIM_DECIDE_DAYS), hold)
        tell_claim_reopened(claim)
