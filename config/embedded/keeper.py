"""Runs the embedded PostgreSQL and Redis for as long as a process of this installation uses them.

Started by `config.embedded.ensure_running` as `python -m config.embedded.keeper postgres redis`; prints `ready`, or
one sentence that says why not, and goes to the background. `EMBEDDED_THROWAWAY=1` (tests) trades durability for
speed.
"""

import fcntl
import json
import os
import signal
import sys
import time
from collections.abc import Callable

from config import embedded
from config.embedded.postgres import Postgres
from config.embedded.servers import Redis, Server

POLL_SECONDS = 0.2

SERVERS: dict[str, Callable[[], Server]] = {"postgres": Postgres, "redis": Redis}


def main(services: list[str]) -> None:
    """Become a background process that keeps `services` up until nobody uses them."""
    if os.fork():
        os._exit(0)
    keeper = os.open(embedded.state_dir() / "keeper.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    fcntl.flock(keeper, fcntl.LOCK_EX)
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # The servers outlive neither the last user nor this process; a stray signal must not take them from users.
        signal.signal(ignored, signal.SIG_IGN)
    servers: list[Server] = []
    try:
        (embedded.var_dir() / "log").mkdir(mode=0o700, exist_ok=True)
        for service in services:
            servers.append(SERVERS[service]())
            servers[-1].start()
        (embedded.state_dir() / "state.json").write_text(
            json.dumps({"pid": os.getpid(), "services": services})
        )
    except Exception as error:
        for server in servers:
            server.stop()
        print(" ".join(str(error).split()), flush=True)  # noqa: T201 (the answer to who started this process)
        os._exit(1)
    os.write(1, b"ready\n")
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    _keep(servers)


def _keep(servers: list[Server]) -> None:
    users = os.open(embedded.state_dir() / "users.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    while True:
        try:
            # Granted when the last user is gone; newcomers wait for their shared lock until this process ends.
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            break
        except OSError:
            for server in servers:
                server.watch()
            time.sleep(POLL_SECONDS)
    for server in servers:
        server.stop()
    (embedded.state_dir() / "state.json").unlink(missing_ok=True)


if __name__ == "__main__":
    main(sys.argv[1:])
