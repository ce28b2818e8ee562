"""The shared cache. What it keeps can be had without it, so pages answer, more slowly, while Redis does not."""

import logging
from collections.abc import Callable

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

logger = logging.getLogger(__name__)

_AWAY = (RedisConnectionError, RedisTimeoutError)


def _ask(call: Callable, *args, instead):
    try:
        return call(*args)
    except _AWAY as error:
        logger.warning("The cache does not answer: %s", error)
        return instead


class _ForgivingClient(RedisCacheClient):
    """Answers as an empty cache does, while Redis is away."""

    def add(self, key, value, timeout):
        return _ask(super().add, key, value, timeout, instead=True)

    def get(self, key, default):
        return _ask(super().get, key, default, instead=default)

    def set(self, key, value, timeout):
        _ask(super().set, key, value, timeout, instead=None)

    def touch(self, key, timeout):
        return _ask(super().touch, key, timeout, instead=False)

    def delete(self, key):
        return _ask(super().delete, key, instead=False)

    def get_many(self, keys):
        return _ask(super().get_many, keys, instead={})

    def has_key(self, key):
        return _ask(super().has_key, key, instead=False)

    def incr(self, key, delta):
        value = _ask(super().incr, key, delta, instead=None)
        if value is None:
            raise ValueError(f"Key {key!r} not found.")
        return value

    def set_many(self, data, timeout):
        _ask(super().set_many, data, timeout, instead=None)

    def delete_many(self, keys):
        _ask(super().delete_many, keys, instead=None)


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache, which seems empty while Redis is away. Rate limits count nothing then."""

    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = _ForgivingClient
