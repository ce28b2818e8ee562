"""What every live socket has in common: it is somebody's who is signed in, and ends with their session."""

import asyncio
import json
import logging
import time
from collections.abc import Coroutine
from contextlib import suppress

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from redis.exceptions import RedisError

from accounts import reach
from accounts.live import sessions_group
from accounts.sessions import is_signed_in
from core import metrics
from core.pacing import about

logger = logging.getLogger(__name__)

# A close code of our own (4000 to 4999 are free for applications): trying again is of no use before signing in.
SIGN_IN_FIRST = 4401
# Nothing can be told live for now; the code that the protocol has for it.
TRY_AGAIN = 1013
# How often it is asked whether the session still stands, for ends that nobody tells of (it has lapsed, say).
RECHECK_SECONDS = 300
# A page says little, and seldom: what is longer, or comes sooner after what it said before, is dropped.
LONGEST_SAYING = 2_000
SAYING_SECONDS = 0.5


class LiveConsumer(AsyncJsonWebsocketConsumer):
    """Subclasses say what happens when it is `opened`, and do what they like with what the page says (`hear`)."""

    rechecking = None
    said_at = 0.0
    is_counted = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.joined = []

    async def __call__(self, scope, receive, send):
        is_over = False

        async def send_to_page(message):
            nonlocal is_over
            is_over = is_over or message["type"] == "websocket.close"
            try:
                await send(message)
            except OSError:
                # The page is gone, and the server's word of it is on its way: nobody is there to be told.
                pass

        async def receive_of_page():
            nonlocal is_over
            message = await receive()
            is_over = is_over or message["type"] == "websocket.disconnect"
            return message

        try:
            await super().__call__(scope, receive_of_page, send_to_page)
        except RedisError as error:
            logger.warning("A page is not live: %s", error)
            if not is_over:
                await send_to_page({"type": "websocket.close", "code": TRY_AGAIN})
            with suppress(RedisError):
                await self.disconnect(TRY_AGAIN)

    async def connect(self):
        user = self.scope["user"]
        await self.accept()
        if not user.is_authenticated or not user.is_active:
            await self.close(code=SIGN_IN_FIRST)
            return
        await self.join(sessions_group(user.pk))
        reach.watch().add(self)
        self.is_counted = True
        metrics.SOCKETS.labels(type(self).__name__).inc()
        self.rechecking = asyncio.create_task(self._recheck_now_and_then())
        await self.opened()

    async def opened(self):
        raise NotImplementedError

    async def hear(self, said: dict):
        """Something that the page says; nothing of it is to be trusted."""

    def understands(self, said: dict) -> bool:
        """Whether `hear` would do anything with it: what it would not is dropped, and does not count."""
        return False

    async def join(self, group: str):
        await self.channel_layer.group_add(group, self.channel_name)
        self.joined.append(group)

    async def disconnect(self, code):
        if self.is_counted:
            self.is_counted = False
            metrics.SOCKETS.labels(type(self).__name__).dec()
        reach.watch().drop(self)
        if self.rechecking is not None:
            self.rechecking.cancel()
        while self.joined:
            await self.channel_layer.group_discard(self.joined.pop(), self.channel_name)

    async def receive(self, text_data=None, bytes_data=None, **kwargs):
        if not self.joined or not text_data or len(text_data) > LONGEST_SAYING:
            return
        try:
            said = json.loads(text_data)
        except (ValueError, RecursionError):
            return
        now = time.monotonic()
        if isinstance(said, dict) and self.understands(said) and now - self.said_at >= SAYING_SECONDS:
            self.said_at = now
            await self.hear(said)

    def keep(self, doing: Coroutine) -> asyncio.Task:
        """Something that goes on for as long as the page is open, and as its words get through."""

        async def until_out_of_reach() -> None:
            try:
                await doing
            except RedisError as error:
                logger.warning("A page is not live any more: %s", error)
                await self.close_for_now()

        return asyncio.create_task(until_out_of_reach())

    async def close_for_now(self):
        """Nothing can be told: the page says so, and comes back by itself."""
        await self.close(code=TRY_AGAIN)

    async def sessions_ended(self, event):
        """One or more of the person's sessions have ended, perhaps this one."""
        key = self.scope["session"].session_key
        if not await database_sync_to_async(is_signed_in)(key, self.scope["user"].pk):
            await self.close(code=SIGN_IN_FIRST)

    async def recheck(self):
        """Whether the page may still listen."""
        await self.sessions_ended({})

    async def _recheck_now_and_then(self):
        while True:
            # Spread out: after a restart everybody has connected in the same moment.
            await asyncio.sleep(about(RECHECK_SECONDS, within=0.5))
            await self.recheck()
