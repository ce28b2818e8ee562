"""The dashboard of somebody who has models: tiles, charts, conversion, sources and top models of a period."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.db.models import QuerySet, Sum
from django.utils.formats import date_format

from accounts.models import User
from commerce.dashboard.figures import NAMES, Days, Figures, share
from core.charts import Chart, Series
from core.periods import Period, span_text
from core.templatetags.core_tags import exact_number, money_text, short_number
from marketplace.models import DailyStats, Model3D

TOP = 10
# What the best models can be ordered by.
ORDERS = {"revenue": "Revenue", "sales": "Sales", "views": "Views", "downloads": "Downloads"}
REVENUE_NOTE = "What buyers paid, without tax and before our fee. Days are in UTC."


@dataclass(frozen=True)
class Bar:
    """One line of a list of bars; `percent` is its length, `note` what stands behind its figure."""

    label: str
    value: str
    percent: int
    note: str = ""


@dataclass(frozen=True)
class TopModel:
    """One of the best models, with its figures of the period."""

    model: Model3D
    figures: Figures


class Board:
    """What became of a creator's models in a period, against as many days before it."""

    def __init__(self, creator: User, period: Period, *, order: str = ""):
        self.creator = creator
        self.period = period
        self.order = order if order in ORDERS else "revenue"
        self.days = Days(creator, period)
        self.total, self.before = self.days.total, self.days.total_before

    @property
    def tiles(self) -> list[dict[str, str]]:
        """The sums, each with how it compares with the time before."""
        labels = {
            "revenue": ("Revenue", money_text),
            "sales": ("Sales", exact_number),
            "views": ("Views", exact_number),
            "downloads": ("Downloads", exact_number),
            "conversion": ("Views that became sales", percent_text),
        }
        return [
            {"label": label, "value": words(getattr(self.total, name)), "change": self._change(name)}
            for name, (label, words) in labels.items()
        ]

    def _change(self, name: str) -> str:
        now, before = getattr(self.total, name), getattr(self.before, name)
        if name == "conversion":
            return f"{percent_text(before)} before" if self.before.views else ""
        if not before:
            return "none in the time before" if now else ""
        percent = round(100 * (now - before) / before)
        sign = "+" if percent > 0 else "−" if percent < 0 else "±"
        return f"{sign}{exact_number(abs(percent))} %"

    # ------------------------------------------------------------------ charts

    @property
    def charts(self) -> list[Chart]:
        return [
            self._against_before("revenue", "Revenue", money_text, short_money, note=REVENUE_NOTE),
            self._against_before("sales", "Sales", exact_number, short_number, kind="bars"),
            self._against_before("views", "Views", exact_number, short_number),
            self._chart(
                "interest",
                "Downloads and likes",
                [
                    Series("Downloads", self._values("downloads"), 1),
                    Series("Likes", self._values("likes"), 2),
                ],
            ),
        ]

    def _against_before(
        self, name: str, title: str, words, short, *, kind: str = "line", note: str = ""
    ) -> Chart:
        before = [getattr(self.days.of(days), name) for days in self.period.before.slots]
        series = [
            Series("This period", self._values(name), 1, words, short),
            Series("The one before", before, 2, words, short),
        ]
        return self._chart(name, title, series, kind=kind, note=note)

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

    def _values(self, name: str) -> list:
        return [getattr(self.days.of(days), name) for days in self.period.slots]

    # ------------------------------------------------------------------ conversion and sources

    @property
    def funnel(self) -> list[Bar]:
        """From looking to buying; each step in percent of the one before."""
        views, carts, sales = self.total.views, self.total.carts, self.total.sales
        whole = max(views, carts, sales) or 1
        return [
            Bar("Looked at", exact_number(views), round(100 * views / whole)),
            Bar(
                "Put into a cart", exact_number(carts), round(100 * carts / whole), _of(carts, views, "views")
            ),
            Bar("Bought", exact_number(sales), round(100 * sales / whole), _of(sales, carts, "carts")),
        ]

    @property
    def sources(self) -> list[Bar]:
        counts = self.days.sources
        most, whole = max(counts.values(), default=0) or 1, sum(counts.values())
        return [
            Bar(
                source.label,
                exact_number(count),
                round(100 * count / most),
                percent_text(share(count, whole)),
            )
            for source, count in counts.items()
        ]

    # ------------------------------------------------------------------ models

    @property
    def orders(self) -> list[tuple[str, str, bool]]:
        """Value, label, whether it is in force."""
        return [(value, label, value == self.order) for value, label in ORDERS.items()]

    def _by_model(self) -> QuerySet:
        stats = DailyStats.objects.filter(
            model__creator=self.creator, day__gte=self.period.first, day__lte=self.period.last
        )
        sums = stats.order_by().values("model").annotate(**{f"sum_{name}": Sum(name) for name in NAMES})
        return sums.order_by(f"-sum_{self.order}", "-sum_views", "model")

    @cached_property
    def top_models(self) -> list[TopModel]:
        """The best by what is asked for; those of which there was nothing at all are left out."""
        rows = list(self._by_model()[:TOP])
        models = Model3D.objects.select_related("current_file").in_bulk([row["model"] for row in rows])
        found = [TopModel(models[row["model"]], _figures(row)) for row in rows if row["model"] in models]
        return [top for top in found if any(top.figures.cells)]

    @property
    def model_rows(self) -> Iterator[list]:
        """Every model that had figures, for a file."""
        rows = self._by_model().values_list("model", "model__title", *(f"sum_{name}" for name in NAMES))
        return (list(row) for row in rows.iterator(chunk_size=500))


def _figures(row: dict) -> Figures:
    return Figures(*(row[f"sum_{name}"] for name in NAMES))


def _of(part: int, whole: int, what: str) -> str:
    return f"{percent_text(share(part, whole))} of {what}" if whole else ""


def percent_text(percent: Decimal) -> str:
    return f"{percent:,.1f} %"


def short_money(amount) -> str:
    """On the axis: whole amounts, shortened."""
    sign = money_text(0).removesuffix("0.00")
    return f"{sign}{short_number(int(amount))}" if amount >= 1000 else money_text(amount).removesuffix(".00")
