"""Runs one tool as a child process that cannot outlive, outgrow or outspend what it is given.

The tool gets its own session, an empty environment, a temporary home and a nice value; wall time and the resident
memory of its whole process tree are watched; it dies with the worker. A Python tool is also limited in address space,
which Node and WebAssembly do not bear. Where the kernel can (launcher/confinement.py), a tool sees programs and
libraries, the one file it is to read and its own folder; no other file, and no network.
"""

import contextlib
import json
import logging
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil

from .launcher.confinement import available
from .sandbox_codes import EXIT_OUT_OF_MEMORY
from .types import Limits, Step, ToolFailed

logger = logging.getLogger(__name__)

LAUNCHER = Path(__file__).with_name("launcher")
PROJECT_ROOT = Path(__file__).resolve().parents[2]
NICE = 5
# Address space is reserved far beyond what is used (thread stacks, mapped libraries, the software renderer's heaps).
ADDRESS_SPACE_FACTOR = 2
# What programs need of the machine: themselves, their libraries, their settings, what the kernel says of itself.
SYSTEM_PATHS = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/sys"),
    *(
        "/etc/ld.so.cache",
        "/etc/locale.alias",
        "/etc/ssl/openssl.cnf",
        "/etc/localtime",
        "/etc/fonts",
        "/etc/drirc",
        "/etc/glvnd",
    ),
    *("/proc/self", "/proc/meminfo", "/proc/cpuinfo", "/proc/stat", "/proc/version", "/proc/filesystems"),
    *("/proc/sys/vm", "/proc/sys/kernel", "/dev/random", "/dev/urandom", "/dev/zero"),
)
# Written to: nothing, the graphics card, and the shared memory by which its driver hands pictures over.
DEVICES = ("/dev/null", "/dev/dri", "/dev/shm")  # noqa: S108 - a grant, not a file of ours
FIRST_POLL_SECONDS = 0.01
POLL_SECONDS = 0.1
MAX_CAPTURED_BYTES = 64 * 1024

TIMEOUT_MESSAGE = (
    "Processing this file took longer than {seconds:.0f} seconds and was stopped. "
    "Start it again; if it happens twice, split the model or reduce its detail."
)
MEMORY_MESSAGE = (
    "Processing this file needed more than {gib:.1f} GiB of memory and was stopped. "
    "Reduce the number of polygons or the size of the textures, and upload it again."
)
CRASH_MESSAGE = (
    "The program that reads this file stopped unexpectedly. Start it again; "
    "if it happens twice, export the model anew, as the file is probably damaged."
)


@dataclass(frozen=True)
class ToolRun:
    """How a tool's run went: wall time in seconds, peak resident memory in bytes, the start of what it printed."""

    seconds: float
    peak_memory: int
    output: str


@contextlib.contextmanager
def scratch_folder(workdir: Path) -> Iterator[Path]:
    """A folder inside ``workdir`` for one tool, removed with everything in it."""
    folder = Path(tempfile.mkdtemp(prefix="tool-", dir=workdir))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def python_tool(module: str, *arguments: str) -> list[str]:
    """Command line of a module of this project as a tool."""
    return [sys.executable, "-s", "-P", "-m", module, *arguments]


def run_tool(
    command: Sequence[str],
    *,
    step: Step,
    scratch: Path,
    limits: Limits,
    limit_address_space: bool,
    environment: dict[str, str] | None = None,
    readable: Sequence[Path] = (),
    writable: Sequence[Path] = (),
) -> ToolRun:
    """Runs ``command`` in the folder ``scratch`` and returns when it has ended well.

    Beside ``scratch`` it may read ``readable`` and write ``writable``; these are resolved paths that exist.

    Raises ToolFailed: ``tool_timeout``, ``tool_memory`` or ``tool_crashed``. Whatever happens, no process of the
    tool's group is left.
    """
    _say_confinement()
    launch_limits = {
        "parent": os.getpid(),
        "output_bytes": limits.output_bytes,
        "address_space": ADDRESS_SPACE_FACTOR * limits.memory_bytes if limit_address_space else 0,
        "nice": NICE,
        "readable": [*SYSTEM_PATHS, *_programs(command[0]), *map(str, readable)],
        # Python finds a package by the names in the folders above it.
        "listed": [str(PROJECT_ROOT), str(PROJECT_ROOT / "marketplace")],
        "writable": [*DEVICES, str(scratch.resolve()), *map(str, writable)],
    }
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", str(LAUNCHER), json.dumps(launch_limits), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=scratch,
        env=_environment(scratch, environment or {}),
        start_new_session=True,
    )
    watch = _Watch(process, step=step, limits=limits, deadline=started + limits.wall_seconds)
    try:
        watch.until_exit()
    except ToolFailed as failure:
        failure.peak_memory = watch.peak_memory
        raise
    finally:
        _kill_group(process)
    seconds = time.monotonic() - started
    output = watch.captured.decode("utf-8", "replace")
    if process.returncode == EXIT_OUT_OF_MEMORY:
        raise _out_of_memory(step, limits)
    if process.returncode != 0:
        detail = f"exit {process.returncode}: {output[-2000:]}"
        crash = ToolFailed("tool_crashed", CRASH_MESSAGE, step=step, detail=detail)
        crash.exit_code = process.returncode
        crash.peak_memory = watch.peak_memory
        raise crash
    return ToolRun(seconds=seconds, peak_memory=watch.peak_memory, output=output)


