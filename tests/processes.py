"""The site's real processes, run against the test database: granian, the socket server and Celery workers."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path

import psutil

from config import embedded
from tests import environment

START_SECONDS = 60
STOP_SECONDS = 15


class Stack:
    """Starts the site's processes when a test asks for them, and stops each with all its descendants."""

    def __init__(self, database_url: str) -> None:
        self.port = free_port_pair()
        self.url = f"http://localhost:{self.port}"
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database_url,
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
        }
        self.processes: dict[str, subprocess.Popen] = {}

    def command(self, name: str) -> list[str]:
        host = ["--host", "127.0.0.1"]
        celery = [
            "celery",
            "-A",
            "config",
            "worker",
            "--loglevel",
            "INFO",
            "--hostname",
            f"{name}@{self.port}",
        ]
        commands = {
            "web": [
                "granian",
                "--interface",
                "wsgi",
                *host,
                "--port",
                str(self.port),
                "config.wsgi:application",
            ],
            "sockets": [
                "uvicorn",
                *host,
                "--port",
                str(self.port + 1),
                "--ws",
                "websockets",
                "config.asgi:application",
            ],
            "worker": [*celery, "-Q", "default,mail", "--concurrency", "1"],
            "bulk": [*celery, "-Q", "bulk", "--concurrency", "1"],
            "files": [*celery, "-Q", "files", "--concurrency", "1"],
        }
        program, *arguments = commands[name]
        return [sys.executable, "-m", program, *arguments]

    def ensure(self, *names: str) -> None:
        """Start those of the named processes that are not running, and wait until they are ready."""
        started = [name for name in names if not self.is_running(name)]
        for name in started:
            with self.log(name).open("wb") as log:
                self.processes[name] = subprocess.Popen(
                    self.command(name),
                    cwd=embedded.BASE_DIR,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        for name in started:
            self._wait_until_ready(name)

    def is_running(self, name: str) -> bool:
        return name in self.processes and self.processes[name].poll() is None

    def kill(self, name: str) -> None:
        """`kill -9` of the main process and of its pool, as a crash or the kernel's memory guard would."""
        self._end(name, signal.SIGKILL)

    def stop(self, *names: str) -> None:
        """Stop the named processes, or all of them."""
        for name in names or list(self.processes):
            if name in self.processes:
                self._end(name, signal.SIGTERM)

    def log(self, name: str) -> Path:
        """Where the named process writes; read it when a test wonders what happened."""
        folder = environment.media_dir().parent / f"logs-{environment.media_dir().name}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{name}.log"

    def _wait_until_ready(self, name: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready(name):
            if not self.is_running(name) or time.monotonic() > deadline:
                text = self.log(name).read_text(errors="replace")[-4000:]
                self.stop(name)
                raise RuntimeError(f"{name} did not start:\n{text}")
            time.sleep(0.1)

    def _is_ready(self, name: str) -> bool:
        if name == "web":
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                    return answer.status == 200
            except (urllib.error.URLError, OSError):
                return False
        if name == "sockets":
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port + 1)) == 0
        return "ready." in self.log(name).read_text(errors="replace")

    def _end(self, name: str, with_signal: signal.Signals) -> None:
        process = self.processes.pop(name)
        family = [process]
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(process.pid)
            family = [*parent.children(recursive=True), parent]
        with suppress(ProcessLookupError):
            os.killpg(process.pid, with_signal)
        if isinstance(family[0], psutil.Process):
            _, alive = psutil.wait_procs(family, timeout=STOP_SECONDS)
            for stubborn in alive:
                with suppress(psutil.NoSuchProcess):
                    stubborn.kill()
        process.wait()


def free_port_pair() -> int:
    """A free port of the loopback whose neighbour is free too."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            with suppress(OSError, OverflowError):
                second.bind(("127.0.0.1", port + 1))
                return port
