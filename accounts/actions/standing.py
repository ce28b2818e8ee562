"""A person's standing on the site: suspended or not, with or without the creator's badge. All of it is audited."""

from django.db import transaction

from accounts.exceptions import ModerationRefused
from accounts.models import AccountDeletion, User
from accounts.signals import standing_changed
from core.mail import send
from core.models import AuditEntry


def suspend(*, user: User, by: User, reason: str) -> None:
    """End a person's sign-ins and hide what they published, and tell them why. Idempotent.

    Raises:
        ModerationRefused: nobody suspends themselves, and only administrators suspend staff.
    """
    _refuse_unless_allowed(user, by)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if not user.is_active:
            return
        user.is_active = False
        user.save(update_fields=["is_active", "updated_at"])
        AuditEntry.record(actor=by, action="user.suspended", target=user, reason=reason)
        if user.email:
            send(kind="accounts/suspended", to=user, context={"reason": reason})
        _tell_on_commit(user)


def restore(*, user: User, by: User) -> None:
    """Let a suspended person in again, and tell them. Idempotent.

    Raises:
        ModerationRefused: as for `suspend`; and a deleted account is nobody's any more.
    """
    _refuse_unless_allowed(user, by)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if user.is_deleted or AccountDeletion.objects.filter(user=user, started_at__isnull=False).exists():
            raise ModerationRefused("This account was deleted by its person.")
        if user.is_active:
            return
        user.is_active = True
        user.save(update_fields=["is_active", "updated_at"])
        AuditEntry.record(actor=by, action="user.restored", target=user)
        if user.email:
            send(kind="accounts/restored", to=user)
        _tell_on_commit(user)


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
