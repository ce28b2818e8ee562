"""A cache that hangs. One that is away is in tests/test_without_redis.py."""

import socket
import threading

import pytest
from django.core.cache import cache


@pytest.fixture
def silent_redis(settings):
    """An address where connections are taken and nothing is ever said; `.taken` counts them."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    taken = []

    def accept():
        while True:
            try:
                taken.append(listener.accept()[0])
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    settings.CACHES = {
        "default": {
            **settings.CACHES["default"],
            "LOCATION": f"redis://127.0.0.1:{listener.getsockname()[1]}/0",
            "OPTIONS": {"socket_timeout": 0.05, "socket_connect_timeout": 0.05},
        }
    }
    yield taken
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    for connection in taken:
        connection.close()


def test_a_cache_that_hangs_is_waited_for_once_and_then_left_alone(silent_redis):
    assert cache.get("a", "nothing") == "nothing"
    asked = len(silent_redis)
    assert asked >= 1
    for _ in range(50):
        assert cache.get("a", "nothing") == "nothing"
        cache.set("a", 1)
    assert len(silent_redis) == asked
