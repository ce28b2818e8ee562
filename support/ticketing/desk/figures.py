"""How the desk does in a period: how soon it answers, how soon it resolves, and what is said of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import (
    Aggregate,
    Avg,
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import TruncDate
from django.utils.formats import date_format

from accounts.models import User
from core.charts import Chart, Series
from core.periods import Period, span_text
from core.templatetags.core_tags import exact_number
from support.models import SupportMessage, SupportTicket

MOST_AGENTS = 50


class Median(Aggregate):
    """The value in the middle: a few forgotten tickets do not hide how the others did."""

    name = "Median"
    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class AgentRow:
    """What one agent did in the period."""

    agent: User
    answers: int
    resolved: int
    rating: float | None


def _lasted(until: str) -> ExpressionWrapper:
    return ExpressionWrapper(F(until) - F("created_at"), output_field=DurationField())


class DeskFigures:
    """Tickets count by the day on which they were asked, answers and ratings with them. Days are in UTC."""

    def __init__(self, period: Period):
        self.period = period

    @cached_property
    def sums(self) -> dict:
        return self._sums(self.period)

    def _sums(self, period: Period) -> dict:
        due = Case(
            *(
                When(priority=name, then=Value(timedelta(hours=hours)))
                for name, hours in settings.SUPPORT_DUE_HOURS.items()
            ),
            output_field=DurationField(),
        )
        asked = _asked_in(period).annotate(
            answered=_lasted("first_answered_at"), lasted=_lasted("resolved_at"), due=due
        )
        return asked.aggregate(
            asked=Count("pk"),
            answered_count=Count("first_answered_at"),
            in_time=Count("pk", filter=Q(answered__lte=F("due"))),
            first_answer=Median("answered", filter=Q(answered__isnull=False)),
            resolved_count=Count("resolved_at"),
            resolution=Median("lasted", filter=Q(lasted__isnull=False)),
            reopened=Count("pk", filter=Q(reopened_count__gt=0)),
            ratings=Count("rating"),
            satisfaction=Avg("rating"),
        )

    @property
    def tiles(self) -> list[dict[str, str]]:
        now, before = self.sums, self._sums(self.period.before)
        return [
            _tile("Asked", exact_number(now["asked"]), exact_number(before["asked"])),
            _tile("First answer", duration_text(now["first_answer"]), duration_text(before["first_answer"])),
            _tile(
                "First answer in time",
                _share(now["in_time"], now["answered_count"]),
                _share(before["in_time"], before["answered_count"]),
            ),
            _tile("Resolution", duration_text(now["resolution"]), duration_text(before["resolution"])),
            _tile(
                "Opened again",
                _share(now["reopened"], now["asked"]),
                _share(before["reopened"], before["asked"]),
            ),
            _tile("Satisfaction", _stars(now), _stars(before)),
        ]

    @cached_property
    def days(self) -> dict[date, dict]:
        rows = _asked_in(self.period).annotate(day=TruncDate("created_at")).values("day").order_by("day")
        counted = rows.annotate(
            asked=Count("pk"),
            resolved=Count("resolved_at"),
            ratings=Count("rating"),
            satisfaction=Avg("rating"),
            first_answer=Median(_lasted("first_answered_at"), filter=Q(first_answered_at__isnull=False)),
        )
        return {row["day"]: row for row in counted}

    @property
    def charts(self) -> list[Chart]:
        slots = self.period.slots
        labels = [span_text(days[0], days[-1]) for days in slots]
        short = [date_format(days[0], "j M") for days in slots]
        frame = {"labels": labels, "short_labels": short, "slot": self.period.slot_name}
        return [
            Chart(
                "tickets",
                "Tickets",
                series=[
                    Series("Asked", self._summed("asked"), 1),
                    Series("Resolved by now", self._summed("resolved"), 2),
                ],
                note="By the day on which they were asked, in UTC.",
                **frame,
            ),
            Chart(
                "ratings",
                "Ratings",
                series=[Series("Ratings given", self._summed("ratings"), 1)],
                kind="bars",
                **frame,
            ),
        ]

    def _summed(self, name: str) -> list[int]:
        nothing = {name: 0}
        return [sum(self.days.get(day, nothing)[name] for day in days) for days in self.period.slots]

    @cached_property
    def agents(self) -> list[AgentRow]:
        """Who answered most first."""
        said = SupportMessage.objects.filter(
            sender_type=SupportMessage.SenderType.AGENT,
            created_at__gte=self.period.start,
            created_at__lt=self.period.end,
        )
        answers = dict(
            said.values_list("sender").annotate(count=Count("pk")).order_by("-count")[:MOST_AGENTS]
        )
        ended = _asked_in(self.period).filter(assigned_to__in=answers).resolved()
        ends = {
            row["assigned_to"]: row
            for row in ended.values("assigned_to").order_by().annotate(count=Count("pk"), stars=Avg("rating"))
        }
        people = User.objects.in_bulk(list(answers))
        none = {"count": 0, "stars": None}
        return [
            AgentRow(people[pk], count, ends.get(pk, none)["count"], ends.get(pk, none)["stars"])
            for pk, count in answers.items()
        ]

    @property
    def day_cells(self) -> Iterator[list]:
        """For a file: a line a day."""
        for day in self.period.days:
            row = self.days.get(day, {})
            answer = row.get("first_answer")
            yield [
                day.isoformat(),
                row.get("asked", 0),
                row.get("resolved", 0),
                round(answer.total_seconds() / 60) if answer is not None else None,
                row.get("ratings", 0),
                round(row["satisfaction"], 2) if row.get("satisfaction") is not None else None,
            ]


def _asked_in(period: Period) -> QuerySet[SupportTicket]:
    return SupportTicket.objects.filter(created_at__gte=period.start, created_at__lt=period.end)


def duration_text(lasted: timedelta | None) -> str:
    """`35 min`, `4 h 10 min`, `3 days`: as exact as somebody wants to know."""
    if lasted is None:
        return "–"
    minutes = round(lasted.total_seconds() / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        hours, rest = divmod(minutes, 60)
        return f"{hours} h {rest} min" if rest and hours < 10 else f"{hours} h"
    return f"{round(minutes / 60 / 24)} days"


def _share(part: int, whole: int) -> str:
    return f"{round(100 * part / whole)} %" if whole else "–"


def _stars(sums: dict) -> str:
    if not sums["ratings"]:
        return "–"
    return f"{sums['satisfaction']:.1f} of 5 ({exact_number(sums['ratings'])})"


def _tile(label: str, value: str, before: str) -> dict[str, str]:
    return {"label": label, "value": value, "change": f"before: {before}"}
