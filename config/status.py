"""Whether the parts of the site work right now: asked of the parts themselves, never taken from a setting."""

import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import storages
from django.db import connection
from django.utils import timezone

from config.celery import app
from core.bounded import Answer, ask_all

KEPT_SECONDS = 15
_CACHE_KEY = "config.status.parts"
_WORKER_ANSWER_SECONDS = 1.0
# No part is waited for longer, whatever it does.
_LONGEST_SECONDS = 3.0
NO_ANSWER = "no answer"
# Below this share of free space uploads soon fail, which people should know before they start one.
_LEAST_FREE_PERCENT = 3
# Queue -> what waits in it, in the words of those who wait.
QUEUES = {
    "default": ("Background jobs", "Views, statistics, payments that are still open"),
    "mail": ("Mail", "Confirmations and receipts"),
    "bulk": ("News by mail", "Notifications and campaigns, which wait behind what is urgent"),
    "files": ("File processing", "Measuring and rendering uploaded models"),
}


@dataclass(frozen=True)
class Check:
    """One part: does it work, and what was measured (time, waiting jobs, free space).

    `part` is what it is called by machines: "database", "redis", "workers" or "storage".
    """

    part: str
    label: str
    purpose: str
    works: bool
    detail: str


@dataclass(frozen=True)
class Report:
    """All parts at one moment."""

    checks: list[Check]
    checked_at: datetime

    @property
    def parts(self) -> dict[str, bool]:
        """Part -> whether all of it works."""
        return {
            part: all(check.works for check in self.checks if check.part == part)
            for part in dict.fromkeys(check.part for check in self.checks)
        }

    @property
    def all_work(self) -> bool:
        return all(check.works for check in self.checks)


def current_report() -> Report:
    """The latest report, at most `KEPT_SECONDS` old; asking often does not load the parts."""
    try:
        kept = cache.get(_CACHE_KEY)
    except Exception:  # the cache being away is one of the things this is to report
        return measure()
    if kept is None:
        kept = measure()
        with suppress(Exception):
            cache.set(_CACHE_KEY, kept, KEPT_SECONDS)
    return kept


def measure() -> Report:
    """Ask every part now, all at once; takes about a second, the time that workers are given to answer."""
    answers = ask_all(
        {"database": _ask_database, "cache": _ask_cache, "queues": ask_queues, "storage": _ask_storage},
        seconds=_LONGEST_SECONDS,
    )
    return Report(
        checks=[
            _check("database", "Pages and purchases", "The database", answers["database"]),
            _check("redis", "Sessions and limits", "The cache", answers["cache"]),
            *_queues(answers["queues"]),
            _check("storage", "Storage", "Models, posters and downloads", answers["storage"]),
        ],
        checked_at=timezone.now(),
    )


def _check(part: str, label: str, purpose: str, answer: Answer) -> Check:
    if answer.error is not None:
        # Whatever went wrong, the part does not work; visitors are not told how.
        return Check(part, label, purpose, works=False, detail=NO_ANSWER)
    milliseconds = max(round(answer.seconds * 1000), 1)
    return Check(part, label, purpose, works=True, detail=answer.value or f"{milliseconds} ms")


def _ask_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _ask_cache() -> str:
    cache.set("config.status.probe", "1", 10)
    if cache.get("config.status.probe") != "1":
        raise RuntimeError("The cache forgot what it was just told.")
    return ""


@dataclass(frozen=True)
class Queue:
    """Whether some worker serves it, and how many jobs wait."""

    is_served: bool
    waiting: int


def ask_queues() -> dict[str, Queue]:
    answers = app.control.inspect(timeout=_WORKER_ANSWER_SECONDS).active_queues() or {}
    served = {queue["name"] for queues in answers.values() for queue in queues}
    return {name: Queue(name in served, waiting) for name, waiting in waiting_jobs().items()}


def waiting_jobs() -> dict[str, int]:
    """How many jobs wait in each queue."""
    with app.connection_for_read(connect_timeout=_WORKER_ANSWER_SECONDS) as broker:
        # Of every priority, each of which is a list of its own.
        return {queue: broker.default_channel._size(queue) for queue in QUEUES}


def _queues(answer: Answer) -> list[Check]:
    """One check a queue. Where the broker is away, none is served."""
    if answer.error is not None:
        return [
            Check("workers", label, purpose, works=False, detail=NO_ANSWER)
            for label, purpose in QUEUES.values()
        ]
    return [
        Check("workers", *QUEUES[name], works=queue.is_served, detail=_said_of(queue))
        for name, queue in answer.value.items()
    ]


def _said_of(queue: Queue) -> str:
    return f"{queue.waiting} waiting" if queue.is_served else f"stopped, {queue.waiting} waiting"


def _ask_storage() -> str:
    if settings.S3_ENABLED:
        # Asking for a file that is not there exercises address, key and bucket.
        for name in ("default", "private"):
            storages[name].exists("status-probe")
        return ""
    percent = min(_free_percent(Path(root)) for root in (settings.MEDIA_ROOT, settings.PRIVATE_MEDIA_ROOT))
    if percent < _LEAST_FREE_PERCENT:
        raise RuntimeError("The disk is nearly full.")
    return f"{percent} % free"


def _free_percent(folder: Path) -> int:
    """Free space of the disk that `folder` is, or will be, on."""
    while not folder.exists():
        folder = folder.parent
    usage = shutil.disk_usage(folder)
    return usage.free * 100 // usage.total
