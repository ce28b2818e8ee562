"""What direct messages keep about people. See `accounts.personal_data`."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from django.db import transaction
from django.db.models import F
from django.db.models.fields.files import FieldFile

from accounts.models import User
from accounts.personal_data import ROWS_AT_A_TIME, Exported, Fate, Held, Keeper, rows
from community.actions.messages.locking import locked, sides
from community.models import Conversation, DirectMessage, MessageAttachment, Participant
from marketplace.actions.storing import delete_stored_on_commit
from marketplace.erasing import NOBODY

_PAIR = "Who takes part in a conversation is told with its participants."
_LETTER = "Whoever it was sent to keeps it, like a letter; the name at it is “Deleted account”."
HOLDS = {
    "community.Conversation.low": Held("", Fate.ANONYMISED, not_copied=_PAIR, not_deleted=_LETTER),
    "community.Conversation.high": Held("", Fate.ANONYMISED, not_copied=_PAIR, not_deleted=_LETTER),
    "community.Participant.user": Held("conversations", Fate.ANONYMISED, not_deleted=_LETTER),
    "community.Participant.other": Held("", Fate.ANONYMISED, not_copied=_PAIR, not_deleted=_LETTER),
    "community.DirectMessage.sender": Held("messages", Fate.ANONYMISED, not_deleted=_LETTER),
}
_MESSAGE = ("number", "body", "model", "model_title", "created_at", "edited_at", "deleted_at")


def export(user: User) -> Exported:
    """With whom they talk, and what they wrote: what they were sent is in the copies of those who sent it."""
    sent = DirectMessage.objects.filter(sender=user).order_by("conversation", "number")
    mine = Participant.objects.of_person(user).order_by("pk")
    state = ("standing", "is_muted", "unread", "last_read_at")
    tables = [
        (
            "conversations",
            rows(mine, *state, in_conversation=F("conversation__public_id"), person=F("other__username")),
        ),
        ("messages", rows(sent, *_MESSAGE, in_conversation=F("conversation__public_id"))),
    ]
    return Exported(tables=tables, files=_files(user))


def _files(user: User) -> Iterator[tuple[str, FieldFile]]:
    attachments = MessageAttachment.objects.filter(message__sender=user).order_by("pk")
    for attachment in attachments.iterator(chunk_size=ROWS_AT_A_TIME):
        suffix = PurePosixPath(attachment.file.name).suffix
        yield f"messages/{attachment.public_id}{suffix}", attachment.file


def erase(user: User) -> None:
    """A conversation stays for the other one; it goes where they never took it, or are gone themselves."""
    conversations = Conversation.objects.of_person(user).order_by("pk")
    for pk in list(conversations.values_list("pk", flat=True)):
        with transaction.atomic():
            conversation = locked(Conversation(pk=pk))
            _, theirs = sides(conversation, user)
            if theirs.user.is_deleted or not theirs.is_open:
                _remove(conversation)
            else:
                _forget_name(conversation, user)


def _remove(conversation: Conversation) -> None:
    attachments = MessageAttachment.objects.filter(message__conversation=conversation)
    delete_stored_on_commit([attachment.file for attachment in attachments])
    conversation.delete()


def _forget_name(conversation: Conversation, user: User) -> None:
    """Nobody is called by this name any more where the two of them did so."""
    mention = rf"(?<!\w)@{re.escape(user.username)}(?!\w)"
    for message in conversation.messages.filter(body__iregex=mention).only("body"):
        body = re.sub(mention, NOBODY, message.body, flags=re.IGNORECASE)
        DirectMessage.objects.filter(pk=message.pk).update(body=body)


def veto(user: User) -> list[str]:
    return []


def keeper() -> Keeper:
    return Keeper(name="messages", holds=HOLDS, export=export, erase=erase, veto=veto)
