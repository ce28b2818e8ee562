"""Live notifications for every open page of a signed-in person."""

import asyncio
import json
import random
import time

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer

from accounts.live import group_name, listener_of
from accounts.notifications import unread_count
from accounts.sessions import is_signed_in

# A close code of our own (4000 to 4999 are free for applications): trying again is of no use before signing in.
SIGN_IN_FIRST = 4401
# How often it is asked whether the session still stands, for ends that nobody tells of (it has lapsed, say).
RECHECK_SECONDS = 300
# A page says little, and seldom: what is longer, or comes sooner after what it said before, is dropped.
LONGEST_SAYING = 2_000
SAYING_SECONDS = 0.5


class NotificationConsumer(AsyncJsonWebsocketConsumer):
    """Sends the number of unread notifications at once, then each new notification and event as it comes.

    Hears what apps listen for (`accounts.live`). Closes when the session ends that it was opened with.
    """

    group = None
    recheck = None
    said_at = 0.0

    async def connect(self):
        user = self.scope["user"]
        await self.accept()
        if not user.is_authenticated or not user.is_active:
            await self.close(code=SIGN_IN_FIRST)
            return
        self.group = group_name(user.pk)
        await self.channel_layer.group_add(self.group, self.channel_name)
        self.recheck = asyncio.create_task(self._recheck_now_and_then())
        await self.send_json(
            {"type": "unread", "unread": await database_sync_to_async(unread_count)(user.pk)}
        )

    async def disconnect(self, code):
        if self.recheck is not None:
            self.recheck.cancel()
        if self.group is not None:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None, **kwargs):
        """Hand what the page says to whoever listens for it; everything else is dropped."""
        if self.group is None or not text_data or len(text_data) > LONGEST_SAYING:
            return
        try:
            said = json.loads(text_data)
        except (ValueError, RecursionError):
            return
        listener = listener_of(said.get("type")) if isinstance(said, dict) else None
        now = time.monotonic()
        if listener is not None and now - self.said_at >= SAYING_SECONDS:
            self.said_at = now
            await database_sync_to_async(listener)(self.scope["user"], said)

    async def page_event(self, event):
        await self.send_json(event["event"])

    async def notification_created(self, event):
        await self.send_json({**event, "type": "notification"})

    async def unread_changed(self, event):
        await self.send_json({"type": "unread", "unread": event["unread"]})

    async def sessions_ended(self, event):
        """One or more of the person's sessions have ended, perhaps this one."""
        key = self.scope["session"].session_key
        if not await database_sync_to_async(is_signed_in)(key, self.scope["user"].pk):
            await self.close(code=SIGN_IN_FIRST)

    async def _recheck_now_and_then(self):
        while True:
            # Spread out: after a restart everybody has connected in the same moment.
            await asyncio.sleep(RECHECK_SECONDS * (0.5 + random.random()))  # noqa: S311 (no secret)
            await self.sessions_ended({})
