"""What became of one model, day by day, as its creator sees it."""

from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property

from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import date_format

from accounts.entitlements import entitlements_of
from accounts.models import User
from core.charts import Chart, Series
from core.templatetags.core_tags import exact_number, money_text, short_number
from marketplace.models import DailyStats, Model3D

# Days of a period, and of how many days a slot of its charts is.
PERIODS = {7: 1, 30: 1, 90: 1, 365: 7, 1095: 28}
_SLOTS = {1: "Day", 7: "Week", 28: "Four weeks"}
DEFAULT_PERIOD = 30
FIELDS = ("views", "likes", "downloads", "carts", "sales", "revenue")
LABELS = {
    "views": "Views",
    "likes": "Likes",
    "downloads": "Downloads",
    "carts": "Put into carts",
    "sales": "Sales",
    "revenue": "Revenue",
}


def periods_for(user: User) -> list[int]:
    """The periods that a person may look at; the shortest always."""
    most = entitlements_of(user).analytics_days
    return [days for days in PERIODS if days <= most] or [min(PERIODS)]


def period_of(text: str | None, periods: Collection[int] = tuple(PERIODS)) -> int:
    """One of `periods`: the usual one for anything that is no period, the longest for one that is too long."""
    days = int(text) if text and text.isascii() and text.isdecimal() and len(text) < 5 else 0
    wanted = days if days in PERIODS else DEFAULT_PERIOD
    return min(wanted, max(periods))


def period_label(days: int) -> str:
    years = days // 365
    return f"{years} year{'' if years == 1 else 's'}" if years else f"{days} days"


class ModelStatistics:
    """The days of a period up to today, in UTC as they are counted; one query for them and one for those before."""

    def __init__(self, model: Model3D, *, days: int, now: datetime | None = None) -> None:
        self.model = model
        self.days = days
        self.today = (now or timezone.now()).astimezone(UTC).date()
        self.first = self.today - timedelta(days=days - 1)

    @cached_property
    def rows(self) -> list[DailyStats]:
        """A row for every day, also for those on which nothing happened."""
        stored = self.model.daily_stats.filter(day__gte=self.first, day__lte=self.today)
        by_day = {row.day: row for row in stored}
        days = (self.first + timedelta(days=number) for number in range(self.days))
        return [
            by_day.get(day) or DailyStats(model=self.model, day=day, revenue=Decimal("0.00")) for day in days
        ]

    @cached_property
    def totals(self) -> dict[str, int | Decimal]:
        return {name: sum(getattr(row, name) for row in self.rows) for name in FIELDS}

    @cached_property
    def totals_before(self) -> dict[str, int | Decimal]:
        """Of as many days before the period."""
        before = self.model.daily_stats.filter(
            day__gte=self.first - timedelta(days=self.days), day__lt=self.first
        )
        return {name: total or 0 for name, total in before.aggregate(**{n: Sum(n) for n in FIELDS}).items()}

    @property
    def tiles(self) -> list[dict[str, str]]:
        """The sums, each with how it compares with the time before."""
        return [
            {"label": LABELS[name], "value": _words(name)(self.totals[name]), "change": self._change(name)}
            for name in FIELDS
        ]

    @property
    def charts(self) -> list[Chart]:
        chosen = [
            ("views", "Views", ["views"], "line", ""),
            ("interest", "Likes and downloads", ["likes", "downloads"], "line", ""),
            ("sales", "Sales", ["sales"], "bars", ""),
            ("revenue", "Revenue", ["revenue"], "bars", "What buyers paid, without tax and before our fee."),
        ]
        return [
            Chart(
                id=f"chart-{key}",
                title=title,
                labels=[label for label, _short in self._slots],
                short_labels=[short for _label, short in self._slots],
                series=[
                    Series(
                        LABELS[name], self._values(name), tone, _words(name),
                        _short_money if name == "revenue" else short_number,
                    )
                    for tone, name in enumerate(names, 1)
                ],
                kind=kind,
                slot=_SLOTS[self._slot_days],
                note=note,
            )
            for key, title, names, kind, note in chosen
        ]  # fmt: skip

    @property
    def csv_rows(self) -> list[list[str]]:
        """Every day by itself, whatever the charts gather."""
        return [[row.day.isoformat(), *(str(getattr(row, name)) for name in FIELDS)] for row in self.rows]

    @property
    def _slot_days(self) -> int:
        return PERIODS[self.days]

    @cached_property
    def _bins(self) -> list[list[DailyStats]]:
        """The rows of each slot; the last one is whole, the first may be shorter."""
        bins, end = [], len(self.rows)
        while end > 0:
            bins.insert(0, self.rows[max(end - self._slot_days, 0) : end])
            end -= self._slot_days
        return bins

    @property
    def _slots(self) -> list[tuple[str, str]]:
        return [(_span(rows[0].day, rows[-1].day), date_format(rows[0].day, "j M")) for rows in self._bins]

    def _values(self, name: str) -> list:
        return [sum(getattr(row, name) for row in rows) for rows in self._bins]

    def _change(self, name: str) -> str:
        before, now = self.totals_before[name], self.totals[name]
        if not before:
            return f"none in the {self.days} days before" if now else ""
        percent = round(100 * (now - before) / before)
        sign = "+" if percent > 0 else "−" if percent < 0 else "±"
        return f"{sign}{abs(percent):,} % against the {self.days} days before"


def _span(first: date, last: date) -> str:
    if first == last:
        return date_format(first, "D j M Y")
    return f"{date_format(first, 'j M')} – {date_format(last, 'j M Y')}"


def _words(name: str):
    return money_text if name == "revenue" else exact_number


def _short_money(amount) -> str:
    """On the axis: whole amounts, shortened."""
    return (
        money_text(amount).removesuffix(".00")
        if amount < 1000
        else money_text(0)[:-4] + short_number(int(amount))
    )
