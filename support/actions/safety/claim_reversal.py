"""What becomes of a claim when the decision about it is reversed."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from support.actions.safety.holding import hold_for, release_unless_wanted
from support.models import CopyrightClaim, ModerationDecision

Status = CopyrightClaim.Status


def follow_reversal(*, decision: ModerationDecision, by: User) -> None:
    """Upheld wrongly, it is declined, and the proceeds are the seller's; declined wrongly, it is decided anew.

    Inside the transaction of the reversal.
    """
    if decision.claim_id is None:
        return
    claims = CopyrightClaim.objects.select_related("model", "hold")
    claim = claims.select_for_update(no_key=True, of=("self",)).get(pk=decision.claim_id)
    now = timezone.now()
    if decision.is_against:
        claim.decide(now, Status.DECLINED)
        release_unless_wanted(claim.hold, by)
    elif claim.status == Status.DECLINED:
        hold = hold_for(claim, by) if claim.opened_at is not None else None
        claim.reopen(now + timedelta(days=settings.CLAIM_DECIDE_DAYS), hold)
