"""When finance may give held proceeds back to buyers: not while it can still turn out that they are the seller's."""

from django.db.models import Q

from commerce.models import ProceedsHold
from core.locks import lock_until_commit
from support.models import Appeal, CopyrightClaim, ModerationDecision
from support.safety.remedies import day
from support.safety.subjects import Subject


def objection_to_giving_back(hold: ProceedsHold) -> str:
    """A sentence for as long as a claim is not decided, or what was decided can be appealed, or is; else nothing.

    Whoever decides, appeals or hears meanwhile waits for the same lock.
    """
    lock_until_commit(Subject.of_model(hold.model).key)
    if hold.claims.filter(status__in=CopyrightClaim.UNDECIDED).exists():
        return "A claim to this model is not decided yet."
    against = ModerationDecision.objects.standing().exclude(measure=ModerationDecision.Measure.DISMISS)
    decisions = against.filter(Q(hold=hold) | Q(claim__hold=hold))
    if Appeal.objects.open().filter(decision__in=decisions).exists():
        return "The seller has appealed: wait until somebody has heard it."
    last = decisions.exclude(pk__in=ModerationDecision.objects.beyond_appeal()).order_by("-appeal_by").first()
    return f"The seller can appeal until {day(last.appeal_by)}: wait until then." if last is not None else ""
