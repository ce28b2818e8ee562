"""Other words for what was sent a moment ago, and taking back what was sent."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import User
from accounts.writing import refusal
from community.actions.messages.locking import locked, sides
from community.messaging import telling
from community.messaging.exceptions import MessageRefused
from community.messaging.rules import check_is_own, check_may_write
from community.models import DirectMessage, Participant
from marketplace.actions.storing import delete_stored_on_commit


def edit(*, message: DirectMessage, by: User, body: str) -> DirectMessage:
    """Other words, within five minutes; the message says that it was edited where they differ.

    Raises:
        MessageRefused: it is not theirs, too old, empty now, or one of the two has blocked the other since.
    """
    with transaction.atomic():
        row, _, theirs = _locked(message, by)
        check_is_own(row, by)
        check_may_write(by, theirs.user)
        if not row.is_editable:
            raise MessageRefused("A message can be changed for five minutes after it was sent.")
        if not (body or row.model_title or row.attachment_count):
            raise MessageRefused("Write something, or delete the message.")
        if why := refusal(by, body):
            raise MessageRefused(why)
        if body != row.body:
            row.body, row.edited_at = body, timezone.now()
            row.save(update_fields=["body", "edited_at"])
            telling.changed(row, theirs)
    return row


def delete(*, message: DirectMessage, by: User) -> None:
    """Its words, files and model are gone for both; its place stays. Idempotent.

    Raises:
        MessageRefused: it is not theirs.
    """
    with transaction.atomic():
        row, _, theirs = _locked(message, by)
        if row.sender_id == by.pk and not row.is_standing:
            return
        check_is_own(row, by)
        empty(row)
        if row.number > theirs.last_read_number:
            Participant.objects.filter(pk=theirs.pk).update(unread=Greatest(F("unread") - 1, 0))
            theirs.unread = max(theirs.unread - 1, 0)
        telling.changed(row, theirs)
        telling.withdrawn(theirs)


def empty(message: DirectMessage) -> None:
    """Nothing is left of it but its place. Inside a transaction."""
    attachments = list(message.attachments.all())
    delete_stored_on_commit([attachment.file for attachment in attachments])
    message.attachments.all().delete()
    message.body, message.model, message.model_title = "", None, ""
    message.attachment_count, message.deleted_at = 0, timezone.now()
    message.save(update_fields=["body", "model", "model_title", "attachment_count", "deleted_at"])


def _locked(message: DirectMessage, by: User) -> tuple[DirectMessage, Participant, Participant]:
    conversation = locked(message.conversation)
    row = DirectMessage.objects.get(pk=message.pk)
    # The same object as its caller's, whose people are known already.
    row.conversation = conversation
    mine, theirs = sides(conversation, by)
    return row, mine, theirs
