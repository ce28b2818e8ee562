"""Charts drawn on the server as SVG: where everything stands, and what is said about it. Knows no content.

The plot is stretched to its place by the browser, so its words stand beside it as text. See components/chart.html.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from core.templatetags.core_tags import exact_number, short_number

WIDTH, HEIGHT = 1000, 300
TICKS = 4
X_LABELS = 5
# Of a slot's width, what its bars take together.
BARS_SHARE = 0.72

Number = int | Decimal


@dataclass(frozen=True)
class Series:
    """One value a slot; `tone` (1 to 3) is its colour, `words` and `short` say a value in full and on the axis."""

    label: str
    values: Sequence[Number]
    tone: int = 1
    words: Callable[[Number], str] = exact_number
    short: Callable[[Number], str] = short_number

    @property
    def total(self) -> str:
        return self.words(sum(self.values))


@dataclass(frozen=True)
class Shape:
    """A series as it is drawn: the points of its line and of the ground below it, or its bars."""

    series: Series
    line: str
    ground: str
    bars: list[dict[str, str]]


@dataclass(frozen=True)
class Chart:
    """Series over the same slots, such as days. `labels` name the slots in full, `short_labels` on the axis."""

    id: str
    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    short_labels: Sequence[str] = ()
    kind: str = "line"
    slot: str = "Day"
    note: str = ""

    width = WIDTH
    height = HEIGHT

    @property
    def top(self) -> Number:
        """The axis ends at a round number that holds every value."""
        highest = max((value for series in self.series for value in series.values), default=0)
        return round_up(highest)

    @property
    def is_empty(self) -> bool:
        return not any(value for series in self.series for value in series.values)

    @property
    def ticks(self) -> list[dict[str, str]]:
        """The axis from the top down: what stands there, and at which height its line is drawn."""
        short = self.series[0].short
        return [
            {"label": short(_part(self.top, TICKS - tick)), "y": f"{HEIGHT * tick / TICKS:g}"}
            for tick in range(TICKS + 1)
        ]

    @property
    def x_labels(self) -> list[str]:
        """Some of the slots, in even steps from the first to the last."""
        names = self.short_labels or self.labels
        if len(names) <= X_LABELS:
            return list(names)
        steps = X_LABELS - 1
        return [names[round(step * (len(names) - 1) / steps)] for step in range(X_LABELS)]

    @property
    def shapes(self) -> list[Shape]:
        return [self._shape(place, series) for place, series in enumerate(self.series)]

    @property
    def summary(self) -> str:
        """The chart in a sentence, for those who do not see it."""
        return f"{self.title}: " + ", ".join(
            f"{series.label.lower()} {series.total}" for series in self.series
        )

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The table under the chart: a line a slot."""
        return [
            (label, [series.words(series.values[slot]) for series in self.series])
            for slot, label in enumerate(self.labels)
        ]

    @property
    def data_id(self) -> str:
        return f"{self.id}-data"

    @property
    def data(self) -> dict:
        """What the script says where somebody points."""
        return {
            "labels": list(self.labels),
            "series": [
                {
                    "label": series.label,
                    "tone": series.tone,
                    "values": [series.words(value) for value in series.values],
                    "heights": [round(float(self._y(value)) / HEIGHT, 4) for value in series.values],
                }
                for series in self.series
            ],
        }

    def _x(self, slot: float) -> float:
        return WIDTH * slot / max(len(self.labels), 1)

    def _y(self, value: Number) -> float:
        return HEIGHT - HEIGHT * float(value) / float(self.top)

    def _shape(self, place: int, series: Series) -> Shape:
        if self.kind == "bars":
            return Shape(series, "", "", self._bars(place, series))
        points = [
            f"{self._x(slot + 0.5):.1f},{self._y(value):.1f}" for slot, value in enumerate(series.values)
        ]
        line = " ".join(points)
        first, last = f"{self._x(0.5):.1f},{HEIGHT}", f"{self._x(len(points) - 0.5):.1f},{HEIGHT}"
        # Grounds of several series would hide each other.
        return Shape(series, line, f"{first} {line} {last}" if len(self.series) == 1 and points else "", [])

    def _bars(self, place: int, series: Series) -> list[dict[str, str]]:
        wide = self._x(1) * BARS_SHARE / len(self.series)
        left = self._x(1) * (1 - BARS_SHARE) / 2 + wide * place
        return [
            {
                "x": f"{self._x(slot) + left:.1f}",
                "y": f"{self._y(value):.1f}",
                "width": f"{wide:.1f}",
                "height": f"{HEIGHT - self._y(value):.1f}",
            }
            for slot, value in enumerate(series.values)
            if value
        ]


def round_up(highest: Number) -> Number:
    """The next of 4, 8, 12, 16, 20 … times a power of ten: four even parts of it are whole and round too."""
    if highest <= TICKS:
        return TICKS
    size = 10 ** (int(math.log10(highest)) - 1) if highest >= 10 else 1
    for step in (4, 8, 12, 16, 20, 24, 32, 40, 60, 80, 100):
        if step * size >= highest:
            return step * size
    return 100 * size


def _part(top: Number, parts: int) -> Number:
    value = top * parts / TICKS
    return int(value) if value == int(value) else value
