"""Whether the parts of the site work right now: asked of the parts themselves, never taken from a setting."""

import shutil
import time
from collections.abc import Callable
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

KEPT_SECONDS = 15
_CACHE_KEY = "config.status"
_WORKER_ANSWER_SECONDS = 1.0
# Below this share of free space uploads soon fail, which people should know before they start one.
_LEAST_FREE_PERCENT = 3
# Queue -> what waits in it, in the words of those who wait.
QUEUES = {
    "default": ("Background jobs", "Views, statistics, payments that are still open"),
    "mail": ("Mail", "Confirmations and receipts"),
    "files": ("File processing", "Measuring and rendering uploaded models"),
}


@dataclass(frozen=True)
class Check:
    """One part: does it work, and what was measured (time, waiting jobs, free space)."""

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
    """Ask every part now; takes about a second, the time that workers are given to answer."""
    return Report(
        checks=[
            _timed("Pages and purchases", "The database", _ask_database),
            _timed("Sessions and limits", "The cache", _ask_cache),
            *_queues(),
            _timed("Storage", "Models, posters and downloads", _ask_storage),
        ],
        checked_at=timezone.now(),
    )


def _timed(label: str, purpose: str, ask: Callable[[], str]) -> Check:
    started = time.perf_counter()
    try:
        detail = ask()
    except Exception:  # whatever goes wrong, the part does not work; visitors are not told how
        return Check(label, purpose, works=False, detail="no answer")
    milliseconds = round((time.perf_counter() - started) * 1000)
    return Check(label, purpose, works=True, detail=detail or f"{max(milliseconds, 1)} ms")


def _ask_database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _ask_cache() -> str:
    cache.set("config.status.probe", "1", 10)
    if cache.get("config.status.probe") != "1":
        raise RuntimeError("The cache forgot what it was just told.")
    return ""


def _queues() -> list[Check]:
    """One check a queue: some worker serves it, and how many jobs wait."""
    try:
        answers = app.control.inspect(timeout=_WORKER_ANSWER_SECONDS).active_queues() or {}
        served = {queue["name"] for queues in answers.values() for queue in queues}
        with app.connection_for_read(connect_timeout=_WORKER_ANSWER_SECONDS) as broker:
            waiting = {queue: _waiting(broker, queue) for queue in QUEUES}
    except Exception:  # the broker is away: no queue is served
        return [Check(label, purpose, works=False, detail="no answer") for label, purpose in QUEUES.values()]
    return [
        Check(
            label,
            purpose,
            works=queue in served,
            detail=f"{waiting[queue]} waiting" if queue in served else f"stopped, {waiting[queue]} waiting",
        )
        for queue, (label, purpose) in QUEUES.items()
    ]


def _waiting(broker, queue: str) -> int:
    return broker.default_channel.client.llen(queue)


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
