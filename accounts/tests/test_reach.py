"""Open pages learn that Redis has gone. A Redis of the test's own, which is taken away."""

import asyncio

import pytest
from asgiref.sync import sync_to_async

from accounts import reach
from accounts.sockets import TRY_AGAIN
from accounts.tests.factories import UserFactory
from accounts.tests.sockets import Socket, run
from core import metrics
from tests.redis_server import running_redis

pytestmark = pytest.mark.django_db(transaction=True)

AWAY = {"type": "websocket.close", "code": TRY_AGAIN}


def open_pages() -> float:
    return metrics.SOCKETS.labels("NotificationConsumer")._value.get()


@pytest.fixture
def redis(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(reach, "LOOK_SECONDS", 0.1)
    with running_redis(tmp_path) as server:
        layer = settings.CHANNEL_LAYERS["default"]
        settings.CHANNEL_LAYERS = {"default": {**layer, "CONFIG": {"hosts": [{"address": server.url}]}}}
        yield server


def test_who_comes_while_it_is_away_is_not_let_in(redis):
    user = UserFactory()
    redis.kill()

    async def scenario():
        socket = Socket(user)
        await socket.send_input({"type": "websocket.connect"})
        assert await socket.receive_output(5) == AWAY
        await socket.wait()

    before = open_pages()
    run(scenario)
    assert open_pages() == before


def test_every_open_page_is_closed_when_it_goes_and_may_come_back(redis):
    user = UserFactory()
    before = open_pages()

    async def scenario():
        sockets = [Socket(user), Socket(user)]
        for socket in sockets:
            await socket.connect()
            await socket.receive()
        await sync_to_async(redis.kill)()
        for socket in sockets:
            assert await socket.receive_output(10) == AWAY
            await socket.disconnect()
        await sync_to_async(redis.start)()
        again = Socket(user)
        await again.connect()
        assert await again.receive() == {"type": "unread", "unread": 0}
        await again.disconnect()

    run(scenario)
    assert open_pages() == before


def test_a_page_stays_open_while_it_answers(redis):
    user = UserFactory()

    async def scenario():
        socket = Socket(user)
        await socket.connect()
        await socket.receive()
        await asyncio.sleep(1)
        assert await socket.receive_nothing()
        await socket.disconnect()

    run(scenario)
