"""PostgreSQL and Redis under `var/`, for a machine that has neither.

They are used where `DATABASE_URL` or `REDIS_URL` is not set. The addresses are known without starting anything.
Whoever needs the servers calls `ensure_running`: it takes a shared lock that the operating system drops when the
process ends, however it ends, and starts a keeper process (`config.embedded.keeper`) where none runs. The keeper
owns both servers and stops them as soon as nobody holds the shared lock any more, so nothing is left behind and
nobody counts process ids.
"""

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent
environ.Env.read_env(BASE_DIR / ".env")

DATABASE = "lathe"
POSTGRES_USER = "postgres"
# For root, where the system user that runs PostgreSQL may not enter the project.
RELOCATED = Path("/var/lib/lathe-embedded")
# sun_path holds 107 characters and a zero; PostgreSQL appends "/.s.PGSQL.5432.lock".
_LONGEST_SOCKET_DIR = 107 - len("/.s.PGSQL.5432.lock")
_START_SECONDS = 180
_STOP_SECONDS = 60

_user_lock: int | None = None


class EmbeddedServiceError(RuntimeError):
    """The embedded PostgreSQL or Redis cannot be started; the message says why and what helps."""


def var_dir() -> Path:
    """Where everything that this installation writes lives (`VAR_DIR`, by default `var/` in the project)."""
    return (BASE_DIR / (os.environ.get("VAR_DIR") or "var")).resolve()


def state_dir() -> Path:
    """Locks, state and log of the keeper."""
    return var_dir() / "embedded"


def needed_services() -> list[str]:
    """Which embedded servers the environment asks for: none where both addresses are set."""
    addresses = {"postgres": "DATABASE_URL", "redis": "REDIS_URL"}
    return [service for service, variable in addresses.items() if not os.environ.get(variable)]


def database_url() -> str:
    """Address of the embedded database, as libpq and django-environ read it."""
    return f"postgresql://{POSTGRES_USER}@/{DATABASE}?host={socket_dir('postgres')}"


def redis_url(db: int) -> str:
    """Address of database number `db` of the embedded Redis, as redis-py reads it."""
    return f"unix://{socket_dir('redis') / 'redis.sock'}?db={db}"


def postgres_home() -> Path:
    """Folder of the cluster, its socket and, where need be, a copy of its programs.

    PostgreSQL refuses to run as root, so root runs it as a system user of its own. Where that user may not enter
    the project (in /root, say), the cluster moves to /var/lib rather than /root being opened to everyone.
    """
    inside = var_dir() / "postgres"
    if os.geteuid() == 0 and not _others_may_enter(var_dir()):
        return RELOCATED / _digest(var_dir())
    return inside


def socket_dir(service: str) -> Path:
    """Folder of the unix socket of "postgres" or "redis", short enough for the operating system."""
    home = postgres_home() if service == "postgres" else var_dir() / service
    inside = home / "run"
    if len(os.fsencode(inside)) <= _LONGEST_SOCKET_DIR:
        return inside
    return Path("/tmp") / f"lathe-{service}-{os.geteuid()}-{_digest(inside)}"  # noqa: S108 (checked by the keeper)


def ensure_running() -> None:
    """Start the embedded servers that are needed and not yet up, and keep them up until this process ends.

    Idempotent, and safe from several processes at once.

    Raises:
        EmbeddedServiceError: a server could not be started.
    """
    global _user_lock
    services = needed_services()
    if _user_lock is not None or not services:
        return
    make_var_dir()
    state_dir().mkdir(mode=0o755, exist_ok=True)
    lock = _open_lock("users")
    # Waits here while a keeper that nobody used is just stopping its servers.
    fcntl.flock(lock, fcntl.LOCK_SH)
    try:
        starting = _open_lock("starting")
        try:
            fcntl.flock(starting, fcntl.LOCK_EX)
            if not keeper_is_running():
                _start_keeper(services)
            missing = set(services) - set(_state().get("services", []))
            if missing:
                raise EmbeddedServiceError(
                    f"{var_dir()} is in use by a command that was started with DATABASE_URL or REDIS_URL set,"
                    f" so {' and '.join(sorted(missing))} did not start. Stop that command first."
                )
        finally:
            os.close(starting)
    except BaseException:
        os.close(lock)
        raise
    _user_lock = lock


def stop() -> None:
    """Give the servers up. Returns when they are down, or at once where another process still uses them."""
    global _user_lock
    if _user_lock is None:
        return
    try:
        fcntl.flock(_user_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        alone = True
    except OSError:
        alone = False
    os.close(_user_lock)
    _user_lock = None
    deadline = time.monotonic() + _STOP_SECONDS
    while alone and keeper_is_running() and time.monotonic() < deadline:
        time.sleep(0.05)


def keeper_is_running() -> bool:
    """Whether a keeper holds this folder's servers."""
    lock = _open_lock("keeper")
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(lock)
    return False


def make_var_dir() -> None:
    """Create `var/`: closed to other people, except that root's PostgreSQL user must be able to pass through."""
    var_dir().mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, parents=True, exist_ok=True)


def _open_lock(name: str) -> int:
    # Not inherited by programs that this process starts: only the process itself counts as a user.
    return os.open(state_dir() / f"{name}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _state() -> dict:
    try:
        return json.loads((state_dir() / "state.json").read_text())
    except (OSError, ValueError):
        return {}


def _start_keeper(services: list[str]) -> None:
    log = state_dir() / "keeper.log"
    with log.open("ab") as errors:
        result = subprocess.run(
            [sys.executable, "-m", "config.embedded.keeper", *services],
            cwd=BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,
            timeout=_START_SECONDS,
            text=True,
            check=False,
        )
    if result.returncode or result.stdout.strip() != "ready":
        reason = result.stdout.strip() or f"see {log}"
        raise EmbeddedServiceError(f"The embedded database and queue did not start: {reason}")


def _others_may_enter(folder: Path) -> bool:
    """Whether any user may pass through `folder` and all its parents, as far as they exist."""
    return all(part.stat().st_mode & 0o001 for part in (folder, *folder.parents) if part.exists())


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
