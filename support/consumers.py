"""A ticket's live chat, and the desk's lists."""

import asyncio
import logging
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async

from accounts.models import User
from accounts.sockets import LiveConsumer
from core.pacing import about
from support.ticketing import presence, telling
from support.ticketing.chat import presence_line
from support.ticketing.rules import may_look_on
from support.ticketing.updates import Place, missed, place_of

logger = logging.getLogger(__name__)

# The page asks for nothing more: it is not there for this person, whether it is at all.
NOT_FOR_YOU = 4404
HERE_SECONDS = 10


def _aside(call):
    """Redis is asked in a thread: its client would hold up all other sockets."""
    return sync_to_async(call, thread_sensitive=False)


class TicketConsumer(LiveConsumer):
    """For whoever asked, and for support: `{"type": "updates", "after", "upto", "rows", "seen", "state"}` goes on where
    the one before ended, the first one where the page was made (`?after=` in the address). Beside them `typing` (who)
    and `presence` (a sentence).

    What somebody may see is asked anew before each frame.
    """

    place: Place | None = None
    flushing = None
    staying = None
    is_due = False
    told: tuple = ()
    sentence: str | None = None

    async def opened(self):
        self.ticket_id = self.scope["url_route"]["kwargs"]["ticket_id"]
        self.marks: list[str] = []
        # First, so that nothing happens between what is read and what is heard.
        await self.join(telling.group_name(self.ticket_id))
        if await self._authorised() is None:
            return
        self.mark = presence.agent_mark(self.scope["user"]) if self.place.for_staff else presence.OWNER
        last = self.place.ticket.last_number
        self.sent = min(self._asked_after(last), last)
        self.staying = self.keep(self._stay())
        self._due()

    def _asked_after(self, default: int) -> int:
        text = parse_qs(self.scope.get("query_string", b"").decode("latin-1")).get("after", [""])[0]
        is_number = text.isascii() and text.isdecimal() and len(text) < 10
        return int(text) if is_number else default

    async def disconnect(self, code):
        for task in (self.flushing, self.staying):
            if task is not None:
                task.cancel()
        if self.staying is not None:
            await _aside(presence.gone)(self.ticket_id, self.mark)
            await self._to_all("somebody.came")
        await super().disconnect(code)

    async def _authorised(self) -> Place | None:
        self.place = await database_sync_to_async(place_of)(self.scope["user"].pk, self.ticket_id)
        if self.place is None:
            await self.close(code=NOT_FOR_YOU)
        return self.place

    async def recheck(self):
        await super().recheck()
        self._due()

    # What is told

    async def ticket_moved(self, event):
        self._due()

    async def somebody_came(self, event):
        if self.staying is not None:
            self.marks = await _aside(presence.watching)(self.ticket_id)
            self._due()

    async def somebody_typing(self, event):
        # Sides learn of each other; an agent also that another agent writes.
        if self.place is not None and event["user"] != self.scope["user"].pk:
            await self.send_json({"type": "typing", "name": event["name"]})

    def understands(self, said: dict) -> bool:
        return said.get("type") == "typing" and self.place is not None and self.place.may_write

    async def hear(self, said: dict):
        user = self.scope["user"]
        await self._to_all("somebody.typing", user=user.pk, name=user.display_name)

    # When

    def _due(self):
        self.is_due = True
        if self.place is not None and (self.flushing is None or self.flushing.done()):
            self.flushing = asyncio.create_task(self._flush())

    async def _flush(self):
        try:
            while self.is_due:
                self.is_due = False
                if await self._authorised() is None:
                    return
                await self._send_missed()
                await self._send_presence()
        except Exception:
            # Without it the page would wait for ever; it connects again and goes on where it was.
            logger.exception("A page of ticket %s could not be told.", self.ticket_id)
            await self.close(code=1011)

    async def _send_missed(self):
        frame = await database_sync_to_async(missed)(self.place, self.sent)
        state = (frame["seen"], frame["state"])
        if frame["rows"] or state != self.told or frame["upto"] > self.sent:
            await self.send_json(frame)
            self.sent, self.told = frame["upto"], state

    async def _send_presence(self):
        place = self.place
        sentence = await _aside(presence_line)(
            place.ticket, self.marks, for_staff=place.for_staff, besides=self.mark
        )
        if sentence != self.sentence:
            self.sentence = sentence
            await self.send_json({"type": "presence", "sentence": sentence})

    async def _stay(self):
        """Say that the person is there, and look whether a word was lost, for as long as the page is open."""
        while True:
            before, self.marks = self.marks, await _aside(presence.here)(self.ticket_id, self.mark)
            if set(before) != set(self.marks):
                await self._to_all("somebody.came")
            self._due()
            await asyncio.sleep(about(HERE_SECONDS))

    async def _to_all(self, kind: str, **more):
        await self.channel_layer.group_send(telling.group_name(self.ticket_id), {"type": kind, **more})


class DeskConsumer(LiveConsumer):
    """For the desk's pages: `{"type": "moved"}` when its lists are other ones, `annotated` with a ticket's number when
    there is a note more. As long as it is open somebody is at the desk.
    """

    staying = None

    async def opened(self):
        if not await self._may_listen():
            return
        await self.join(telling.DESK)
        self.staying = self.keep(self._stay())

    async def disconnect(self, code):
        if self.staying is not None:
            self.staying.cancel()
        await super().disconnect(code)

    async def _may_listen(self) -> bool:
        may = await database_sync_to_async(_reads_the_desk)(self.scope["user"].pk)
        if not may:
            await self.close(code=NOT_FOR_YOU)
        return may

    async def recheck(self):
        await super().recheck()
        await self._may_listen()

    async def desk_moved(self, event):
        await self.send_json({"type": "moved"})

    async def desk_annotated(self, event):
        await self.send_json({"type": "annotated", "ticket": event["ticket"]})

    async def _stay(self):
        while True:
            await _aside(presence.at_desk)(self.scope["user"])
            await asyncio.sleep(about(HERE_SECONDS))


def _reads_the_desk(user_id: int) -> bool:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return user is not None and may_look_on(user)
