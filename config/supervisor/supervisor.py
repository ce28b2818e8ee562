"""Starts, watches and stops child processes."""

import http.client
import os
import selectors
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress

import psutil

from config import embedded
from config.processes import die_with_parent, end
from config.supervisor.children import (
    Child,
    demo_children,
    help_children,
    manage,
    metrics_dir,
    site_children,
)

COLOURS = {
    "web": 36,
    "sockets": 34,
    "worker": 32,
    "files": 35,
    "beat": 33,
    "help": 94,
    "demo": 95,
    "migrate": 90,
    "site": 1,
}
LONGEST_PAUSE = 30
# A process that ran this long before it ended had started well: its failures count anew.
STEADY_SECONDS = 60
STOP_SECONDS = 20
LONGEST_LINE = 16_384


class CannotStart(Exception):
    """The site cannot run here and now; the message says why and what helps."""


class Supervisor:
    """Starts, watches and stops the site's processes, in one thread."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.children: list[Child] = []
        self.selector = selectors.DefaultSelector()
        self.is_ready = False
        self.is_stopping = False
        self.accounts_shown = False
        self.coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def run(self) -> None:
        """Start everything and stay until asked to stop."""
        if embedded.needed_services():
            self.say(f"starting {' and '.join(embedded.needed_services())} under {embedded.var_dir()}")
        embedded.ensure_running()
        self._run_to_end(Child("migrate", manage("migrate", "--no-input", "--verbosity", "1"), once=True))
        # What the processes of the last run have counted is not these ones'.
        shutil.rmtree(metrics_dir(), ignore_errors=True)
        self.children = [*site_children(self.host, self.port), *help_children(), *demo_children()]
        while True:
            for child in self.children:
                self._tend(child)
            self._pass_on_output(0.2)
            if not self.is_ready and self._answers():
                self.is_ready = True
                self.say(f"ready: {self.address}   (Ctrl-C stops it)")
            if self.is_ready and not self.accounts_shown:
                self.accounts_shown = self._show_accounts()

    @property
    def address(self) -> str:
        """What to type into a browser."""
        shown = "localhost" if self.host in {"127.0.0.1", "0.0.0.0", "::"} else self.host  # noqa: S104 (compared)
        return f"http://{shown}:{self.port}/"

    def stop(self) -> None:
        """End every process, with all its descendants, and give the embedded services up."""
        self.is_stopping = True
        self.say("stopping")
        running = [child for child in self.children if child.process and child.process.poll() is None]
        mains, families = [], []
        for child in running:
            with suppress(psutil.NoSuchProcess):
                mains.append(psutil.Process(child.process.pid))
                families += mains[-1].children(recursive=True)
                mains[-1].terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.process.poll() is None for child in running) and time.monotonic() < deadline:
            # A process that cannot write its last words would not end.
            self._pass_on_output(0.1)
        # The main ones have had their time; also whatever they left behind.
        end([*mains, *families], signal.SIGKILL, STOP_SECONDS)
        for child in running:
            self._close(child)
        embedded.stop()

    def _tend(self, child: Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_at:
                self._start(child)
            return
        if child.process.poll() is None:
            return
        self._pass_on_output(0)
        code = self._close(child)
        if child.once:
            child.start_at = float("inf")
            if code == 0 and child.marker is not None:
                child.marker.write_text(child.marks)
            elif code:
                self.say(
                    f"{child.name} ended with {ending(code)}. `python manage.py {child.command[-1]}` tries again."
                )
            return
        child.failures = 1 if now - child.started > STEADY_SECONDS else child.failures + 1
        pause = min(2 ** (child.failures - 1), LONGEST_PAUSE)
        child.start_at = now + pause
        self.say(f"{child.name} ended with {ending(code)}; starting it again in {pause} s")

    def _start(self, child: Child) -> None:
        child.process = subprocess.Popen(
            child.command,
            cwd=embedded.BASE_DIR,
            env={**os.environ, "PYTHONUNBUFFERED": "1", "PORT": str(self.port), **child.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Its own group: Ctrl-C reaches this process only, which then stops the others in order.
            start_new_session=True,
            preexec_fn=die_with_parent(signal.SIGTERM),
        )
        child.started = time.monotonic()
        with suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, child.process.pid, child.nice)
        os.set_blocking(child.process.stdout.fileno(), False)
        self.selector.register(child.process.stdout, selectors.EVENT_READ, child)

    def _close(self, child: Child) -> int:
        """Forget an ended process, and end what is left of its group: a pool must not outlive its master."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.process.pid, signal.SIGKILL)
        with suppress(KeyError):
            self.selector.unregister(child.process.stdout)
        child.process.stdout.close()
        code = child.process.wait()
        child.process, child.unfinished = None, b""
        return code

    def _run_to_end(self, child: Child) -> None:
        self.children = [child]
        self._start(child)
        while child.process.poll() is None:
            self._pass_on_output(0.1)
        self._pass_on_output(0)
        code = self._close(child)
        if code:
            raise CannotStart(f"{child.name} ended with {ending(code)}; the reason is above.")

    def _pass_on_output(self, seconds: float) -> None:
        for key, _ in self.selector.select(seconds):
            child = key.data
            try:
                data = os.read(key.fd, 65_536)
            except BlockingIOError:
                continue
            if not data:
                self.selector.unregister(key.fileobj)
                continue
            *lines, child.unfinished = (child.unfinished + data).split(b"\n")
            if len(child.unfinished) > LONGEST_LINE:
                lines, child.unfinished = [*lines, child.unfinished], b""
            for line in lines:
                self.write(child.name, line.decode(errors="replace"))

    def write(self, name: str, text: str) -> None:
        """Print one line behind the name of the process that it is from."""
        prefix = f"{name:>8} |"
        if self.coloured:
            prefix = f"\033[{COLOURS[name]}m{prefix}\033[0m"
        try:
            sys.stdout.write(f"{prefix} {text}\n")
            sys.stdout.flush()
        except OSError:
            # The terminal is gone: reason enough to stop, but not to stop half-way.
            if not self.is_stopping:
                raise

    def say(self, text: str) -> None:
        """Print a line of the supervisor's own."""
        self.write("site", text)

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(self.host, self.port, timeout=2)
        try:
            connection.request("GET", "/healthz", headers={"Host": f"localhost:{self.port}"})
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _show_accounts(self) -> bool:
        try:
            lines = (embedded.var_dir() / "demo-accounts.tsv").read_text().splitlines()
        except OSError:
            return False
        rows = [line.split("\t") for line in lines if line.strip()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        self.say("demo accounts:")
        for row in rows:
            self.say(
                "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
            )
        return True


def ending(code: int) -> str:
    """How a process ended, in words."""
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
