"""What waits for the people of the console: each app says so in `AppConfig.ready`, and `config.console` shows it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone

from core.templatetags.core_tags import age_text, exact_number

# Nobody needs to know how many more than these there are, and to count them all takes long.
MOST = 1_000


@dataclass(frozen=True)
class Queue:
    """One list on which something waits until somebody of the console has decided or done it."""

    key: str
    label: str
    # Who may work on it; others do not see that anything waits.
    permission: str
    # All that waits.
    rows: Callable[[], QuerySet]
    # Since when one of them waits: a field, or an expression.
    since: object
    # The list of the console: its name among the addresses, and what follows the question mark.
    url_name: str
    query: str = ""
    # What has waited longer is late.
    patience: timedelta = field(default=timedelta(days=1))
    order: int = 100

    @property
    def url(self) -> str:
        return f"{reverse(self.url_name)}{self.query and f'?{self.query}'}"


@dataclass(frozen=True)
class Waiting:
    """A queue as it is now: two short queries, however much is in it."""

    queue: Queue

    @cached_property
    def count(self) -> int:
        """Up to `MOST`, and one more where there are more."""
        return self.queue.rows().order_by()[: MOST + 1].count()

    @property
    def count_text(self) -> str:
        """`12`, `1,000+`."""
        return f"{exact_number(MOST)}+" if self.count > MOST else exact_number(self.count)

    @cached_property
    def oldest(self) -> datetime | None:
        since = self.queue.since
        rows = self.queue.rows().annotate(in_queue_since=F(since) if isinstance(since, str) else since)
        return rows.order_by("in_queue_since").values_list("in_queue_since", flat=True).first()

    @property
    def is_late(self) -> bool:
        return self.oldest is not None and self.oldest < timezone.now() - self.queue.patience

    @property
    def oldest_text(self) -> str:
        return "" if self.oldest is None else f"the oldest {age_text(self.oldest)}"


_queues: dict[str, Queue] = {}


def register(*queues: Queue) -> None:
    """Make queues known; one with a key that is known takes that one's place."""
    _queues.update({queue.key: queue for queue in queues})


def queues_of(user) -> list[Waiting]:
    """The queues that `user` may work on, in their order."""
    known = sorted(_queues.values(), key=lambda queue: (queue.order, queue.label))
    return [Waiting(queue) for queue in known if user.has_perm(queue.permission)]
