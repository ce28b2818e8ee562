"""An open page's end of its socket, for tests over the real channel layer."""

import json

from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from django.contrib.sessions.backends.cached_db import SessionStore

from accounts.consumers import NotificationConsumer


class Socket(ApplicationCommunicator):
    """An open page's end of the socket. (The one of channels.testing needs a server that we do not use.)"""

    consumer = NotificationConsumer
    path = "/ws/notifications/"

    def __init__(self, user, session_key: str | None = None, **scope):
        scope = {
            "type": "websocket",
            "path": self.path,
            "user": user,
            "session": SessionStore(session_key),
            "headers": [],
            "query_string": b"",
            "subprotocols": [],
            **scope,
        }
        super().__init__(self.consumer.as_asgi(), scope)

    async def connect(self):
        await self.send_input({"type": "websocket.connect"})
        assert (await self.receive_output(5))["type"] == "websocket.accept"

    async def receive(self):
        return json.loads((await self.receive_output(5))["text"])

    async def send(self, **message):
        await self.send_input({"type": "websocket.receive", **message})

    async def disconnect(self):
        await self.send_input({"type": "websocket.disconnect", "code": 1000})
        await self.wait()


def run(coroutine, *arguments):
    """The test's thread goes on doing the database work while the loop serves the sockets."""
    return async_to_sync(coroutine)(*arguments)
