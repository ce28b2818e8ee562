"""Live notifications for every open page of a signed-in person."""

from channels.db import database_sync_to_async

from accounts.live import group_name, listener_of
from accounts.notifications import unread_count
from accounts.sockets import LiveConsumer


class NotificationConsumer(LiveConsumer):
    """Sends the number of unread notifications at once, then each new notification and event as it comes.

    Hears what apps listen for (`accounts.live`).
    """

    async def opened(self):
        user = self.scope["user"]
        await self.join(group_name(user.pk))
        await self.send_json(
            {"type": "unread", "unread": await database_sync_to_async(unread_count)(user.pk)}
        )

    def understands(self, said: dict) -> bool:
        return listener_of(said.get("type")) is not None

    async def hear(self, said: dict):
        await database_sync_to_async(listener_of(said["type"]))(self.scope["user"], said)

    async def page_event(self, event):
        await self.send_json(event["event"])

    async def notification_created(self, event):
        await self.send_json({**event, "type": "notification"})

    async def unread_changed(self, event):
        await self.send_json({"type": "unread", "unread": event["unread"]})
