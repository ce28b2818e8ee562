"""Statements by month: what was there, what moved, what is there. The last line is the sum of all before it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from commerce.financials.movements import all_rows, entries_of
from core.periods import start_of, utc_today

HEADER = ["date", "kind", "item", "number", "amount", "balance"]
SHOWN_MONTHS = 120


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month (UTC)."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def next(self) -> "Month":
        return Month(self.year + self.number // 12, self.number % 12 + 1)

    @property
    def previous(self) -> "Month":
        return Month(self.year, self.number - 1) if self.number > 1 else Month(self.year - 1, 12)

    @property
    def name(self) -> str:
        return date_format(self.first, "F Y")

    @property
    def start(self) -> datetime:
        return start_of(self.first)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return self.next.start


def months_of(seller: User, now: datetime | None = None) -> list[Month]:
    """From this month back to the first in which something moved."""
    first = entries_of(seller).order_by("created_at", "pk").values_list("created_at", flat=True).first()
    month = Month.of(utc_today(now))
    earliest = Month.of(utc_today(first)) if first else month
    months = []
    while month >= earliest and len(months) < SHOWN_MONTHS:
        months.append(month)
        month = month.previous
    return months


def opening_balance(seller: User, month: Month) -> Decimal:
    before = entries_of(seller).filter(created_at__lt=month.start)
    return before.aggregate(sum=Sum("amount", default=Decimal("0.00")))["sum"]


def statement_rows(seller: User, month: Month, now: datetime | None = None) -> Iterator[list]:
    """Opening balance, every movement with the balance after it, closing balance; read as they are sent."""
    now = now or timezone.now()
    balance = opening_balance(seller, month)
    yield [month.first.isoformat(), "Opening balance", "", "", None, balance]
    moved = entries_of(seller).filter(created_at__gte=month.start, created_at__lt=month.end)
    for row in all_rows(moved.order_by("created_at", "pk"), now):
        balance += row.amount
        yield [row.entry.created_at, row.what, row.item, row.number, row.amount, balance]
    last = min(month.next.first - timedelta(days=1), utc_today(now))
    yield [last.isoformat(), "Closing balance", "", "", None, balance]


def file_name(month: Month) -> str:
    """Of a statement: `lathe-statement-2026-11-USD.csv`."""
    site = re.sub(r"[^a-z0-9]+", "-", settings.SITE_NAME.lower()).strip("-")
    return f"{site or 'site'}-statement-{month.year}-{month.number:02}-{settings.CURRENCY}.csv"
