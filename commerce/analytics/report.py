"""The site's report of a period: tiles, charts, from looking to buying, best models and creators, what is owed."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, F, QuerySet, Sum
from django.utils.formats import date_format

from accounts.models import User
from commerce.analytics.money import MoneyByDay
from commerce.dashboard.board import Bar, percent_text, short_money
from commerce.dashboard.figures import share
from commerce.ledger import balance
from commerce.models import LedgerEntry, Payout, Subscription
from core.charts import Chart, Series
from core.periods import Period, span_text
from core.templatetags.core_tags import exact_number, money_text, short_number
from marketplace.models import CreatorDay, DailyStats, Model3D

TOP = 10
# By what the days' file and the tiles are called.
MONEY = {
    "revenue": "Revenue",
    "fees": "Fees",
    "plans": "Plans",
    "costs": "Providers’ costs",
    "kept": "Kept by the site",
    "refunded": "Refunded",
    "tax": "Tax",
    "paid_out": "Paid out",
}
Account = LedgerEntry.Account
OWED = {
    Account.SELLER: "Balances of creators",
    Account.RESERVED: "Payouts asked for",
    Account.HELD: "Held for disputes and claims",
    Account.ESCROW: "Budgets of bounties",
    Account.DUE: "To be sent back to buyers",
    Account.TAX: "Tax",
}


@dataclass(frozen=True)
class TopRow:
    """A model or a creator with what they brought in."""

    thing: object
    sales: int
    revenue: object
    views: int


class Report:
    """Everything is asked for when the template needs it; each list in one or two queries."""

    def __init__(self, period: Period):
        self.period = period

    @cached_property
    def money(self) -> MoneyByDay:
        return MoneyByDay(self.period)

    @cached_property
    def _visits(self) -> dict:
        """Views, carts and sales by day."""
        days = CreatorDay.objects.filter(day__gte=self.period.first, day__lte=self.period.last)
        rows = days.values("day").annotate(*(Sum(name) for name in ("views", "carts", "sales")))
        return {row["day"]: row for row in rows}

    # ------------------------------------------------------------------ tiles and charts

    @property
    def tiles(self) -> list[dict[str, str]]:
        now, before = self.money.of(self.period.days), self.money.of(self.period.before.days)
        words = {"sales": exact_number}
        return [
            {
                "label": label,
                "value": words.get(name, money_text)(getattr(now, name)),
                "change": change_text(getattr(now, name), getattr(before, name)),
            }
            for name, label in {"sales": "Sales", **MONEY}.items()
        ]

    @property
    def charts(self) -> list[Chart]:
        slots, before = self.period.slots, self.period.before.slots
        return [
            self._chart(
                "revenue",
                "Revenue",
                [
                    self._series("This period", slots, "revenue", 1),
                    self._series("The one before", before, "revenue", 2),
                ],
                note="What buyers paid for models and bounties, without tax. Days are in UTC.",
            ),
            self._chart(
                "income",
                "What the site earns",
                [self._series("Fees", slots, "fees", 1), self._series("Plans", slots, "plans", 2)],
                kind="bars",
                note="Fees less what went back with refunds, before providers’ costs.",
            ),
            self._chart(
                "refunds",
                "Refunded",
                [
                    self._series("This period", slots, "refunded", 1),
                    self._series("The one before", before, "refunded", 2),
                ],
                kind="bars",
                note="With tax, disputes that were lost included.",
            ),
            self._chart("visits", "Views", [Series("Views", self._visited("views"), 1)]),
        ]

    def _series(self, label: str, slots: list, name: str, tone: int) -> Series:
        # A day with more refunds than sales is drawn at the ground; its row in the table has the figure.
        values = [max(getattr(self.money.of(days), name), 0) for days in slots]
        return Series(label, values, tone, money_text, short_money)

    def _visited(self, name: str) -> list[int]:
        return [
            sum(self._visits[day][f"{name}__sum"] for day in days if day in self._visits)
            for days in self.period.slots
        ]

    def _chart(
        self, name: str, title: str, series: list[Series], *, kind: str = "line", note: str = ""
    ) -> Chart:
        return Chart(
            id=f"chart-{name}",
            title=title,
            labels=[span_text(days[0], days[-1]) for days in self.period.slots],
            short_labels=[date_format(days[0], "j M") for days in self.period.slots],
            series=series,
            kind=kind,
            slot=self.period.slot_name,
            note=note,
        )

    @property
    def funnel(self) -> list[Bar]:
        """From looking to buying; each step in percent of the one before."""
        views, carts, sales = (sum(self._visited(name)) for name in ("views", "carts", "sales"))
        whole = max(views, carts, sales) or 1
        steps = [("Looked at", views, views), ("Put into a cart", carts, views), ("Bought", sales, carts)]
        return [
            Bar(label, short_number(count), round(100 * count / whole), percent_text(share(count, before)))
            for label, count, before in steps
        ]

    # ------------------------------------------------------------------ what is owed, and who pays

    @cached_property
    def owed(self) -> list[tuple[str, str]]:
        """What the site holds for others now, by whom it is for."""
        return [(label, money_text(balance(account))) for account, label in OWED.items()]

    @cached_property
    def payouts(self) -> dict:
        """How many payouts are asked for and not sent, and their sum."""
        return Payout.objects.open().summed()

    @cached_property
    def subscriptions(self) -> list[tuple[str, str, int]]:
        """Plan, state and how many have it."""
        live = Subscription.objects.live().values("plan__name", "state").annotate(count=Count("pk"))
        states = dict(Subscription.State.choices)
        rows = live.order_by("plan__name", "state")
        return [(row["plan__name"], states[row["state"]], row["count"]) for row in rows]

    # ------------------------------------------------------------------ who brought it in

    def _best(self, rows: QuerySet, key: str) -> QuerySet:
        found = rows.filter(day__gte=self.period.first, day__lte=self.period.last, sales__gt=0)
        sums = {f"sum_{name}": Sum(name) for name in ("sales", "revenue", "views")}
        return found.values(key).annotate(**sums).order_by("-sum_revenue", "-sum_sales", key)

    @property
    def model_rows(self) -> QuerySet:
        return self._best(DailyStats.objects.all(), "model")

    @property
    def creator_rows(self) -> QuerySet:
        return self._best(CreatorDay.objects.all(), "creator")

    @cached_property
    def top_models(self) -> list[TopRow]:
        return _top(self.model_rows, "model", Model3D.objects.select_related("creator"))

    @cached_property
    def top_creators(self) -> list[TopRow]:
        return _top(self.creator_rows, "creator", User.objects.all())

    # ------------------------------------------------------------------ files

    @property
    def day_cells(self) -> list[list]:
        days = [(day, self.money.of([day])) for day in self.period.days]
        visits = self._visits
        return [
            [
                *(day.isoformat(), money.sales),
                *(getattr(money, name) for name in MONEY),
                *(visits[day][f"{name}__sum"] if day in visits else 0 for name in ("views", "carts")),
            ]
            for day, money in days
        ]

    @property
    def model_cells(self) -> Iterator[list]:
        rows = self.model_rows.annotate(title=F("model__title"), name=F("model__creator__username"))
        rows = rows.values_list("model", "title", "name", "sum_sales", "sum_revenue", "sum_views")
        return (list(row) for row in rows.iterator(chunk_size=500))

    @property
    def creator_cells(self) -> Iterator[list]:
        rows = self.creator_rows.annotate(name=F("creator__username"))
        rows = rows.values_list("creator", "name", "sum_sales", "sum_revenue", "sum_views")
        return (list(row) for row in rows.iterator(chunk_size=500))


def _top(rows: QuerySet, key: str, things: QuerySet) -> list[TopRow]:
    best = list(rows[:TOP])
    found = things.in_bulk([row[key] for row in best])
    return [
        TopRow(found[row[key]], row["sum_sales"], row["sum_revenue"], row["sum_views"])
        for row in best
        if row[key] in found
    ]


def change_text(now, before) -> str:
    """`+12 %`, against the time before."""
    if before <= 0:
        return "none before" if now and not before else ""
    percent = round(100 * (now - before) / before)
    sign = "+" if percent > 0 else "−" if percent < 0 else "±"
    return f"{sign}{exact_number(abs(percent))} %"
