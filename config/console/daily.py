"""How many of something each day had."""

from datetime import date, timedelta

from django.core.cache import cache
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from core.periods import Period, start_of, utc_today

KEPT_SECONDS = 24 * 3600


class PerDay:
    """Rows by the day of their `field`, over a period that ends today and the one before it.

    Days that are over are counted once and kept: nothing comes into being in the past.
    """

    def __init__(self, name: str, rows: QuerySet, field: str, period: Period):
        self.period = period
        first, today = period.before.first, utc_today()
        key = f"console.per-day.{name}.{first.isoformat()}.{today.isoformat()}"
        kept = cache.get(key)
        if kept is None:
            kept = _counted(rows, field, first, today)
            cache.set(key, kept, KEPT_SECONDS)
        self._counts = kept | _counted(rows, field, today, today + timedelta(days=1))

    @property
    def values(self) -> list[int]:
        """A number for each slot of the period."""
        return [self._sum(days) for days in self.period.slots]

    @property
    def total(self) -> int:
        return self._sum(self.period.days)

    @property
    def total_before(self) -> int:
        return self._sum(self.period.before.days)

    def _sum(self, days) -> int:
        return sum(self._counts.get(day, 0) for day in days)


def _counted(rows: QuerySet, field: str, first: date, end: date) -> dict[date, int]:
    """Up to, and without, `end`."""
    found = rows.filter(**{f"{field}__gte": start_of(first), f"{field}__lt": start_of(end)})
    days = found.order_by().values(day=TruncDate(field)).annotate(count=Count("pk"))
    return {row["day"]: row["count"] for row in days}
