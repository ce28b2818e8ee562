"""What concerns one person: decisions about their things, claims, and what became of their reports."""

from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Case, Prefetch, Q, Value, When

from accounts.models import Report, User
from support.models import CopyrightClaim, ModerationDecision

PAGE_SIZE = 20
# So many claims and reports are shown; what is undecided comes first.
SHOWN = 20


class Board:
    """The page `/decisions/`; `?page=` turns the decisions' pages."""

    def __init__(self, user: User, params) -> None:
        self.user = user
        self._number = params.get("page", 1)

    @cached_property
    def page(self) -> Page:
        decisions = ModerationDecision.objects.concerning(self.user).newest_first()
        return Paginator(decisions, PAGE_SIZE).get_page(self._number)

    @cached_property
    def claims(self) -> list[CopyrightClaim]:
        undecided = When(status__in=CopyrightClaim.UNDECIDED, then=Value(0))
        about_theirs = Q(pk__in=CopyrightClaim.objects.about(self.user).values("pk"))
        found = CopyrightClaim.objects.filter(about_theirs | Q(claimant=self.user))
        return list(found.order_by(Case(undecided, default=Value(1)), "-created_at", "-pk")[:SHOWN])

    @cached_property
    def reports(self) -> list[Report]:
        """Each with its `newest_decisions`."""
        is_open = When(state=Report.State.OPEN, then=Value(0))
        found = self.user.reports.order_by(Case(is_open, default=Value(1)), "-created_at", "-pk")
        decisions = Prefetch("decisions", ModerationDecision.objects.newest_first(), "newest_decisions")
        return list(found.prefetch_related(decisions)[:SHOWN])

    @property
    def is_empty(self) -> bool:
        return not (self.page.paginator.count or self.claims or self.reports)
