"""A person's standing on the site: suspended or not, buyer or creator, with or without the creator's badge.

All of it is audited.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone

from accounts.creator_ties import ties_of
from accounts.exceptions import ModerationRefused
from accounts.models import AccountDeletion, Suspension, User
from accounts.signals import standing_changed
from core.mail import send
from core.models import AuditEntry

# What has an end has one that is in sight; without an end a suspension lasts until somebody lifts it.
LONGEST_SUSPENSION = timedelta(days=5 * 365)


@dataclass(frozen=True)
class Stay:
    """Why somebody is to stay outside, by whom, and until when."""

    by: User | None
    reason: str
    until: datetime | None


def suspend(
    *, user: User, by: User, reason: str, until: datetime | None = None, quiet: bool = False
) -> Suspension | None:
    """End a person's sessions and hide what they published, and tell them why and until when. Idempotent.

    Without `until` it lasts until somebody lifts it. One that ends sooner makes way; None where nothing changed.
    `quiet`: the caller tells them.

    Raises:
        ModerationRefused: nobody suspends themselves, and only administrators suspend staff; or its end is over, or
            further away than `LONGEST_SUSPENSION`.
    """
    _refuse_unless_allowed(user, by)
    check_end(until)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.is_active and not user.suspensions.ending_before(until).exists():
            return None
        user.is_active = False
        user.save(update_fields=["is_active", "updated_at"])
        now = timezone.now()
        # One may run from before, where it ends sooner or the account was closed by hand.
        user.suspensions.running().update(lifted_at=now, lifted_by=by)
        made = Suspension.objects.create(user=user, by=by, reason=reason, started_at=now, ends_at=until)
        details = {"reason": reason} | ({"until": until.isoformat()} if until else {})
        AuditEntry.record(actor=by, action="user.suspended", target=user, **details)
        if user.email and not quiet:
            send(kind="accounts/suspended", to=user, context={"reason": reason, "until": until})
        for session in UserSession.objects.filter(user=user):
            # Else they would go on where they were as soon as the suspension is lifted.
            session.end()
        _tell_on_commit(user)
    return made


def check_end(until: datetime | None) -> None:
    """
    Raises:
        ModerationRefused: no suspension can end then.
    """
    now = timezone.now()
    if until is not None and not now < until <= now + LONGEST_SUSPENSION:
        raise ModerationRefused("A suspension ends in the future, and within five years.")


def undo(
    *, suspension: Suspension, by: User, instead: Stay | None = None, quiet: bool = False
) -> Suspension | None:
    """As if it had never been: they are let in, or stay outside for what is there `instead`, which is the suspension
    that is returned. Idempotent: what is lifted already is left.

    Raises:
        ModerationRefused: as for `restore`.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=suspension.user_id)
        suspension.refresh_from_db(fields=["lifted_at"])
        if not suspension.is_running:
            return None
        if instead is None:
            restore(user=user, by=by, quiet=quiet)
            return None
        _refuse_unless_allowed(user, by)
        now = timezone.now()
        user.suspensions.running().update(lifted_at=now, lifted_by=by)
        return Suspension.objects.create(
            user=user, by=instead.by, reason=instead.reason, started_at=now, ends_at=instead.until
        )


def restore(*, user: User, by: User | None, quiet: bool = False) -> None:
    """Let a suspended person in again, and tell them. Idempotent. `by` is None where the time is over; `quiet`: the
    caller tells them.

    Raises:
        ModerationRefused: as for `suspend`; and a deleted account is nobody's any more.
    """
    if by is not None:
        _refuse_unless_allowed(user, by)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.is_deleted or AccountDeletion.objects.filter(user=user, started_at__isnull=False).exists():
            raise ModerationRefused("This account was deleted by its person.")
        user.suspensions.running().update(lifted_at=timezone.now(), lifted_by=by)
        if user.is_active:
            return
        user.is_active = True
        user.save(update_fields=["is_active", "updated_at"])
        AuditEntry.record(actor=by, action="user.restored", target=user)
        if user.email and not quiet:
            send(kind="accounts/restored", to=user)
        _tell_on_commit(user)


def lift_due(now: datetime | None = None) -> int:
    """Let in those whose suspension is over; how many. What happened to them meanwhile is looked at once more."""
    lifted = 0
    for suspension in Suspension.objects.due(now).select_related("user").order_by("ends_at", "pk"):
        try:
            with transaction.atomic():
                user = User.objects.select_for_update().get(pk=suspension.user_id)
                if not user.suspensions.due(now).filter(pk=suspension.pk).exists():
                    continue
                restore(user=user, by=None)
        except ModerationRefused:
            # Deleted by its person: there is nobody to let in.
            Suspension.objects.running().filter(pk=suspension.pk).update(lifted_at=timezone.now())
        else:
            lifted += 1
    return lifted


def set_type(*, user: User, by: User, user_type: str) -> None:
    """Make a buyer a creator, or a creator who has nothing here a buyer; the badge goes with it. Idempotent.

    Rows are asked, not counters: those count what is listed and what was kept, and nothing of somebody suspended.

    Raises:
        ModerationRefused: their models or what they sold would be left without a creator; as for `suspend` else.
    """
    _refuse_unless_allowed(user, by)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.user_type == user_type:
            return
        if user_type == User.UserType.BUYER and (ties := ties_of(user)):
            raise ModerationRefused(f"{user.username} {', and '.join(ties)}: they stay a creator.")
        before = user.user_type
        user.user_type = user_type
        user.is_verified = user.is_verified and user.is_creator
        user.save(update_fields=["user_type", "is_verified", "updated_at"])
        AuditEntry.record(actor=by, action="user.type_changed", target=user, before=before, after=user_type)


def set_verified(*, user: User, by: User, verified: bool) -> None:
    """Give or take the creator's badge. Idempotent.

    Raises:
        ModerationRefused: only creators carry the badge, and nobody gives it to themselves.
    """
    if user.pk == by.pk:
        raise ModerationRefused("Nobody decides about their own badge.")
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if verified and not user.is_creator:
            raise ModerationRefused(f"{user.username} is not a creator.")
        if user.is_verified == verified:
            return
        user.is_verified = verified
        user.save(update_fields=["is_verified", "updated_at"])
        AuditEntry.record(actor=by, action="user.verified" if verified else "user.unverified", target=user)


def _tell_on_commit(user: User) -> None:
    """Not before: receivers lock rows of their own, in an order in which the person comes last."""
    transaction.on_commit(lambda: standing_changed.send_robust(sender=User, user=user))


def _refuse_unless_allowed(user: User, by: User) -> None:
    if user.pk == by.pk:
        raise ModerationRefused("Nobody decides about their own account.")
    if (user.is_staff or user.is_superuser) and not by.is_superuser:
        raise ModerationRefused(f"{user.username} works here: only administrators decide about staff.")
