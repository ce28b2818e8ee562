"""A creator's figures by day, of a period and of the one before it, in two queries however much they sell."""

from collections import Counter
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

from django.db.models import Min, Sum

from accounts.models import User
from core.periods import Period, utc_today
from marketplace.models import CreatorDay, DailyStats, ViewSource

NAMES = ("views", "likes", "downloads", "carts", "sales", "revenue")


@dataclass(frozen=True)
class Figures:
    """The figures of one day or of several together."""

    views: int = 0
    likes: int = 0
    downloads: int = 0
    carts: int = 0
    sales: int = 0
    revenue: Decimal = Decimal("0.00")

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(self)))

    @property
    def conversion(self) -> Decimal:
        """Sales in a hundred views."""
        return share(self.sales, self.views)

    @property
    def cells(self) -> list:
        return [getattr(self, name) for name in NAMES]


def share(part: int, whole: int) -> Decimal:
    """`part` of `whole` in percent, to a tenth; nought where there is no whole."""
    return (Decimal(100) * part / whole).quantize(Decimal("0.1")) if whole else Decimal("0.0")


class Days:
    """The days of a creator; those that are over are stored as sums, today is read from the models' own rows."""

    def __init__(self, creator: User, period: Period):
        self.period = period
        self._sources: dict[date, dict[str, int]] = {}
        self._days = self._read(creator)

    def _read(self, creator: User) -> dict[date, Figures]:
        first, today = self.period.before.first, utc_today()
        stored = CreatorDay.objects.filter(creator=creator, day__gte=first, day__lte=self.period.last)
        found = {}
        for day, sources, *numbers in stored.values_list("day", "sources", *NAMES):
            found[day], self._sources[day] = Figures(*numbers), sources
        if self.period.last == today:
            live = DailyStats.objects.filter(model__creator=creator, day=today)
            sums = live.aggregate(**{name: Sum(name) for name in NAMES})
            found[today] = Figures(**{name: amount for name, amount in sums.items() if amount})
        return found

    def of(self, days: list[date]) -> Figures:
        return sum((self._days[day] for day in days if day in self._days), Figures())

    @property
    def total(self) -> Figures:
        return self.of(self.period.days)

    @property
    def total_before(self) -> Figures:
        return self.of(self.period.before.days)

    @property
    def sources(self) -> dict[ViewSource, int]:
        """Views of the period by where they came from, the most first."""
        counts = Counter()
        for day in self.period.days:
            counts.update(self._sources.get(day, {}))
        return {ViewSource(code): count for code, count in counts.most_common() if code in ViewSource.values}

    @property
    def rows(self) -> list[list]:
        """Every day by itself, for a file."""
        return [[day.isoformat(), *self.of([day]).cells] for day in self.period.days]

    @property
    def source_rows(self) -> list[list]:
        return [
            [day.isoformat(), source.label, self._sources[day][source]]
            for day in self.period.days
            for source in ViewSource
            if source in self._sources.get(day, {})
        ]


def first_day(creator: User) -> date | None:
    """The first day on which anything was counted; None where nothing was yet."""
    return CreatorDay.objects.filter(creator=creator).aggregate(first=Min("day"))["first"]
