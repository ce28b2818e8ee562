"""The site's money by day, out of the ledger. Days that are over are read from it once, and kept."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from commerce.financials.earnings import last_closed_day
from commerce.models import LedgerEntry, LedgerMovement, SiteDay
from core.periods import Period, start_of

NOTHING = Decimal("0.00")
Kind, Account = LedgerMovement.Kind, LedgerEntry.Account
EARNED = Q(movement__kind__in=[Kind.SALE, Kind.AWARD], account__in=[Account.SELLER, Account.FEE])
GIVEN_BACK = Q(movement__kind__in=[Kind.REFUND, Kind.DISPUTE_LOST], account=Account.BUYER)
# What each figure adds up, over the entries of a day.
SUMS = {
    "sales": Count("movement", filter=Q(movement__kind=Kind.SALE), distinct=True),
    "revenue": Sum("amount", filter=EARNED, default=NOTHING),
    "fees": Sum("amount", filter=Q(account=Account.FEE) & ~Q(movement__kind=Kind.COST), default=NOTHING),
    "plans": Sum("amount", filter=Q(account=Account.PLANS), default=NOTHING),
    "costs": Sum("amount", filter=Q(account=Account.PROVIDER), default=NOTHING),
    "refunded": Sum("amount", filter=GIVEN_BACK, default=NOTHING),
    "tax": Sum("amount", filter=Q(account=Account.TAX), default=NOTHING),
    "paid_out": Sum("amount", filter=Q(account=Account.BANK), default=NOTHING),
}


@dataclass(frozen=True)
class Money:
    """The figures of one day or of several together."""

    sales: int = 0
    revenue: Decimal = NOTHING
    fees: Decimal = NOTHING
    plans: Decimal = NOTHING
    costs: Decimal = NOTHING
    refunded: Decimal = NOTHING
    tax: Decimal = NOTHING
    paid_out: Decimal = NOTHING

    def __add__(self, other: "Money") -> "Money":
        return Money(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))

    @property
    def kept(self) -> Decimal:
        """What stays with the site: fees and plans, less what providers keep."""
        return self.fees + self.plans - self.costs


class MoneyByDay:
    """The days of a period and of as many before it."""

    def __init__(self, period: Period, now: datetime | None = None):
        now = now or timezone.now()
        first, last = period.before.first, period.last
        open_from = _keep_closed_days(now)
        kept = SiteDay.objects.filter(day__gte=first, day__lte=last)
        self._days = {row.day: _money(row) for row in kept}
        if last >= open_from:
            live = _between(max(open_from, first), last)
            self._days |= {row.day: _money(row) for row in _by_day(live)}

    def of(self, days: Iterable[date]) -> Money:
        return sum((self._days[day] for day in days if day in self._days), Money())


def _money(row: SiteDay) -> Money:
    return Money(**{part.name: getattr(row, part.name) for part in fields(Money)})


def _keep_closed_days(now: datetime) -> date:
    """Keep what is over and not kept yet; the first day that is not over."""
    closed = last_closed_day(now)
    known = SiteDay.objects.order_by("-day").values_list("day", flat=True).first()
    if known is None or known < closed:
        rows = {row.day: row for row in _by_day(_between(known and known + timedelta(days=1), closed))}
        # The last day has a row in any case: up to it everything is kept.
        rows.setdefault(closed, SiteDay(day=closed))
        SiteDay.objects.bulk_create(rows.values(), batch_size=1000, ignore_conflicts=True)
    return closed + timedelta(days=1)


def _between(first: date | None, last: date) -> QuerySet[LedgerEntry]:
    found = LedgerEntry.objects.filter(movement__created_at__lt=start_of(last + timedelta(days=1)))
    return found if first is None else found.filter(movement__created_at__gte=start_of(first))


def _by_day(entries: QuerySet[LedgerEntry]) -> list[SiteDay]:
    # Every kind is named, so that the index of movements by kind and time serves.
    days = entries.filter(movement__kind__in=Kind.values).values(day=TruncDate("movement__created_at"))
    return [SiteDay(**row) for row in days.annotate(**SUMS)]
