"""How long what is paid for lasts. Everything in UTC."""

import calendar
from datetime import UTC, datetime

from commerce.models import Interval


def period_end(start: datetime, interval: str, anchor_day: int) -> datetime:
    """The end of the period that begins at `start`: on the day `anchor_day` of the month, or the month's last where it
    is shorter. So who began on 31 January pays on 28 February and on 31 March.
    """
    start = start.astimezone(UTC)
    months = start.year * 12 + start.month - 1 + Interval(interval).months
    year, month = divmod(months, 12)
    day = min(anchor_day, calendar.monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)


def days_of(start: datetime, end: datetime) -> int:
    return (end.astimezone(UTC).date() - start.astimezone(UTC).date()).days


def days_left(start: datetime, end: datetime, now: datetime) -> int:
    """Of the whole days of a period, today's among them."""
    return max(0, min(days_of(now, end), days_of(start, end)))
