"""A seller's earnings by day: of any period against the one before, as a chart, a table and a file.

Days that are over are read from the ledger once and kept (`EarningsDay`); what came since is read each time. So a
million sales cost no more than a thousand.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from commerce.models import EarningsDay, LedgerEntry, LedgerMovement
from core.charts import Chart, Series
from core.periods import Period, span_text, start_of, utc_today
from core.templatetags.core_tags import exact_number, money_text, short_number

# So long after a day's end no transaction of that day is still to be committed.
CLOSED_AFTER = timedelta(hours=1)
NOTHING = Decimal("0.00")
Kind = LedgerMovement.Kind
EARNED = Q(movement__kind__in=[Kind.SALE, Kind.AWARD])
# Also what is disputed, until that is won; a refund that came back gives again.
REFUNDED = Q(movement__kind__in=[Kind.REFUND, Kind.DISPUTE_HOLD, Kind.DISPUTE_WON])


@dataclass(frozen=True)
class Day:
    """The figures of one day or of several together."""

    sales: int = 0
    earned: Decimal = NOTHING
    refunded: Decimal = NOTHING

    def __add__(self, other: "Day") -> "Day":
        return Day(self.sales + other.sales, self.earned + other.earned, self.refunded + other.refunded)

    @property
    def kept(self) -> Decimal:
        return self.earned - self.refunded


def last_closed_day(now: datetime) -> date:
    return utc_today(now - CLOSED_AFTER) - timedelta(days=1)


def days_of(seller: User, first: date, last: date, now: datetime) -> dict[date, Day]:
    """The days from first to last on which something moved."""
    open_from = _keep_closed_days(seller, now)
    kept = EarningsDay.objects.filter(seller=seller, day__gte=first, day__lte=last)
    found = {row.day: Day(row.sales, row.earned, row.refunded) for row in kept}
    if last >= open_from:
        live = _moved(seller).filter(created_at__gte=start_of(max(open_from, first)))
        days = _by_day(live.filter(created_at__lt=start_of(last + timedelta(days=1))))
        found |= {row.day: Day(row.sales, row.earned, row.refunded) for row in days}
    return found


def _keep_closed_days(seller: User, now: datetime) -> date:
    """Keep what is over and not kept yet; the first day that is not over."""
    closed = last_closed_day(now)
    known = EarningsDay.objects.filter(seller=seller).order_by("-day").values_list("day", flat=True).first()
    if known is None or known < closed:
        since = _moved(seller).filter(created_at__lt=start_of(closed + timedelta(days=1)))
        if known is not None:
            since = since.filter(created_at__gte=start_of(known + timedelta(days=1)))
        rows = {row.day: row for row in _by_day(since)}
        # The last day has a row in any case: up to it everything is kept.
        rows.setdefault(closed, EarningsDay(day=closed))
        for row in rows.values():
            row.seller = seller
        EarningsDay.objects.bulk_create(rows.values(), batch_size=1000, ignore_conflicts=True)
    return closed + timedelta(days=1)


def _moved(seller: User) -> QuerySet:
    return LedgerEntry.objects.filter(account=LedgerEntry.Account.SELLER, owner=seller)


def _by_day(entries: QuerySet) -> list[EarningsDay]:
    days = (
        entries.filter(EARNED | REFUNDED)
        .values(day=TruncDate("created_at"))
        .annotate(
            sales=Count("pk", filter=Q(movement__kind=Kind.SALE)),
            earned=Sum("amount", filter=EARNED, default=NOTHING),
            refunded=-Sum("amount", filter=REFUNDED, default=NOTHING),
        )
    )
    return [EarningsDay(**row) for row in days]


class Earnings:
    """A period against as many days before it."""

    HEADER = ("day (UTC)", "sales", "earned", "refunded", "kept")

    def __init__(self, seller: User, period: Period, now: datetime | None = None) -> None:
        self.period = period
        self._days = days_of(seller, period.before.first, period.last, now or timezone.now())

    @cached_property
    def total(self) -> Day:
        return self._sum(self.period.days)

    @cached_property
    def total_before(self) -> Day:
        return self._sum(self.period.before.days)

    @property
    def tiles(self) -> list[dict[str, str]]:
        """The sums, each with how it compares with the time before."""
        chosen = [
            ("Earned", "earned", money_text),
            ("Refunded and disputed", "refunded", money_text),
            ("Kept", "kept", money_text),
            ("Sales", "sales", exact_number),
        ]
        return [
            {"label": label, "value": words(getattr(self.total, name)), "change": self._change(name)}
            for label, name, words in chosen
        ]

    @property
    def chart(self) -> Chart:
        slots, before = self.period.slots, self.period.before.slots
        return Chart(
            id="chart-earnings",
            title="Your share of sales",
            labels=[span_text(days[0], days[-1]) for days in slots],
            short_labels=[date_format(days[0], "j M") for days in slots],
            series=[
                Series(
                    "This period", [self._sum(days).earned for days in slots], 1, money_text, _short_money
                ),
                Series(
                    "The one before", [self._sum(days).earned for days in before], 2, money_text, _short_money
                ),
            ],
            slot=self.period.slot_name,
            note="After our fee, before refunds, on the day of the sale (UTC).",
        )

    @property
    def csv_rows(self) -> list[list]:
        """Every day by itself, whatever the chart gathers."""
        days = [(day, self._days.get(day, Day())) for day in self.period.days]
        return [
            [day.isoformat(), found.sales, found.earned, found.refunded, found.kept] for day, found in days
        ]

    def _sum(self, days: list[date]) -> Day:
        return sum((self._days[day] for day in days if day in self._days), Day())

    def _change(self, name: str) -> str:
        before, now = getattr(self.total_before, name), getattr(self.total, name)
        if before <= 0:
            return "none in the time before" if now and not before else ""
        percent = round(100 * (now - before) / before)
        sign = "+" if percent > 0 else "−" if percent < 0 else "±"
        return f"{sign}{exact_number(abs(percent))} %"


def _short_money(amount) -> str:
    """`$12.4k`: for the axis, where a few signs have room."""
    whole = money_text(0).removesuffix("0.00")
    return f"{whole}{short_number(int(amount))}"
