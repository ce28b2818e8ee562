"""What happens to bounties as time passes: judged, reminded of, handed to support, expired."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from commerce.actions.bounties.ending import give_back, has_work
from commerce.actions.bounties.locking import lock_with_money
from commerce.bounties.rules import is_frozen
from commerce.bounties.spreading import JUDGING, spread
from commerce.bounties.telling import tell_escalated, tell_to_choose
from commerce.models import Bounty
from core.models import AuditEntry

logger = logging.getLogger(__name__)

AT_A_TIME = 500
# Before the time to choose ends: what is left of it, as shares of the whole.
REMINDERS = (0.5, 0.1)


def tend(now: datetime | None = None) -> int:
    """Carry out all that has become due; how many bounties that was. Any number of workers may do it at once."""
    now = now or timezone.now()
    # What stands still is given its time back once the bank has decided.
    going = Bounty.objects.not_frozen()
    return (
        _each(going.past_deadline(now), lambda bounty: close(bounty, now))
        + _each(going.judging_over(now), lambda bounty: escalate(bounty, now))
        + _each(going.filter(status=Bounty.Status.JUDGING), lambda bounty: remind(bounty, now))
    )


def _each(bounties: QuerySet[Bounty], do: Callable[[Bounty], bool]) -> int:
    count, last = 0, 0
    while batch := list(bounties.filter(pk__gt=last).order_by("pk")[:AT_A_TIME]):
        for bounty in batch:
            last = bounty.pk
            try:
                count += do(bounty)
            except Exception:
                # One that cannot be carried out must not keep the others waiting.
                logger.exception("Bounty %s could not be carried on", bounty.pk)
    return count


def close(bounty: Bounty, now: datetime) -> bool:
    """The deadline has passed: what was handed in is judged; where nothing was, the money goes back."""
    with transaction.atomic():
        bounty = lock_with_money(bounty)
        if not bounty.is_open or bounty.deadline > now or is_frozen(bounty):
            return False
        if not has_work(bounty):
            return _expire(bounty, now)
        bounty.judge()
        AuditEntry.record(actor=None, action="bounty.judging", target=bounty)
        tell_to_choose(bounty)
        spread(bounty, JUDGING)
    return True


def escalate(bounty: Bounty, now: datetime) -> bool:
    """Nobody was chosen in time: support decides. Where all work was taken back meanwhile, the money goes back."""
    with transaction.atomic():
        bounty = lock_with_money(bounty)
        if not bounty.is_judged or bounty.judging_until > now or is_frozen(bounty):
            return False
        if not has_work(bounty):
            return _expire(bounty, now)
        if bounty.escalated_at is not None:
            return False
        bounty.escalated_at = now
        bounty.save(update_fields=["escalated_at", "updated_at"])
        AuditEntry.record(actor=None, action="bounty.escalate", target=bounty)
        tell_escalated(bounty)
    return True


def remind(bounty: Bounty, now: datetime) -> bool:
    """Remind the poster, each time once, however late it is by then."""
    with transaction.atomic():
        bounty = lock_with_money(bounty)
        due = reminders_due(bounty, now)
        if not bounty.is_judged or bounty.escalated_at is not None or due <= bounty.reminders:
            return False
        bounty.reminders = due
        bounty.save(update_fields=["reminders", "updated_at"])
        tell_to_choose(bounty)
    return True


def reminders_due(bounty: Bounty, now: datetime) -> int:
    """How many reminders the poster should have had by `now`."""
    if bounty.judging_until is None:
        return 0
    whole = timedelta(days=settings.BOUNTY_JUDGING_DAYS)
    return sum(now >= bounty.judging_until - whole * left for left in REMINDERS)


def _expire(bounty: Bounty, now: datetime) -> bool:
    bounty.expire(now)
    AuditEntry.record(actor=None, action="bounty.expire", target=bounty)
    give_back(bounty)
    return True
