"""The list of a person's conversations, and what a search in them finds."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib.postgres.search import SearchQuery
from django.core.paginator import Page, Paginator
from django.db.models import OuterRef, Subquery
from django.utils.http import urlencode
from django.utils.safestring import SafeString

from accounts.finding import people_named
from accounts.models import User
from community.messaging.telling import summary
from community.models import DirectMessage, Participant
from community.models.messages.message import WORDS_OF_MESSAGE
from core.highlighting import folded_words, highlighted
from core.markdown import plain_text

PAGE_SIZE = 20
# So many messages and people are found at most.
MOST_FOUND, MOST_PEOPLE = 50, 6
LINE, AROUND = 120, 160
LONGEST_QUERY = 200


@dataclass(frozen=True)
class Row:
    """One conversation, with the line that was written last."""

    participant: Participant
    last: DirectMessage | None

    @property
    def is_own_line(self) -> bool:
        return self.last is not None and self.last.sender_id == self.participant.user_id

    @property
    def line(self) -> str:
        if self.last is None:
            return ""
        # Of 10,000 signs a line needs the first few.
        return plain_text(self.last.body[: LINE * 10], length=LINE) or summary(self.last)


@dataclass(frozen=True)
class Found:
    """A message in which the words stand, marked."""

    message: DirectMessage
    other: User
    excerpt: SafeString


class Inbox:
    """What `user` sees: conversations or requests, a page of them; or what a search finds."""

    def __init__(self, user: User, *, show: str = "", query: str = "", page: str = ""):
        self.user = user
        self.show = show if show in ("requests", "declined") else ""
        self.query = query.replace("\0", "").strip()[:LONGEST_QUERY]
        self._page_asked = page

    @cached_property
    def counts(self) -> dict[str, int]:
        mine = Participant.objects.of_person(self.user)
        return {"unread": mine.open().unread().count(), "requests": mine.requests().count()}

    @property
    def tabs(self) -> list[dict]:
        tabs = [
            ("", "Conversations", self.counts["unread"]),
            ("requests", "Requests", self.counts["requests"]),
        ]
        if self.show == "declined":
            tabs.append(("declined", "Declined", 0))
        return [
            {
                "label": label,
                "url": f"?{urlencode({'show': key})}" if key else "?",
                "count": count or None,
                "is_current": key == self.show,
            }
            for key, label, count in tabs
        ]

    @cached_property
    def page(self) -> Page:
        mine = Participant.objects.of_person(self.user)
        shown = {
            "": mine.open(),
            "requests": mine.requests(),
            "declined": mine.filter(standing=Participant.Standing.DECLINED),
        }[self.show]
        rows = shown.select_related("other", "conversation").latest_first()
        return Paginator(rows, PAGE_SIZE).get_page(self._page_asked)

    @cached_property
    def rows(self) -> list[Row]:
        participants = list(self.page.object_list)
        newest = DirectMessage.objects.filter(
            conversation=OuterRef("conversation"), number=OuterRef("conversation__last_number")
        )
        lasts = DirectMessage.objects.filter(
            pk__in=Subquery(
                Participant.objects.filter(pk__in=[row.pk for row in participants])
                .annotate(last=Subquery(newest.values("pk")))
                .values("last")
            )
        )
        by_conversation = {message.conversation_id: message for message in lasts}
        return [Row(row, by_conversation.get(row.conversation_id)) for row in participants]

    @cached_property
    def _words(self) -> list[str]:
        return folded_words(self.query)

    @cached_property
    def people(self) -> list[Participant]:
        """Those whom the words name, among the people that `user` talks to."""
        named = people_named(self.query).order_by()
        found = Participant.objects.of_person(self.user).filter(other__in=named)
        return list(found.select_related("other", "conversation").latest_first()[:MOST_PEOPLE])

    @cached_property
    def found(self) -> list[Found]:
        """The newest messages with the words, whoever wrote them."""
        if not self._words:
            return []
        wanted = SearchQuery(self.query, config="marketplace_words", search_type="websearch")
        messages = (
            DirectMessage.objects.of_conversations_of(self.user)
            .standing()
            .annotate(words=WORDS_OF_MESSAGE)
            .filter(words=wanted)
            .select_related("conversation__low", "conversation__high", "sender")
            .order_by("-created_at", "-pk")[:MOST_FOUND]
        )
        return [self._found(message) for message in messages]

    def _found(self, message: DirectMessage) -> Found:
        conversation = message.conversation
        other = conversation.high if conversation.low_id == self.user.pk else conversation.low
        text = " ".join(message.body.split())
        place = min((at for word in self._words if (at := text.lower().find(word)) >= 0), default=0)
        start = max(place - AROUND // 2, 0)
        piece = text[start : start + AROUND]
        piece = f"{'…' if start else ''}{piece}{'…' if start + AROUND < len(text) else ''}"
        return Found(message, other, highlighted(piece, self._words))
