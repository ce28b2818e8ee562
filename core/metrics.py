"""What this site's processes count of themselves. Each writes into a file of its own; `/metrics` adds them up.

Everything has labels: without them a metric would have a file in every process that only imports this, such as each
command of `manage.py`. Labels take few values: names of views and tasks, never ids, names or addresses.
"""

import logging
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
from django.conf import settings
from django.db import transaction

logger = logging.getLogger(__name__)


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


FOLDER = Path(settings.METRICS_DIR)
# A page is not to break because it cannot be counted.
IS_SHARED = _is_writable(FOLDER)
if IS_SHARED:
    # Read by the library when it is imported.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(FOLDER)
else:
    logger.warning(
        "METRICS_DIR (%s) cannot be written to: what this process counts is not at /metrics.", FOLDER
    )

from prometheus_client import Counter, Gauge, Histogram, values  # noqa: E402
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402

# Containers that share the folder number their processes from 1, each for itself. No underscore: it parts the name.
_HOST = re.sub(r"[^A-Za-z0-9-]", "-", socket.gethostname())


def _process() -> str:
    return f"{_HOST}-{os.getpid()}"


if IS_SHARED:
    values.ValueClass = values.MultiProcessValue(_process)

REQUESTS = Counter("lathe_requests", "Requests answered.", ["method", "view", "status"])
REQUEST_SECONDS = Histogram(
    "lathe_request_seconds",
    "Until the answer was there; what streams on afterwards is not in it.",
    ["view"],
    buckets=(0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
JOBS = Counter("lathe_jobs", "Jobs that ended, by how.", ["task", "outcome"])
JOB_SECONDS = Histogram(
    "lathe_job_seconds", "What jobs took.", ["task"], buckets=(0.05, 0.25, 1, 5, 30, 120, 600)
)
SOCKETS = Gauge("lathe_sockets_open", "Open web sockets.", ["kind"], multiprocess_mode="livesum")
MAILS = Counter("lathe_mails", "Mails whose fate was decided, by how.", ["outcome"])
UPLOADS = Counter("lathe_uploads", "Uploads of files, by what became of them.", ["outcome"])
STORED_BYTES = Counter("lathe_stored_bytes", "Bytes of original files stored.", ["format"])
ORDERS = Counter("lathe_orders", "Orders, by what became of them.", ["outcome"])


def count(counter: Counter, *labels: str, amount: float = 1) -> None:
    """Count something that a transaction does, when and if it is committed."""
    transaction.on_commit(lambda: counter.labels(*labels).inc(amount), robust=True)


class Counted(MultiProcessCollector):
    """The sum over all processes, those that have ended among them."""

    def __init__(self):
        super().__init__(None, path=str(FOLDER))

    def collect(self) -> Iterator:
        _forget_dead()
        return iter(super().collect())


def _forget_dead() -> None:
    """What is open in a process that has ended is open no more; what it counted stays counted."""
    for path in FOLDER.glob(f"gauge_live*_{_HOST}-*.db"):
        number = path.stem.rpartition("-")[2]
        if number.isdecimal() and not psutil.pid_exists(int(number)):
            path.unlink(missing_ok=True)
