"""The shared cache. What it keeps can be had without it, so pages answer, more slowly, while Redis does not."""

import logging
import time
from collections.abc import Callable

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

logger = logging.getLogger(__name__)

# After a time-out the cache is left alone for a while: a page asks it many times, and would wait each time.
PAUSE_SECONDS = 5
# Address -> when it may be asked again. A connection that is refused costs no time, and needs no pause.
_paused_until: dict[str, float] = {}


def _ask(address: str, call: Callable, *args, instead):
    if time.monotonic() < _paused_until.get(address, 0):
        return instead
    try:
        return call(*args)
    except RedisTimeoutError as error:
        _paused_until[address] = time.monotonic() + PAUSE_SECONDS
        logger.warning("The cache is too slow, and is left alone for %s s: %s", PAUSE_SECONDS, error)
    except RedisConnectionError as error:
        logger.warning("The cache does not answer: %s", error)
    return instead


class _ForgivingClient(RedisCacheClient):
    """Answers as an empty cache does, while Redis is away."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._clients = {}

    def get_client(self, key=None, *, write=False):
        """One for each server: to make one takes longer than to ask it."""
        index = self._get_connection_pool_index(write)
        if index not in self._clients:
            self._clients[index] = super().get_client(key, write=write)
        return self._clients[index]

    def add(self, key, value, timeout):
        return _ask(self._servers[0], super().add, key, value, timeout, instead=True)

    def get(self, key, default):
        return _ask(self._servers[0], super().get, key, default, instead=default)

    def set(self, key, value, timeout):
        _ask(self._servers[0], super().set, key, value, timeout, instead=None)

    def touch(self, key, timeout):
        return _ask(self._servers[0], super().touch, key, timeout, instead=False)

    def delete(self, key):
        return _ask(self._servers[0], super().delete, key, instead=False)

    def get_many(self, keys):
        return _ask(self._servers[0], super().get_many, keys, instead={})

    def has_key(self, key):
        return _ask(self._servers[0], super().has_key, key, instead=False)

    def incr(self, key, delta):
        value = _ask(self._servers[0], super().incr, key, delta, instead=None)
        if value is None:
            raise ValueError(f"Key {key!r} not found.")
        return value

    def set_many(self, data, timeout):
        _ask(self._servers[0], super().set_many, data, timeout, instead=None)

    def delete_many(self, keys):
        _ask(self._servers[0], super().delete_many, keys, instead=None)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, which seems empty while Redis is away. Rate limits count nothing then."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = _ForgivingClient
