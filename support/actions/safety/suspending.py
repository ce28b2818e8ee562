"""Suspensions by decision: what else keeps somebody out when one of them is reversed."""

from datetime import datetime

from django.db.models import Q
from django.utils import timezone

from accounts.actions import standing
from accounts.actions.standing import Stay
from accounts.models import Suspension, User
from support.models import ModerationDecision
from support.safety.targets import why

Effect = ModerationDecision.Effect


def keep_out(decision: ModerationDecision) -> None:
    """Carry out a decision to suspend; whom it concerns reads of it with the decision.

    Raises:
        ModerationRefused: see `accounts.actions.standing.suspend`.
    """
    made = standing.suspend(
        user=decision.owner, by=decision.by, reason=why(decision), until=decision.ends_at, quiet=True
    )
    if made is not None:
        _takes(decision, made)


def let_in(decision: ModerationDecision, by: User) -> None:
    """Undo what a decision has done, which is reversed already. Whatever else keeps them out goes on; they are not let
    in either where somebody else has suspended them for something else meanwhile.

    Raises:
        ModerationRefused: see `accounts.actions.standing.restore`.
    """
    running = decision.owner.suspensions.running().first()
    if running is None:
        standing.restore(user=decision.owner, by=by, quiet=True)
        return
    if not decision.suspensions.filter(pk=running.pk).exists():
        return
    heir, stay = _longest(running)
    made = standing.undo(suspension=running, by=by, instead=stay, quiet=True)
    if heir is not None and made is not None:
        _takes(heir, made)


def _takes(decision: ModerationDecision, made: Suspension) -> None:
    decision.suspensions.add(made)
    if Effect.SUSPENDED not in decision.effects:
        decision.effects = [*decision.effects, Effect.SUSPENDED]
        decision.save(update_fields=["effects"])


def _longest(running: Suspension) -> tuple[ModerationDecision | None, Stay | None]:
    """Of all that keeps them out but the running one, what does so for the longest; with the decision that it is of.

    That is what made way since they were last let in, and what was decided meanwhile and had no effect.
    """
    before = running.predecessors()
    since = before[-1].started_at if before else running.started_at
    of_this_stay = Q(suspensions__in=[running, *before]) | Q(suspensions=None, created_at__gt=since)
    decisions = ModerationDecision.objects.suspending(running.user).filter(of_this_stay).distinct()
    found = [(one, Stay(one.by, why(one), one.ends_at)) for one in decisions.order_by("-pk")]
    by_hand = Suspension.objects.filter(pk__in=[one.pk for one in before], moderation_decisions=None)
    by_hand = by_hand.filter(ends_at__gt=timezone.now()).newest_first()
    found += [(None, Stay(one.by, one.reason, one.ends_at)) for one in by_hand]
    return max(found, key=lambda pair: _lasts(pair[1]), default=(None, None))


def _lasts(stay: Stay) -> tuple[bool, datetime]:
    """What has no end lasts longest."""
    return stay.until is None, stay.until or timezone.now()
