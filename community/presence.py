"""Who looks at a community just now: kept in Redis alone, and forgotten by itself."""

import functools
import logging
import time

import redis
from django.conf import settings

logger = logging.getLogger(__name__)

# An open page says so again and again; whoever has not for this long has gone.
AWAY_SECONDS = 25


@functools.cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.COUNTERS_REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def here(community_pk: int, user_id: int) -> int:
    """This person is there; how many different people are. Nought where nobody can tell."""
    key, now = f"presence:community:{community_pk}", time.time()
    try:
        with _client().pipeline() as pipe:
            pipe.zadd(key, {str(user_id): now})
            pipe.zremrangebyscore(key, "-inf", now - AWAY_SECONDS)
            pipe.zcard(key)
            pipe.expire(key, AWAY_SECONDS * 2)
            return pipe.execute()[2]
    except redis.RedisError as error:
        logger.warning("Nobody knows who looks at community %s: %s", community_pk, error)
        return 0


def gone(community_pk: int, user_id: int) -> None:
    """This person may not look on any longer."""
    try:
        _client().zrem(f"presence:community:{community_pk}", str(user_id))
    except redis.RedisError as error:
        logger.warning("Nobody knows who looks at community %s: %s", community_pk, error)
