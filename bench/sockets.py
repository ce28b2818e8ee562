"""What the benchmarks of sockets share: the server as the site starts it, people's sessions, and their connections."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from websockets.asyncio.client import ClientConnection, connect

from bench.marketplace_page import PROJECT, free_port

# What is sent to this group comes out of the bare sockets (`bench.socket_asgi`).
GROUP = "bench.echo"
# So many connect in one moment.
AT_ONCE = 25


@contextmanager
def socket_server() -> Iterator[int]:
    """One process of uvicorn over the scratch site; its port."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "uvicorn", "--host", "127.0.0.1", "--port", str(port)),
        *("--ws", "websockets-sansio", "--no-access-log", "--log-level", "warning"),
        "bench.socket_asgi:application",
    ]
    process = subprocess.Popen(command, cwd=PROJECT, env=os.environ.copy())
    try:
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def sessions_of(people) -> list[str]:
    """A cookie of somebody signed in for each."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.cached_db import SessionStore

    cookies = []
    for person in people:
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        cookies.append(f"{settings.SESSION_COOKIE_NAME}={session.session_key}")
    return cookies


async def connected(port: int, path: str, cookie: str = "", *, patience: float = 60) -> ClientConnection:
    """Tries again while the server starts."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return await connect(
                f"ws://localhost:{port}{path}",
                origin=f"http://localhost:{port}",
                additional_headers={"Cookie": cookie} if cookie else None,
                compression=None,
                open_timeout=patience,
                ping_interval=None,
                max_size=None,
            )
        except (OSError, TimeoutError):
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.25)


async def all_connected(calls) -> list:
    """The results of many calls, a few at a time."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(call):
        async with gate:
            return await call()

    return await asyncio.gather(*(one(call) for call in calls))


async def closed(connections) -> None:
    # At once: where more has come than anybody took, each waits for its time-out.
    await asyncio.gather(*(connection.close() for connection in connections), return_exceptions=True)


def in_thread(call):
    """A call of Django's in the one thread that has its connection."""
    from asgiref.sync import sync_to_async

    return sync_to_async(call, thread_sensitive=True)
