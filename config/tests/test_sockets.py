"""Who may open a socket at all."""

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator

from config.asgi import sockets

# Channels closes old connections around every socket, whichever they are.
pytestmark = pytest.mark.django_db


PATHS = [
    *("/ws/notifications/", "/ws/community/1/", "/ws/support/desk/"),
    "/ws/support/b1b965be-8b05-4581-bb3d-413d80187ac3/",
]


@pytest.mark.parametrize(
    "origin", [b"https://evil.example.com", b"null", b"http://localhost.evil.example.com"]
)
@pytest.mark.parametrize("path", PATHS)
def test_a_page_of_another_site_gets_no_socket(origin, path):
    async def scenario():
        scope = {
            "type": "websocket",
            "path": path,
            "headers": [(b"origin", origin)],
            "subprotocols": [],
        }
        socket = ApplicationCommunicator(sockets, scope)
        await socket.send_input({"type": "websocket.connect"})
        assert (await socket.receive_output(5))["type"] == "websocket.close"
        await socket.wait()

    async_to_sync(scenario)()
