"""What works beside the pages: Redis, workers, beat, the mail server."""

import redis
from django.conf import settings
from django.core.mail import get_connection

from config.doctor.finding import Finding, bad, good, warning
from config.heartbeat import LATE_SECONDS, beat_age
from config.status import ask_queues
from core import scanning

MANY_WAITING = 1_000
SCANNER_SECONDS = 5


def redis_findings() -> list[Finding]:
    with redis.Redis.from_url(settings.COUNTERS_REDIS_URL, socket_timeout=5) as client:
        about = client.info()
        found = []
        if about.get("maxmemory_policy", "noeviction") != "noeviction":
            remedy = (
                "`maxmemory-policy noeviction`: with any other, queued jobs disappear when memory is full."
            )
            found.append(bad("redis", f"maxmemory-policy is {about['maxmemory_policy']}", remedy))
        if not about.get("aof_enabled") and settings.PRODUCTION:
            remedy = (
                "`appendonly yes`: a restart loses what is queued, which beat mends for mail and files only."
            )
            found.append(warning("redis", "nothing is kept on disk", remedy))
    return found or [good("redis", f"Redis {about['redis_version']}, {about['used_memory_human']}")]


def worker_findings() -> list[Finding]:
    found = []
    for name, queue in ask_queues().items():
        seen = f"{name}: {queue.waiting} waiting"
        if not queue.is_served:
            remedy = f"Start a worker with -Q {name} (deploy/systemd)."
            found.append(bad("workers", f"{seen}, and no worker", remedy))
        elif queue.waiting > MANY_WAITING:
            remedy = "More workers of this queue, or look into their log."
            found.append(warning("workers", seen, remedy))
        else:
            found.append(good("workers", seen))
    return found


def beat_findings() -> list[Finding]:
    age = beat_age()
    if age is None or age > LATE_SECONDS:
        seen = "has never given a sign" if age is None else f"gave its last sign {age:.0f} s ago"
        return [bad("beat", seen, "Start exactly one beat, and a worker of the queue `default`.")]
    return [good("beat", f"gave a sign {age:.0f} s ago")]


def scanner_findings() -> list[Finding]:
    """The malware scanner is greeted; nothing is scanned."""
    if not scanning.is_scanning():
        return [good("scanner", "CLAMD is not set: nothing is scanned for malware")]
    answer = scanning.ping(seconds=SCANNER_SECONDS)
    if answer != "PONG":
        remedy = "CLAMD has to name the socket of ClamAV's clamd itself, not another service's."
        return [bad("scanner", f"{settings.CLAMD} answered {answer[:100]!r} to PING", remedy)]
    return [good("scanner", f"clamd at {settings.CLAMD} answers")]


def mail_findings() -> list[Finding]:
    """The mail server is greeted and signed in to; nothing is sent."""
    if settings.EMAIL_BACKEND.endswith("dummy.EmailBackend"):
        if settings.PRODUCTION:
            return [bad("mail", "EMAIL_URL is not set: no mail leaves", "Set EMAIL_URL.")]
        return [good("mail", "kept, and shown at /dev/mail/")]
    backend = get_connection()
    backend.open()
    backend.close()
    return [good("mail", f"{settings.EMAIL_HOST or settings.EMAIL_BACKEND} took our greeting")]
