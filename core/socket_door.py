"""The door that all web sockets come through: each gets an id, and none comes in while the site is closed."""

from core import maintenance
from core.tracing import HEADER, id_of, traced

# "Try again later": pages do, and later each time.
TRY_LATER = 1013


class SocketDoor:
    """Wraps the application of all sockets."""

    def __init__(self, application):
        self.application = application

    async def __call__(self, scope, receive, send):
        given = dict(scope.get("headers", [])).get(HEADER.lower().encode(), b"")
        with traced(id_of(given.decode("latin-1"))):
            if maintenance.current() is None:
                await self.application(scope, receive, send)
                return
            await receive()
            await send({"type": "websocket.accept"})
            await send({"type": "websocket.close", "code": TRY_LATER})
