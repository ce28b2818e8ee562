"""How many conversations wait to be read, as the header of every page says."""

from django.core.cache import cache

from community.models import Participant
from core.database.prepared import PreparedCount

CACHE_SECONDS = 60

_UNREAD = PreparedCount(
    lambda user: Participant.objects.filter(user_id=user).open().heard().unread(), user=int
)


def unread_conversations(user_id: int) -> int:
    """Without muted ones and requests; at most a minute old."""
    key = _key(user_id)
    count = cache.get(key)
    if count is None:
        count = _UNREAD(user=user_id)
        cache.set(key, count, CACHE_SECONDS)
    return count


def forget_unread_conversations(user_id: int) -> None:
    cache.delete(_key(user_id))


def _key(user_id: int) -> str:
    return f"messages:unread:{user_id}"
