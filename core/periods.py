"""Spans of whole days (UTC) that an address names: so many up to today, or from one day to another."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone
from django.utils.formats import date_format

# Offered by their length; any other is named by its days.
LENGTHS = {7: "7 days", 30: "30 days", 90: "90 days", 365: "1 year"}
USUAL = 30
LONGEST = 5 * 366
# Up to so many days a chart has a slot a day; above it one a week, and then one of 30 days.
_SLOTS = ((92, 1, "Day"), (2 * 366, 7, "Week"), (LONGEST, 30, "30 days"))


def utc_today(now: datetime | None = None) -> date:
    return (now or timezone.now()).astimezone(UTC).date()


def start_of(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time.min, tzinfo=UTC)


def day_of(text: str | None) -> date | None:
    """The day that `text` names as 2026-11-29; None where it names none, or one that nobody can mean."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2200 else None


@dataclass(frozen=True)
class Period:
    """From the first day to the last, both in it."""

    first: date
    last: date
    is_custom: bool = False

    @classmethod
    def of(cls, parameters, *, today: date | None = None) -> "Period":
        """The one that the query's `days`, or `from` and `to`, name; the usual one for anything else."""
        today = today or utc_today()
        first, last = day_of(parameters.get("from")), day_of(parameters.get("to"))
        if first or last:
            first, last = sorted([first or today, last or today])
            last = min(last, today)
            first = max(min(first, last), last - timedelta(days=LONGEST - 1))
            return cls(first, last, is_custom=True)
        text = parameters.get("days") or ""
        days = int(text) if text in {str(length) for length in LENGTHS} else USUAL
        return cls(today - timedelta(days=days - 1), today)

    @property
    def length(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """As many days, up to the one before the first."""
        return Period(self.first - timedelta(days=self.length), self.first - timedelta(days=1))

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=number) for number in range(self.length)]

    @property
    def start(self) -> datetime:
        return start_of(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return start_of(self.last + timedelta(days=1))

    @property
    def query(self) -> str:
        """As an address names it."""
        if self.is_custom:
            return f"from={self.first.isoformat()}&to={self.last.isoformat()}"
        return f"days={self.length}"

    @property
    def words(self) -> str:
        return span_text(self.first, self.last)

    @property
    def slot_name(self) -> str:
        return self._slot[1]

    @property
    def slots(self) -> list[list[date]]:
        """The days, gathered so that a chart can be read; the last slot is whole, the first may be shorter."""
        size, days = self._slot[0], self.days
        ends = range(len(days), 0, -size)
        return [days[max(end - size, 0) : end] for end in reversed(ends)]

    @property
    def _slot(self) -> tuple[int, str]:
        return next((size, name) for longest, size, name in _SLOTS if self.length <= longest)


def span_text(first: date, last: date) -> str:
    """`3 May 2026`, `3 May to 2 June 2026`, `30 December 2025 to 2 January 2026`."""
    if first == last:
        return date_format(first, "j F Y")
    return (
        f"{date_format(first, 'j F' if first.year == last.year else 'j F Y')} to {date_format(last, 'j F Y')}"
    )


def period_tabs(period: Period, address: str) -> list[dict]:
    """For components/tabs.html: the offered lengths."""
    return [
        {
            "label": label,
            "url": f"{address}?days={length}",
            "count": None,
            "is_current": not period.is_custom and period.length == length,
        }
        for length, label in LENGTHS.items()
    ]
