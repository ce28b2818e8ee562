"""What happens in a community, told to everybody who looks at it."""

import asyncio
import json
import logging
import time
from urllib.parse import parse_qs

from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async

from accounts.models import User
from accounts.sockets import LiveConsumer
from community import presence
from community.events import group_name
from community.kept_updates import newest_number, updates_after
from community.models import Community
from community.posting.showing import audience_of
from community.standing import Standing, standing_of
from core.pacing import about

logger = logging.getLogger(__name__)

# The page asks for nothing more: it is not there for this person, whether it is at all.
NOT_FOR_YOU = 4404
# At most four times a second, however much happens.
UPDATE_SECONDS = 0.25
HERE_SECONDS = 10
# Where more are there, nobody is told of each who comes, but of their number now and then.
FEW = 50
_LARGEST = 2**63 - 1


class CommunityConsumer(LiveConsumer):
    """Sends what has happened, of each thing once, numbered: `{"type": "updates", "after", "upto", "updates"}` goes on
    where the one before ended, the first one where the page was made (`?after=` in the address).

    Beside updates a frame may have `typing` (who is writing, where), `here` (how many people look on) and `standing`
    (the person may do other things now).
    """

    audience = None
    may_type = False
    flushing = None
    staying = None
    flushed_at = 0.0

    async def opened(self):
        self.community_pk = self.scope["url_route"]["kwargs"]["pk"]
        self.typing = {}
        self.here, self.told_here = 0, 0
        self.standing_changed = False
        if self.community_pk > _LARGEST:
            await self.close(code=NOT_FOR_YOU)
            return
        # First, so that nothing happens between what is read and what is heard.
        await self.join(group_name(self.community_pk))
        standing = await self._authorised()
        if standing is None:
            return
        self.latest = standing.community.last_event
        self.sent = min(self._asked_after(self.latest), self.latest)
        self.staying = self.keep(self._stay())
        self._due()

    def _asked_after(self, default: int) -> int:
        text = parse_qs(self.scope.get("query_string", b"").decode("latin-1")).get("after", [""])[0]
        is_number = text.isascii() and text.isdecimal() and len(text) < 19
        return int(text) if is_number else default

    async def disconnect(self, code):
        for task in (self.flushing, self.staying):
            if task is not None:
                task.cancel()
        await super().disconnect(code)

    # What they may see

    async def _authorised(self) -> Standing | None:
        """What the person is there now; the socket is closed where they may not look on."""
        standing = await database_sync_to_async(_standing)(self.scope["user"].pk, self.community_pk)
        if standing is None:
            self.audience = None
            await sync_to_async(presence.gone, thread_sensitive=False)(
                self.community_pk, self.scope["user"].pk
            )
            await self.close(code=NOT_FOR_YOU)
            return None
        audience = audience_of(standing)
        self.standing_changed = self.audience not in (None, audience)
        self.audience, self.may_type = audience, standing.may_take_part
        return standing

    async def member_changed(self, event):
        if event["user"] == self.scope["user"].pk and await self._authorised() is not None:
            self._due()

    async def audience_changed(self, event):
        if await self._authorised() is not None:
            self._due()

    async def recheck(self):
        await super().recheck()
        await self.audience_changed({})

    # What is told

    async def community_event(self, event):
        if self.audience is not None:
            self.latest = max(self.latest, event["number"])
            self._due()

    async def somebody_typing(self, event):
        if self.audience is not None and event["user"] != self.scope["user"].pk:
            self.typing[event["user"]] = {"name": event["name"], "post": event["post"]}
            self._due()

    async def people_here(self, event):
        self.here = event["here"]
        if self.audience is not None:
            self._due()

    def understands(self, said: dict) -> bool:
        return said.get("type") == "typing" and self.may_type

    async def hear(self, said: dict):
        """The person is writing: a post, or a comment on `post`."""
        post = said.get("post")
        if post is not None and (type(post) is not int or not 0 < post <= _LARGEST):
            return
        user = self.scope["user"]
        await self.channel_layer.group_send(
            group_name(self.community_pk),
            {"type": "somebody.typing", "user": user.pk, "name": user.display_name, "post": post},
        )

    # When

    def _due(self):
        if self.flushing is None or self.flushing.done():
            self.flushing = asyncio.create_task(self._flush())

    @property
    def _has_news(self) -> bool:
        is_news = (
            self.latest > self.sent or self.typing or self.standing_changed or self.here != self.told_here
        )
        return self.audience is not None and bool(is_news)

    async def _flush(self):
        try:
            while self._has_news:
                wait = self.flushed_at + UPDATE_SECONDS - time.monotonic()
                if wait > 0:
                    await asyncio.sleep(wait)
                frame = await self._frame()
                if frame is not None:
                    self.flushed_at = time.monotonic()
                    await self.send(text_data=frame)
        except Exception:
            # Without it the page would wait for ever; it connects again and goes on where it was.
            logger.exception("A page of community %s could not be told.", self.community_pk)
            await self.close(code=1011)

    async def _frame(self) -> str | None:
        """None where the person may see other things, or nothing, since it was begun."""
        audience = self.audience
        missed, updates = await updates_after(self.community_pk, self.sent, self.latest, audience)
        if audience is not self.audience:
            return None
        frame = {"type": "updates", "after": missed.after, "upto": missed.upto}
        if missed.is_too_much:
            frame["is_too_much"] = True
        if self.typing:
            frame["typing"], self.typing = list(self.typing.values()), {}
        if self.here != self.told_here:
            frame["here"] = self.told_here = self.here
        if self.standing_changed:
            frame["standing"], self.standing_changed = True, False
        self.sent = missed.upto
        return f'{json.dumps(frame)[:-1]}, "updates": {updates}}}'

    async def _stay(self):
        """Say that the person is there, and look whether a word was lost, for as long as the page is open."""
        while True:
            before = self.here
            self.here = await sync_to_async(presence.here, thread_sensitive=False)(
                self.community_pk, self.scope["user"].pk
            )
            if before == 0 and 1 < self.here <= FEW:
                await self.channel_layer.group_send(
                    group_name(self.community_pk), {"type": "people.here", "here": self.here}
                )
            self.latest = max(self.latest, await newest_number(self.community_pk))
            self._due()
            await asyncio.sleep(about(HERE_SECONDS))


def _standing(user_id: int, community_pk: int) -> Standing | None:
    """Of somebody who may look on: read the posts, and is not banned."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    community = Community.objects.filter(pk=community_pk).select_related("owner").first()
    standing = standing_of(user, community) if community is not None else None
    return standing if standing is not None and standing.may_look_on else None
