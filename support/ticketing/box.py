"""A person's own tickets, by state, and what a search in them finds."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.search import SearchQuery
from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from accounts.models import User
from core.highlighting import folded_words, highlighted
from core.markdown import plain_text
from marketplace.search.forms import clean_text
from support.models import SupportMessage, SupportTicket
from support.models.tickets.message import WORDS_OF_ANSWER
from support.models.tickets.ticket import WORDS_OF_TICKET

PAGE_SIZE = 20
LINE = 140
SHOWS = {"": "Open", "resolved": "Resolved", "all": "All"}
NOTHING = {
    "": "Nothing is open",
    "resolved": "Nothing is resolved yet",
    "all": "You have not asked anything yet",
}


@dataclass(frozen=True)
class Row:
    """One ticket, with the line that was written last; what a search looked for is marked."""

    ticket: SupportTicket
    subject: SafeString
    line: SafeString
    is_own_line: bool


class Box:
    """What `user` sees of their tickets: a page of those that are open, resolved, or all; or found by words."""

    def __init__(self, user: User, parameters):
        self.user = user
        show = parameters.get("show", "")
        self.show = show if show in SHOWS else ""
        self.query = clean_text(parameters.get("q", ""))
        self._page_asked = parameters.get("page")

    @cached_property
    def counts(self) -> dict[str, int]:
        mine = SupportTicket.objects.of_person(self.user)
        is_open = ~Q(status=SupportTicket.Status.RESOLVED)
        counts = mine.aggregate(open=Count("pk", filter=is_open), all=Count("pk"))
        return {"": counts["open"], "resolved": counts["all"] - counts["open"], "all": counts["all"]}

    @property
    def tabs(self) -> list[dict]:
        return [
            {
                "label": label,
                "url": f"?{urlencode({'show': show})}" if show else "?",
                "count": self.counts[show],
                "is_current": show == self.show and not self.query,
            }
            for show, label in SHOWS.items()
        ]

    @property
    def nothing(self) -> str:
        return NOTHING[self.show]

    @cached_property
    def page(self) -> Page:
        return Paginator(self._tickets().latest_first(), PAGE_SIZE).get_page(self._page_asked)

    def _tickets(self):
        mine = SupportTicket.objects.of_person(self.user).select_related("assigned_to")
        if not self.query:
            states = {"": mine.open, "resolved": mine.resolved, "all": mine.all}
            return states[self.show]()
        query = SearchQuery(self.query, config="marketplace_words", search_type="websearch")
        said = SupportMessage.objects.said().filter(ticket__owner=self.user)
        said = said.annotate(words=WORDS_OF_ANSWER).filter(words=query)
        found = mine.annotate(words=WORDS_OF_TICKET)
        return found.filter(Q(words=query) | Q(pk__in=said.values("ticket")))

    @cached_property
    def rows(self) -> list[Row]:
        tickets = list(self.page)
        last = SupportMessage.objects.said().filter(ticket=OuterRef("ticket")).newest_first()
        newest = SupportMessage.objects.filter(
            ticket__in=[ticket.pk for ticket in tickets], pk=Subquery(last.values("pk")[:1])
        )
        by_ticket = {message.ticket_id: message for message in newest}
        words = folded_words(self.query)
        return [_row(ticket, by_ticket.get(ticket.pk), words) for ticket in tickets]


def _row(ticket: SupportTicket, last: SupportMessage | None, words: list[str]) -> Row:
    # Of 10,000 signs a line needs the first few.
    line = plain_text(last.body[: LINE * 10], length=LINE) if last else ""
    if last and not line:
        line = f"{last.attachment_count} file{'s' if last.attachment_count > 1 else ''}"
    return Row(
        ticket=ticket,
        subject=highlighted(ticket.subject, words),
        line=highlighted(line, words),
        is_own_line=last is not None and not last.is_by_agent,
    )
