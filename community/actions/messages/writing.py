"""Writing to somebody: the first message, and all that follow."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from accounts.writing import refusal_of_new
from community.actions.messages.locking import locked, sides
from community.messaging import telling
from community.messaging.attachments import Prepared, store
from community.messaging.exceptions import MessageRefused
from community.messaging.rules import STRANGERS_A_DAY, check_may_write, check_not_waiting, is_stranger
from community.models import Conversation, DirectMessage, Participant
from core.ratelimit import RateLimited, ratelimit
from marketplace.actions.storing import deleted_on_error
from marketplace.models import Model3D

A_DAY = 24 * 3600


@dataclass(frozen=True)
class Letter:
    """What is sent: words, pictures and files, a model, or several of these. `key` is the form's own."""

    body: str = ""
    model: Model3D | None = None
    attachments: Sequence[Prepared] = ()
    key: uuid.UUID | None = None

    @property
    def is_empty(self) -> bool:
        return not (self.body or self.model or self.attachments)


def write_to(*, sender: User, recipient: User, letter: Letter) -> DirectMessage:
    """A message into the conversation of these two, which begins with it where they had none.

    Raises:
        MessageRefused: see `send`; or too many strangers were written to today.
    """
    check_may_write(sender, recipient)
    conversation = Conversation.objects.between(sender, recipient).first()
    if conversation is not None:
        return send(conversation=conversation, sender=sender, letter=letter)
    is_request = is_stranger(sender, recipient)
    if is_request:
        _count_stranger(sender)
    with deleted_on_error() as stored, transaction.atomic():
        conversation = _begun(sender, recipient, is_request=is_request)
        return _written(conversation, sender, letter, stored)


def _count_stranger(sender: User) -> None:
    try:
        ratelimit(f"message-stranger:{sender.pk}", STRANGERS_A_DAY, A_DAY)
    except RateLimited as error:
        raise MessageRefused(
            f"You have written to {STRANGERS_A_DAY} new people today. Go on tomorrow."
        ) from error


def _begun(sender: User, recipient: User, *, is_request: bool) -> Conversation:
    """Two who write to each other for the first time in the same moment have one conversation."""
    low, high = sorted((sender, recipient), key=lambda person: person.pk)
    conversation, is_new = Conversation.objects.get_or_create(low=low, high=high)
    if is_new:
        waiting = Participant.Standing.REQUEST if is_request else Participant.Standing.OPEN
        Participant.objects.create(conversation=conversation, user=sender, other=recipient)
        Participant.objects.create(conversation=conversation, user=recipient, other=sender, standing=waiting)
    return conversation


def send(*, conversation: Conversation, sender: User, letter: Letter) -> DirectMessage:
    """A further message. Whoever answers a request has accepted it. The same form sent again is the message of before.

    Raises:
        MessageRefused: there is nothing in it, one of the two has blocked the other or is gone, or the first
            message still waits.
    """
    with deleted_on_error() as stored, transaction.atomic():
        return _written(conversation, sender, letter, stored)


def _written(conversation: Conversation, sender: User, letter: Letter, stored: list) -> DirectMessage:
    conversation = locked(conversation)
    known = letter.key and DirectMessage.objects.filter(sender=sender, key=letter.key).first()
    if known:
        return known
    mine, theirs = sides(conversation, sender)
    if letter.is_empty:
        raise MessageRefused("Write something, or add a picture, a file or a model.")
    check_may_write(sender, theirs.user)
    check_not_waiting(conversation, sender, theirs)
    if why := refusal_of_new(sender, letter.body):
        raise MessageRefused(why)
    message = _added(conversation, sender, letter, stored)
    _move(mine, theirs, message)
    telling.sent(message, theirs)
    return message


def _added(conversation: Conversation, sender: User, letter: Letter, stored: list) -> DirectMessage:
    conversation.last_number += 1
    conversation.save(update_fields=["last_number"])
    message = DirectMessage.objects.create(
        conversation=conversation,
        number=conversation.last_number,
        sender=sender,
        body=letter.body,
        model=letter.model,
        model_title=letter.model.title if letter.model else "",
        attachment_count=len(letter.attachments),
        key=letter.key,
    )
    store(message, list(letter.attachments), stored)
    return message


def _move(mine: Participant, theirs: Participant, message: DirectMessage) -> None:
    """Both lists change; whoever writes has read what was there, and wants the conversation."""
    now = timezone.now()
    Participant.objects.filter(pk=mine.pk).update(
        standing=Participant.Standing.OPEN,
        moved_at=now,
        last_read_number=message.number,
        last_read_at=now,
        unread=0,
    )
    Participant.objects.filter(pk=theirs.pk).update(moved_at=now, unread=F("unread") + 1)
    theirs.unread += 1
    if mine.unread or not mine.is_open:
        telling.read(mine, message.number, to=theirs)
