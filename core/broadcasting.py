"""Messages to groups of sockets, from code that is not asynchronous.

A loop of its own for each call, as `async_to_sync` would make it, costs a new connection to Redis each time. Here a
process has one loop, in a thread that starts with the first message, and it keeps its connection.
"""

import asyncio
import os
import threading
from concurrent.futures import TimeoutError as FutureTimeoutError

from channels.layers import get_channel_layer
from redis.exceptions import TimeoutError as RedisTimeoutError

# Whoever tells others of something does not wait longer for a Redis that does not answer.
SECONDS = 2

_starting = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None


def broadcast(group: str, message: dict) -> None:
    """Send `message` to every socket of `group`.

    Raises:
        redis.exceptions.RedisError: Redis refuses, or does not answer within `SECONDS`.
    """
    sending = asyncio.run_coroutine_threadsafe(
        get_channel_layer().group_send(group, message), _running_loop()
    )
    try:
        sending.result(SECONDS)
    except FutureTimeoutError as error:
        sending.cancel()
        raise RedisTimeoutError(f"{SECONDS} seconds without an answer") from error


def _running_loop() -> asyncio.AbstractEventLoop:
    global _loop
    with _starting:
        if _loop is None:
            _loop = asyncio.new_event_loop()
            threading.Thread(target=_loop.run_forever, name="broadcasting", daemon=True).start()
        return _loop


def _forget() -> None:
    """A process that was forked has the loop of its parent, and not its thread."""
    global _loop, _starting
    _loop, _starting = None, threading.Lock()


os.register_at_fork(after_in_child=_forget)
