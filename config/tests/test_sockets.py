"""Who may open a socket at all, and whose it is."""

import asyncio
import os
import runpy

import pytest
from asgiref.sync import async_to_sync
from asgiref.testing import ApplicationCommunicator
from channels.layers import get_channel_layer
from channels_redis.pubsub import RedisPubSubChannelLayer

from config.asgi import sockets
from config.settings import services

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
        await socket.send_input({"type": "websocket.disconnect", "code": 1006})
        await socket.wait()

    async_to_sync(scenario)()


def neighbour(monkeypatch) -> RedisPubSubChannelLayer:
    """What another site tells its pages by, that has other databases of the same Redis."""
    monkeypatch.setenv("REDIS_DB_OFFSET", str(int(os.environ["REDIS_DB_OFFSET"]) + 4))
    layers = runpy.run_path(services.__file__)["CHANNEL_LAYERS"]
    return RedisPubSubChannelLayer(**layers["default"]["CONFIG"])


def test_sites_that_share_a_redis_do_not_hear_each_other(monkeypatch):
    async def scenario():
        ours, theirs = get_channel_layer(), neighbour(monkeypatch)
        channel = await ours.new_channel()
        await ours.group_add("support.desk", channel)
        await theirs.group_send("support.desk", {"type": "theirs"})
        await ours.group_send("support.desk", {"type": "ours"})
        assert await asyncio.wait_for(ours.receive(channel), 5) == {"type": "ours"}
        await theirs.flush()
        await ours.group_discard("support.desk", channel)

    async_to_sync(scenario)()
