"""What is thrown away by age, and after how long. docs/operations.md lists also what apps do themselves."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import Notification
from core.models import OutgoingMail

# Rows of one statement: nobody waits for its locks.
BATCH = 1000


@dataclass(frozen=True)
class Rule:
    """Rows that nobody needs any more, in whose words, and after how many days."""

    name: str
    days: Callable[[], int]
    due: Callable[[], QuerySet]

    def apply(self) -> int:
        """Delete what is due, oldest keys first; returns how many rows."""
        deleted = 0
        while True:
            batch = list(self.due().order_by("pk").values_list("pk", flat=True)[:BATCH])
            if not batch:
                return deleted
            self.due().model._default_manager.filter(pk__in=batch).delete()
            deleted += len(batch)


def _before(days: int):
    return timezone.now() - timedelta(days=days)


def _session_days() -> int:
    return settings.SESSION_COOKIE_AGE // 86_400


RULES = [
    Rule(
        "sessions that have ended",
        _session_days,
        lambda: Session.objects.filter(expire_date__lt=timezone.now()),
    ),
    Rule(
        "where somebody was signed in",
        _session_days,
        lambda: UserSession.objects.filter(last_seen_at__lt=_before(_session_days())),
    ),
    Rule(
        "notifications that were read",
        lambda: settings.NOTIFICATIONS_KEPT_DAYS,
        lambda: Notification.objects.filter(
            is_read=True, created_at__lt=_before(settings.NOTIFICATIONS_KEPT_DAYS)
        ),
    ),
    Rule(
        "mails that left, or never will",
        lambda: settings.MAIL_KEPT_DAYS,
        lambda: OutgoingMail.objects.exclude(
            status__in=[OutgoingMail.Status.QUEUED, OutgoingMail.Status.SENDING]
        ).filter(created_at__lt=_before(settings.MAIL_KEPT_DAYS)),
    ),
]


def clear_away(*, dry_run: bool = False) -> Iterator[tuple[Rule, int]]:
    """Each rule, and how many rows it took, or would take."""
    for rule in RULES:
        yield rule, rule.due().count() if dry_run else rule.apply()
