"""Messages from code that is not asynchronous to groups of sockets."""

import asyncio
import os
import socket

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.layers import channel_layers, get_channel_layer
from channels_redis.pubsub import RedisPubSubChannelLayer
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from core import broadcasting
from core.broadcasting import broadcast


def heard(send, expected: int) -> list[dict]:
    """What a member of the group "test" receives while `send` runs in a thread."""

    async def scenario():
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add("test", channel)
        await sync_to_async(send, thread_sensitive=False)()
        received = [await asyncio.wait_for(layer.receive(channel), 5) for _ in range(expected)]
        await layer.group_discard("test", channel)
        return received

    return async_to_sync(scenario)()


@pytest.fixture
def redis_at(monkeypatch):
    """Put the channel layer of this test on another address."""

    def put(address: str) -> None:
        layer = RedisPubSubChannelLayer(
            hosts=[{"address": address, "socket_timeout": None}], prefix="elsewhere"
        )
        monkeypatch.setitem(channel_layers.backends, "default", layer)

    return put


def test_a_redis_that_is_not_there_is_an_error(redis_at, tmp_path):
    redis_at(f"unix://{tmp_path}/nobody.sock")
    with pytest.raises(RedisConnectionError):
        broadcast("test", {"type": "word"})


def test_a_redis_that_does_not_answer_is_waited_for_a_little_and_given_up(redis_at, monkeypatch):
    monkeypatch.setattr(broadcasting, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        redis_at(f"redis://127.0.0.1:{silent.getsockname()[1]}")
        for _ in range(2):
            with pytest.raises(RedisTimeoutError):
                broadcast("test", {"type": "word"})


def test_a_group_hears_in_order_what_threads_say():
    def send():
        for number in range(20):
            broadcast("test", {"type": "word", "number": number})

    assert [message["number"] for message in heard(send, 20)] == [*range(20)]


def test_a_process_that_was_forked_says_something_too():
    broadcast("test", {"type": "before"})

    def send():
        child = os.fork()
        if child == 0:
            try:
                broadcast("test", {"type": "child"})
                os._exit(0)
            finally:
                os._exit(1)
        assert os.waitpid(child, 0)[1] == 0

    assert heard(send, 1) == [{"type": "child"}]
