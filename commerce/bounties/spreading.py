"""What all who applied to a bounty are told: there may be many, so a worker does it."""

from celery import shared_task
from django.db import transaction

from accounts.models import Notification
from commerce.bounties.telling import moment_text, tell
from commerce.models import Bounty, BountyApplication

DEADLINE, JUDGING, ENDED = "deadline", "judging", "ended"
# While its payment is contested, and once it goes on; who contests it is told to nobody but its poster.
FROZEN, THAWED = "frozen", "thawed"


def spread(bounty: Bounty, event: str) -> None:
    """Tell those who applied, once the caller's transaction has committed. They see it on the page in any case."""
    transaction.on_commit(lambda: tell_applicants.delay(bounty.pk, event), robust=True)


@shared_task
def tell_applicants(bounty_id: int, event: str) -> None:
    """Safe to deliver any number of times: nobody is mailed twice."""
    bounty = Bounty.objects.select_related("creator", "winner", "payment").filter(pk=bounty_id).first()
    if bounty is None:
        return
    title, lines, key = _words(bounty, event)
    actor = bounty.winner if event == ENDED else None
    standing = BountyApplication.objects.active().filter(bounty=bounty, applicant__is_active=True)
    if bounty.winner_id:
        standing = standing.exclude(applicant=bounty.winner_id)
    for application in standing.select_related("applicant").order_by("pk").iterator(chunk_size=500):
        tell(
            application.applicant,
            bounty,
            kind=Notification.Kind.BOUNTY_WORK,
            title=title,
            lines=lines,
            key=key,
            actor=actor,
            group=f"bounty-{event}:{bounty.pk}",
        )


def _words(bounty: Bounty, event: str) -> tuple[str, list[str], str]:
    if event == DEADLINE:
        until = moment_text(bounty.deadline)
        return f"“{bounty.title}” has a new deadline", [f"Work can be handed in until {until}."], until
    if event == JUDGING:
        return f"“{bounty.title}” is being judged", ["No more work is taken; its poster chooses now."], event
    if event == FROZEN:
        why = "The payment of its budget is being checked. Until that is done nobody can win it."
        return f"“{bounty.title}” stands still", [why, "You need not do anything."], _numbered(bounty, event)
    if event == THAWED:
        return f"“{bounty.title}” goes on", ["Its budget is held as before."], _numbered(bounty, event)
    if bounty.is_awarded:
        kept = "What you handed in stays yours, and nobody else has seen it."
        return f"won “{bounty.title}”", [kept], event
    how = "was cancelled" if bounty.status == Bounty.Status.CANCELLED else "has expired"
    kept = "What you handed in stays yours, and nobody else has seen it."
    return f"“{bounty.title}” {how}", [*filter(None, [bounty.close_reason]), kept], event


def _numbered(bounty: Bounty, event: str) -> str:
    """It may happen more than once."""
    return f"{event}-{bounty.payment.disputes.count()}"
