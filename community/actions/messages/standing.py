"""What a person makes of a conversation: takes a request, declines it, hears of it or not."""

from django.db import transaction

from accounts.models import User
from community.actions.messages.locking import locked, sides
from community.messaging import telling
from community.models import Conversation, Participant


def accept(*, conversation: Conversation, by: User) -> None:
    """A request becomes a conversation, also one that was declined. Idempotent."""
    with transaction.atomic():
        mine, theirs = sides(locked(conversation), by)
        if mine.is_open:
            return
        _stand(mine, Participant.Standing.OPEN)
        telling.read(mine, mine.last_read_number, to=theirs)


def decline(*, conversation: Conversation, by: User) -> None:
    """A request leaves the list, and nobody is told. What is a conversation already stays one."""
    with transaction.atomic():
        mine, _ = sides(locked(conversation), by)
        if mine.is_request:
            Participant.objects.filter(pk=mine.pk).update(unread=0)
            _stand(mine, Participant.Standing.DECLINED)


def _stand(mine: Participant, standing: Participant.Standing) -> None:
    mine.standing = standing
    mine.save(update_fields=["standing"])
    telling.seen(mine)


def mute(*, conversation: Conversation, by: User) -> None:
    """Nothing is told of it any more: no number in the header, no notification, no mail."""
    _hear(conversation, by, is_muted=True)


def unmute(*, conversation: Conversation, by: User) -> None:
    _hear(conversation, by, is_muted=False)


def _hear(conversation: Conversation, by: User, *, is_muted: bool) -> None:
    with transaction.atomic():
        mine, _ = sides(locked(conversation), by)
        Participant.objects.filter(pk=mine.pk).update(is_muted=is_muted)
        telling.counted(by.pk)
