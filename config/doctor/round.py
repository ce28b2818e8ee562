"""The round: every part is looked at, each for a bounded time, whatever became of those before it."""

from collections.abc import Callable, Iterator

from config.doctor import data, machine, services
from config.doctor.finding import Finding, bad
from core.bounded import ask_all

LONGEST_SECONDS = 30.0

# In the order in which one mends things: what stands further down needs what stands above it.
PARTS: dict[str, Callable[[], list[Finding]]] = {
    "settings": machine.settings_findings,
    "clock": machine.clock_findings,
    "disk": machine.disk_findings,
    "tools": machine.tool_findings,
    "database": data.database_findings,
    "migrations": data.migration_findings,
    "people": data.people_findings,
    "redis": services.redis_findings,
    "storage": data.storage_findings,
    "workers": services.worker_findings,
    "beat": services.beat_findings,
    "mail": services.mail_findings,
    "scanner": services.scanner_findings,
}


def look_over(only: list[str] | None = None) -> Iterator[Finding]:
    """What each part looks like, in the order of `PARTS`."""
    for part in only or PARTS:
        answer = ask_all({f"doctor.{part}": PARTS[part]}, seconds=LONGEST_SECONDS)[f"doctor.{part}"]
        if answer.error is None:
            yield from answer.value
        else:
            yield bad(part, _one_line(answer.error), _REMEDIES.get(part, "The message above says why."))


_REMEDIES = {
    "database": "Is PostgreSQL running, and does DATABASE_URL name its host, user and password?",
    "migrations": "Mend the database first.",
    "people": "Mend the database first.",
    "redis": "Is Redis running, and does REDIS_URL name it, without a number of a database?",
    "workers": "Mend Redis first.",
    "beat": "Mend Redis first.",
    "storage": "Do the folders exist, and may this user write to them; or are the S3_ settings right?",
    "scanner": "Is clamd running, and does CLAMD name its socket, as host:port or unix:/path? Model files wait.",
    "mail": "Does EMAIL_URL name the mail server with the right port, user and password?",
}


def _one_line(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300]
