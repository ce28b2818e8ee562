"""Bounties that break the rules: taken down and put back. Their money stays where it is."""

from django.db import transaction
from django.utils import timezone

from accounts import activities
from accounts.models import User
from commerce.actions.bounties.locking import lock_bounty
from commerce.models import Bounty
from core.models import AuditEntry


def take_down(*, bounty: Bounty, by: User, reason: str) -> bool:
    """Nobody but its poster sees it, and it takes no work; False where it was down already.

    Its budget stays held: whether it goes back is a decision of its own.
    """
    with transaction.atomic():
        bounty = lock_bounty(bounty.pk)
        if bounty.is_removed:
            return False
        _set(bounty, removed_at=timezone.now(), removed_by=by, removal_reason=reason)
        activities.forget(bounty)
        AuditEntry.record(actor=by, action="bounty.take_down", target=bounty, reason=reason)
    return True


def put_back(*, bounty: Bounty, by: User) -> bool:
    """False where it was not taken down."""
    with transaction.atomic():
        bounty = lock_bounty(bounty.pk)
        if not bounty.is_removed:
            return False
        _set(bounty, removed_at=None, removed_by=None, removal_reason="")
        AuditEntry.record(actor=by, action="bounty.put_back", target=bounty)
    return True


def _set(bounty: Bounty, **fields) -> None:
    for name, value in fields.items():
        setattr(bounty, name, value)
    bounty.save(update_fields=[*fields, "updated_at"])
