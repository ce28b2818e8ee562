"""Who has a ticket open just now, and whether anybody is at the desk: kept in Redis alone, and forgotten by itself."""

import functools
import logging
import time

import redis
from django.conf import settings

from accounts.models import User

logger = logging.getLogger(__name__)

# An open page says so again and again; whoever has not for this long has gone.
AWAY_SECONDS = 25
# Whoever asked; agents stand with their number and the name that is shown.
OWNER = "owner"
_DESK = "presence:support:desk"


@functools.cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.COUNTERS_REDIS_URL, socket_timeout=2, socket_connect_timeout=2)


def agent_mark(agent: User) -> str:
    return f"{agent.pk}:{agent.display_name}"


def here(ticket_id, mark: str) -> list[str]:
    """This page is open; returns the marks of all that are. Nobody's where nobody can tell."""
    keys = [_key(ticket_id)] if mark == OWNER else [_key(ticket_id), _DESK]
    now = time.time()
    try:
        with _client().pipeline() as pipe:
            for key in keys:
                pipe.zadd(key, {mark: now})
                pipe.zremrangebyscore(key, "-inf", now - AWAY_SECONDS)
                pipe.expire(key, AWAY_SECONDS * 2)
            pipe.zrange(_key(ticket_id), 0, -1)
            return _texts(pipe.execute()[-1])
    except redis.RedisError as error:
        logger.warning("Nobody knows who looks at ticket %s: %s", ticket_id, error)
        return []


def at_desk(agent: User) -> None:
    """A page of the desk is open, of no single ticket."""
    now = time.time()
    try:
        with _client().pipeline() as pipe:
            pipe.zadd(_DESK, {agent_mark(agent): now})
            pipe.zremrangebyscore(_DESK, "-inf", now - AWAY_SECONDS)
            pipe.expire(_DESK, AWAY_SECONDS * 2)
            pipe.execute()
    except redis.RedisError as error:
        logger.warning("Nobody knows who is at the desk: %s", error)


def gone(ticket_id, mark: str) -> None:
    """The page was closed. Another one of the same person says soon that it is there."""
    try:
        _client().zrem(_key(ticket_id), mark)
    except redis.RedisError as error:
        logger.warning("Nobody knows who looks at ticket %s: %s", ticket_id, error)


def watching(ticket_id) -> list[str]:
    """The marks of all who have it open."""
    return _fresh(_key(ticket_id))


def is_desk_open() -> bool:
    """Whether any agent is there at all."""
    return bool(_fresh(_DESK))


def names_of(marks: list[str]) -> list[str]:
    """Of the agents among them, each once."""
    return list(dict.fromkeys(mark.partition(":")[2] for mark in marks if mark != OWNER))


def _fresh(key: str) -> list[str]:
    try:
        return _texts(_client().zrangebyscore(key, time.time() - AWAY_SECONDS, "+inf"))
    except redis.RedisError as error:
        logger.warning("Nobody knows who is there (%s): %s", key, error)
        return []


def _texts(members) -> list[str]:
    return [member.decode() if isinstance(member, bytes) else member for member in members]


def _key(ticket_id) -> str:
    return f"presence:support:{ticket_id}"
