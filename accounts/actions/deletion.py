"""Deleting accounts: asked for, taken back, and carried out when the time to think it over has passed."""

import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.exceptions import DeletionRefused, NotYet
from accounts.models import AccountDeletion, Notification, User
from accounts.notifications import notify
from accounts.personal_data import keepers, vetoes
from accounts.signals import standing_changed
from core.locks import held_alone
from core.mail import send
from core.models import AuditEntry

logger = logging.getLogger(__name__)

# How much later it is tried again where something has to be settled first.
POSTPONED_BY = timedelta(days=1)


def request_deletion(*, user: User) -> AccountDeletion:
    """The account goes after the days to think it over; told by mail. Asking again changes nothing.

    Raises:
        DeletionRefused: something has to be settled first.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        known = AccountDeletion.objects.filter(user=user).first()
        if known is not None:
            return known
        against = vetoes(user)
        if against:
            raise DeletionRefused(against)
        deletion = AccountDeletion(user=user)
        deletion.set_due(timezone.now() + timedelta(days=settings.ACCOUNT_DELETION_DAYS))
        AuditEntry.record(
            actor=user, action="account.deletion.asked", target=user, due_at=deletion.due_at.isoformat()
        )
        if user.email:
            context = {"deletion": deletion, "url": reverse("accounts:settings_delete")}
            send(kind="accounts/deletion_requested", to=user, context=context)
    return deletion


def keep_account(*, user: User) -> bool:
    """Take the wish back; False where there was none, or it is too late."""
    with transaction.atomic():
        deleted, _ = AccountDeletion.objects.waiting().filter(user=user).delete()
        if deleted:
            User.objects.filter(pk=user.pk).update(deletion_due_at=None)
            AuditEntry.record(actor=user, action="account.deletion.taken_back", target=user)
    return bool(deleted)


def erase_due() -> int:
    """Carry out what is due, and go on with what a crash interrupted; returns how many accounts are gone now.

    One that fails is tried again the next time, and never keeps the others waiting.
    """
    erased = 0
    for pk in AccountDeletion.objects.due().order_by("due_at", "pk").values_list("pk", flat=True):
        try:
            erased += erase(pk)
        except Exception:
            logger.exception("The account of deletion %s could not be erased; it is tried again.", pk)
    return erased


def erase(deletion_id: int, *, despite_vetoes: bool = False) -> bool:
    """Carry out one deletion; False where it is not due, was taken back, or is not at its end yet. Idempotent."""
    with held_alone(f"accounts.deletion:{deletion_id}") as is_ours:
        deletion = _begin(deletion_id, despite_vetoes) if is_ours else None
        if deletion is None:
            return False
        try:
            for keeper in keepers():
                # As it is now: one keeper may have changed what the next one reads.
                keeper.erase(User.objects.get(pk=deletion.user_id))
        except NotYet as error:
            logger.info("Deletion %s goes on later: %s", deletion_id, error)
            return False
        _finish(deletion)
    return True


def _begin(deletion_id: int, despite_vetoes: bool) -> AccountDeletion | None:
    """From here on there is no way back: the person is signed out, and what they published is hidden."""
    with transaction.atomic():
        due = AccountDeletion.objects.due().filter(pk=deletion_id)
        deletion = due.select_for_update(of=("self",)).select_related("user").first()
        if deletion is None or deletion.started_at is not None:
            return deletion
        user = deletion.user
        against = [] if despite_vetoes else vetoes(user)
        if against:
            _postpone(deletion, against)
            return None
        deletion.started_at = timezone.now()
        deletion.save(update_fields=["started_at"])
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password", "updated_at"])
        AuditEntry.record(actor=None, action="account.deletion.started", target=user)
        transaction.on_commit(lambda: standing_changed.send_robust(sender=User, user=user))
    return deletion


def _postpone(deletion: AccountDeletion, against: list[str]) -> None:
    deletion.set_due(timezone.now() + POSTPONED_BY)
    AuditEntry.record(actor=None, action="account.deletion.postponed", target=deletion.user, reasons=against)
    notify(
        user=deletion.user,
        kind=Notification.Kind.ACCOUNT,
        title="Your account cannot be deleted yet",
        message=" ".join(against),
        link=reverse("accounts:settings_delete"),
        group="deletion-postponed",
    )


def _finish(deletion: AccountDeletion) -> None:
    with transaction.atomic():
        AccountDeletion.objects.filter(pk=deletion.pk).update(done_at=timezone.now())
        AuditEntry.record(actor=None, action="account.deleted", target=User.objects.get(pk=deletion.user_id))
