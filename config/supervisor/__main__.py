"""`python -m config.supervisor`: checks that the site can run here, then runs it until told to stop."""

import fcntl
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from config import embedded
from config.supervisor.supervisor import CannotStart, Supervisor


class Stopped(Exception):
    """The person at the terminal, or the system, asked the site to stop."""


def address() -> tuple[str, int]:
    """Host and port for the pages, from `HOST` and `PORT`.

    Raises:
        CannotStart: the port is not one, or has no neighbour for the sockets.
    """
    port = os.environ.get("PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65_535:
        raise CannotStart(f"PORT must be a number from 1 to 65534, not {port!r}.")
    return os.environ.get("HOST") or "127.0.0.1", int(port)


def check_ports(host: str, port: int) -> None:
    """Make sure that pages and sockets will find their ports free.

    Raises:
        CannotStart: one is taken, or may not be used.
    """
    for number in (port, port + 1):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, number))
                probe.listen()
            except OSError as error:
                raise CannotStart(
                    f"Port {number} on {host} cannot be used: {error.strerror}."
                    f" Choose another with `make run PORT={port + 10}` (sockets take the port after it)."
                ) from error


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the lock of the running site.

    Raises:
        CannotStart: the site already runs from this folder.
    """
    embedded.make_var_dir()
    lock = os.open(embedded.var_dir() / "run.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        other = os.read(lock, 32).decode() or "unknown"
        raise CannotStart(
            f"The site already runs from this folder (process {other}). Stop it first."
        ) from None
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    try:
        yield
    finally:
        os.close(lock)


def main() -> int:
    """Run the site; the exit code is 0 after Ctrl-C and 1 where it could not start."""
    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def stop(number: int, _frame) -> None:
        # A second Ctrl-C must not interrupt the stopping.
        for each in signals:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(signal.Signals(number).name)

    for each in signals:
        signal.signal(each, stop)
    try:
        host, port = address()
        with only_one():
            check_ports(host, port)
            supervisor = Supervisor(host, port)
            try:
                supervisor.run()
            finally:
                for each in signals:
                    signal.signal(each, signal.SIG_IGN)
                supervisor.stop()
    except (Stopped, BrokenPipeError):
        return 0
    except (CannotStart, embedded.EmbeddedServiceError) as error:
        sys.stderr.write(f"Cannot start: {error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
