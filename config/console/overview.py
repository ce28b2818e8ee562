"""Page 53, `/admin/`: what waits, how it goes, and what was decided last, as far as somebody's role reaches."""

from functools import cached_property

from django.utils.formats import date_format

from accounts.models import User
from commerce.analytics.money import MoneyByDay
from commerce.analytics.report import change_text
from commerce.dashboard.board import short_money
from config.console.daily import PerDay
from core.charts import Chart, Series
from core.models import AuditEntry
from core.periods import Period, span_text
from core.templatetags.core_tags import exact_number, money_text
from core.waiting import Waiting, queues_of
from marketplace.models import Model3D

LATEST = 8


def dashboard(request, context: dict) -> dict:
    """unfold's name for what the template of the console's first page gets."""
    return {**context, "title": "Overview", "overview": Overview(request.user)}


class Overview:
    """The last 30 days, and now; asks the database for nothing that `user` may not see."""

    def __init__(self, user):
        self.user = user
        self.period = Period.of({})

    @cached_property
    def queues(self) -> list[Waiting]:
        """What waits comes first, and what has waited too long before that."""
        return sorted(queues_of(self.user), key=lambda queue: (not queue.is_late, not queue.count))

    @cached_property
    def latest(self) -> list[AuditEntry]:
        if not self.user.has_perm("core.view_auditentry"):
            return []
        return list(AuditEntry.objects.select_related("actor").order_by("-created_at", "-pk")[:LATEST])

    # ------------------------------------------------------------------ how it goes

    @cached_property
    def _people(self) -> PerDay | None:
        if not self.user.has_perm("accounts.view_user"):
            return None
        return PerDay("people", User.objects.all(), "created_at", self.period)

    @cached_property
    def _models(self) -> PerDay | None:
        if not self.user.has_perm("marketplace.view_model3d"):
            return None
        return PerDay("models", Model3D.objects.listed(), "published_at", self.period)

    @cached_property
    def _money(self) -> MoneyByDay | None:
        return MoneyByDay(self.period) if self.user.has_perm("commerce.view_siteday") else None

    @cached_property
    def tiles(self) -> list[dict[str, str]]:
        counted = [("New people", self._people), ("Models published", self._models)]
        found = [
            _tile(label, per_day.total, per_day.total_before, exact_number)
            for label, per_day in counted
            if per_day
        ]
        if self._money:
            now = self._money.of(self.period.days)
            before = self._money.of(self.period.before.days)
            found += [
                _tile("Sales", now.sales, before.sales, exact_number),
                _tile("Revenue", now.revenue, before.revenue, money_text),
                _tile("Kept by the site", now.kept, before.kept, money_text),
            ]
        return found

    @cached_property
    def charts(self) -> list[Chart]:
        found = []
        if self._money:
            values = [max(self._money.of(days).revenue, 0) for days in self.period.slots]
            series = Series("Revenue", values, 1, money_text, short_money)
            found.append(self._chart("revenue", "Revenue", series, "line", "Without tax. Days are in UTC."))
        for name, title, per_day in (
            ("people", "New people", self._people),
            ("models", "Models published", self._models),
        ):
            if per_day:
                found.append(self._chart(name, title, Series(title, per_day.values), "bars"))
        return found

    def _chart(self, name: str, title: str, series: Series, kind: str, note: str = "") -> Chart:
        slots = self.period.slots
        return Chart(
            id=f"chart-{name}",
            title=title,
            labels=[span_text(days[0], days[-1]) for days in slots],
            short_labels=[date_format(days[0], "j M") for days in slots],
            series=[series],
            kind=kind,
            slot=self.period.slot_name,
            note=note,
        )


def _tile(label: str, now, before, words) -> dict[str, str]:
    return {"label": label, "value": words(now), "change": change_text(now, before)}
