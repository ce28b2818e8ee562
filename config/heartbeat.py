"""A sign of life of beat: a job it starts leaves the time in Redis, so its age says whether beat and a worker run."""

import time

import redis
from django.conf import settings

_KEY = "heartbeat:beat"
# Beat's own rhythm is 30 seconds; after so many without a sign something has stopped.
LATE_SECONDS = 180


def give_sign() -> None:
    with _client() as client:
        client.set(_KEY, time.time())


def beat_age() -> float | None:
    """Seconds since the last sign; None where there has never been one.

    Raises:
        redis.RedisError: Redis does not answer.
    """
    with _client() as client:
        last = client.get(_KEY)
    return max(time.time() - float(last), 0.0) if last else None


def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.COUNTERS_REDIS_URL, socket_timeout=2, socket_connect_timeout=2)
