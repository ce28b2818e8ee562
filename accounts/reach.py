"""Whether Redis, through which everything comes that open pages are told, still takes a word: one watch a process."""

import asyncio
import logging
from contextlib import suppress
from typing import Protocol
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer
from redis.exceptions import RedisError

from core.pacing import about

logger = logging.getLogger(__name__)

LOOK_SECONDS = 10
# So long may it take.
ANSWER_SECONDS = 5


class Socket(Protocol):
    async def close_for_now(self) -> None:
        """Nothing can be told: the page says so, and comes back by itself."""


class Watch:
    """Looks for as long as there are sockets, and closes all of them when Redis is out of reach."""

    def __init__(self):
        self.sockets: set[Socket] = set()
        self.looking: asyncio.Task | None = None

    def add(self, socket: Socket) -> None:
        self.sockets.add(socket)
        if self.looking is None or self.looking.done():
            self.looking = asyncio.create_task(self._look())

    def drop(self, socket: Socket) -> None:
        self.sockets.discard(socket)

    async def _look(self) -> None:
        while self.sockets:
            await asyncio.sleep(about(LOOK_SECONDS))
            if not await _is_in_reach():
                closing, self.sockets = self.sockets, set()
                logger.warning(
                    "Redis is out of reach: %d open pages are told that they are not live.", len(closing)
                )
                await asyncio.gather(*(socket.close_for_now() for socket in closing), return_exceptions=True)


async def _is_in_reach() -> bool:
    with suppress(RedisError, TimeoutError):
        async with asyncio.timeout(ANSWER_SECONDS):
            await get_channel_layer().group_send("nobody", {"type": "nothing"})
            return True
    return False


_watches: WeakKeyDictionary[asyncio.AbstractEventLoop, Watch] = WeakKeyDictionary()


def watch() -> Watch:
    """The one of this process, or rather of its loop."""
    return _watches.setdefault(asyncio.get_running_loop(), Watch())
