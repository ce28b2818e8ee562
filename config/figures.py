"""The page of figures for Prometheus: what processes have counted, and what is looked up when it is asked for."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST as CONTENT_TYPE
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily

from config import status
from config.heartbeat import beat_age
from core.bounded import Answer, ask_all
from core.metrics import IS_SHARED, Counted
from core.models import OutgoingMail

LONGEST_SECONDS = 2.0

__all__ = ["CONTENT_TYPE", "page"]


def page() -> bytes:
    """Everything, in the text form of Prometheus. What does not answer in time is left out, and `lathe_up` says so."""
    registry = CollectorRegistry()
    if IS_SHARED:
        registry.register(Counted())
    registry.register(_LookedUp())
    return generate_latest(registry)


class _LookedUp:
    """What is so at the moment; asked of the parts themselves, all at once."""

    def describe(self) -> list:
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        answers = ask_all(
            {"figures.queues": status.waiting_jobs, "figures.beat": beat_age, "figures.mail": _mail},
            seconds=LONGEST_SECONDS,
        )
        queues, beat, mail = answers.values()
        yield _gauge(
            "lathe_up",
            "1 where the part answered.",
            "part",
            {"redis": _answered(queues), "database": _answered(mail)},
        )
        yield _gauge("lathe_queue_jobs", "Jobs that wait.", "queue", queues.value or {})
        if beat.value is not None:
            yield GaugeMetricFamily(
                "lathe_beat_age_seconds", "Since beat and a worker last gave a sign.", value=beat.value
            )
        for name, (description, value) in (mail.value or {}).items():
            yield GaugeMetricFamily(name, description, value=value)
        yield _gauge("lathe_disk_free_bytes", "Room left where files are kept.", "folder", _free())


def _gauge(name: str, description: str, label: str, figures: dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, description, labels=[label])
    for key, value in figures.items():
        family.add_metric([key], value)
    return family


def _answered(answer: Answer) -> int:
    return int(answer.error is None)


def _mail() -> dict[str, tuple[str, float]]:
    """By the index of what is due alone: the table itself grows without end."""
    due = OutgoingMail.objects.due()
    oldest = due.order_by("send_at").values_list("send_at", flat=True).first()
    age = (timezone.now() - oldest).total_seconds() if oldest else 0
    return {
        "lathe_mail_due": ("Mails whose time has come and that have not left.", due.count()),
        "lathe_mail_oldest_due_seconds": ("How long the oldest of them has waited.", age),
    }


def _free() -> dict[str, int]:
    roots = {"work": settings.WORK_DIR, "var": settings.VAR_DIR}
    if not settings.S3_ENABLED:
        roots |= {"public": settings.MEDIA_ROOT, "private": settings.PRIVATE_MEDIA_ROOT}
    return {
        name: shutil.disk_usage(folder).free
        for name, root in roots.items()
        if (folder := Path(root)).is_dir()
    }
