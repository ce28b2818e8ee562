"""What tests run against: an own embedded PostgreSQL and Redis under var/test, kept apart by run and worker.

The first process of a run takes a free slot, so that several runs in one folder do not meet. Its number, and that of
the pytest-xdist worker, name the test database, the range of Redis databases and the media folders. Programs that a
test starts inherit the environment and so use the same.
"""

import fcntl
import os
import shutil
from pathlib import Path

from config import embedded
from tests import databases

SLOTS = 8
WORKERS = 4
REDIS_DATABASES = 8

_slot_lock: int | None = None


def prepare() -> None:
    """Point the environment at the test services, and start them where this is the first process of the run."""
    if "TEST_SLOT" not in os.environ:
        os.environ["VAR_DIR"] = str(embedded.BASE_DIR / "var" / "test")
        os.environ["EMBEDDED_THROWAWAY"] = "1"
        # Empty rather than unset: .env does not fill them in again.
        for variable in ("DATABASE_URL", "REDIS_URL", "S3_BUCKET", "EMAIL_URL", "STRIPE_SECRET_KEY"):
            os.environ[variable] = ""
        os.environ["ENVIRONMENT"] = "development"
        os.environ["TEST_SLOT"] = str(_take_slot())
        embedded.ensure_running()
        databases.begin()
    number = int(os.environ["TEST_SLOT"]) * WORKERS + worker_number()
    os.environ["REDIS_DB_OFFSET"] = str(number * REDIS_DATABASES)
    os.environ["MEDIA_ROOT"] = str(media_dir() / "public")
    os.environ["PRIVATE_MEDIA_ROOT"] = str(media_dir() / "private")
    os.environ["WORK_DIR"] = str(media_dir() / "work")
    # What an earlier run has counted is not this one's.
    if os.environ.get("METRICS_DIR") != str(metrics_dir()):
        shutil.rmtree(metrics_dir(), ignore_errors=True)
    os.environ["METRICS_DIR"] = str(metrics_dir())
    os.environ["MAINTENANCE_FILE"] = str(metrics_dir() / "maintenance.json")


def worker_name() -> str:
    """Name of the pytest-xdist worker, or "main" without workers."""
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


def worker_number() -> int:
    """Number of the pytest-xdist worker.

    Raises:
        RuntimeError: more workers than Redis databases were set aside for.
    """
    number = int(worker_name().removeprefix("gw")) if worker_name() != "main" else 0
    if number >= WORKERS:
        raise RuntimeError(f"Tests run with at most {WORKERS} workers.")
    return number


def media_dir() -> Path:
    """Folder of the files that this worker's tests upload."""
    return embedded.var_dir() / "media" / f"{os.environ['TEST_SLOT']}-{worker_name()}"


def metrics_dir() -> Path:
    """Folder in which this worker's tests, and what they start, count for /metrics."""
    return embedded.var_dir() / "metrics" / f"{os.environ['TEST_SLOT']}-{worker_name()}"


def database_name() -> str:
    """Name of this run's database; pytest-django puts `test_` before and the worker after it."""
    return f"slot{os.environ['TEST_SLOT']}"


def _take_slot() -> int:
    global _slot_lock
    embedded.make_var_dir()
    for slot in range(SLOTS):
        lock = os.open(embedded.var_dir() / f"slot-{slot}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(lock)
            continue
        _slot_lock = lock
        return slot
    raise RuntimeError(f"{SLOTS} test runs are going on in this folder already.")
