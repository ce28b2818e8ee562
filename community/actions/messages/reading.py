"""Having seen what was written."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from community.actions.messages.locking import locked, sides
from community.messaging import telling
from community.models import Conversation, Participant


def mark_read(*, conversation: Conversation, by: User, number: int) -> Participant:
    """Seen up to `number`; going back is no reading. The other one is told, unless it is a request that waits."""
    with transaction.atomic():
        conversation = locked(conversation)
        mine, theirs = sides(conversation, by)
        number = min(number, conversation.last_number)
        if number <= mine.last_read_number:
            return mine
        unseen = conversation.messages.standing().exclude(sender=by).filter(number__gt=number)
        mine.last_read_number, mine.last_read_at = number, timezone.now()
        mine.unread = unseen.count()
        mine.save(update_fields=["last_read_number", "last_read_at", "unread"])
        telling.seen(mine)
        if mine.is_open:
            telling.read(mine, number, to=theirs)
    return mine
