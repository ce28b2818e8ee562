"""The period that a dashboard's address asks for, as far back as the person's plan lets them look."""

from dataclasses import dataclass
from datetime import date, timedelta

from core.periods import LENGTHS, LONGEST, Period, period_tabs, utc_today

ALL = "all"


@dataclass(frozen=True)
class Span:
    """A period; `is_all` where all days were asked for, `is_cut` where the plan ends before what was asked for."""

    period: Period
    is_all: bool = False
    is_cut: bool = False

    @property
    def query(self) -> str:
        return f"days={ALL}" if self.is_all else self.period.query

    def tabs(self, address: str) -> list[dict]:
        """For components/tabs.html: the offered lengths, and all."""
        tabs = period_tabs(self.period, address)
        for tab in tabs:
            tab["is_current"] &= not self.is_all
        return [
            *tabs,
            {"label": "All", "url": f"{address}?days={ALL}", "count": None, "is_current": self.is_all},
        ]


def span_of(parameters, *, oldest: date | None, most_days: int) -> Span:
    """What the query names, or the usual one; `oldest` is the first day that has figures."""
    today = utc_today()
    is_all = parameters.get("days") == ALL and not (parameters.get("from") or parameters.get("to"))
    if is_all:
        asked = Period(max(oldest or today, today - timedelta(days=LONGEST - 1)), today, is_custom=True)
    else:
        asked = Period.of(parameters, today=today)
    earliest = today - timedelta(days=most_days - 1)
    if asked.first >= earliest:
        return Span(asked, is_all)
    # Lengths that are offered keep their tab, so that nobody wonders what became of it.
    is_custom = asked.is_custom or most_days not in LENGTHS
    return Span(Period(earliest, max(asked.last, earliest), is_custom), is_all, is_cut=True)