@cache
def _say_confinement() -> None:
    """Once a process: what keeps tools from files and network, for whoever reads the log."""
    logger.info("File tools are confined by: %s", available())


def _programs(executable: str) -> list[str]:
    """Where the interpreters, their packages and our own tools lie."""
    ours = Path(__file__).parent
    program = Path(executable).resolve()
    return [
        *map(
            str, (sys.prefix, sys.base_prefix, PROJECT_ROOT / "node_modules", PROJECT_ROOT / "package.json")
        ),
        *map(str, (ours, ours.parent / "__init__.py", program, program.parent.parent / "lib")),
    ]


def _environment(scratch: Path, extra: dict[str, str]) -> dict[str, str]:
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": str(scratch),
        "TMPDIR": str(scratch),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(PROJECT_ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        # One core is one job: numeric libraries must not start a thread for each core of the machine.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        **extra,
    }


def _out_of_memory(step: Step, limits: Limits) -> ToolFailed:
    return ToolFailed("tool_memory", MEMORY_MESSAGE.format(gib=limits.memory_bytes / 1024**3), step=step)


def _kill_group(process: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()


class _Watch:
    """Follows a running tool: drains its output, measures its memory, enforces the limits."""

    def __init__(self, process: subprocess.Popen, *, step: Step, limits: Limits, deadline: float) -> None:
        self.process = process
        self.step = step
        self.limits = limits
        self.deadline = deadline
        self.captured = b""
        self.peak_memory = 0

    def until_exit(self) -> None:
        """Returns when the tool has ended; raises ToolFailed when it passes a limit."""
        os.set_blocking(self.process.stdout.fileno(), False)
        exit_descriptor = os.pidfd_open(self.process.pid)
        try:
            with selectors.DefaultSelector() as selector:
                selector.register(exit_descriptor, selectors.EVENT_READ, "exit")
                selector.register(self.process.stdout, selectors.EVENT_READ, "output")
                self._loop(selector)
        finally:
            os.close(exit_descriptor)

    def _loop(self, selector: selectors.BaseSelector) -> None:
        interval = FIRST_POLL_SECONDS
        next_poll = 0.0
        while True:
            now = time.monotonic()
            if now >= self.deadline:
                message = TIMEOUT_MESSAGE.format(seconds=self.limits.wall_seconds)
                raise ToolFailed("tool_timeout", message, step=self.step)
            if now >= next_poll:
                self._check_memory()
                next_poll = now + interval
                interval = min(POLL_SECONDS, interval * 2)
            events = {key.data for key, _ in selector.select(max(0.0, min(next_poll, self.deadline) - now))}
            if "output" in events and not self._drain():
                selector.unregister(self.process.stdout)
            if "exit" in events:
                self._drain()
                return

    def _drain(self) -> bool:
        """Takes what was printed, keeping only the start; False when the other end is closed."""
        try:
            piece = os.read(self.process.stdout.fileno(), MAX_CAPTURED_BYTES)
        except BlockingIOError:
            return True
        self.captured += piece[: MAX_CAPTURED_BYTES - len(self.captured)]
        return bool(piece)

    def _check_memory(self) -> None:
        used = 0
        try:
            root = psutil.Process(self.process.pid)
            tree = [root, *root.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for member in tree:
            with contextlib.suppress(psutil.NoSuchProcess):
                used += member.memory_info().rss
        self.peak_memory = max(self.peak_memory, used)
        if used > self.limits.memory_bytes:
            raise _out_of_memory(self.step, self.limits)
