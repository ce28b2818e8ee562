"""One ticket as a page of messages."""

from functools import cached_property

from community.messaging.chat import number_in
from support.models import SupportMessage, SupportTicket
from support.ticketing import presence
from support.ticketing.showing import Shown, seen_number, shown

PAGE_SIZE = 40


class TicketChat:
    """Messages, oldest at the top: the newest ones, those before a number, after one, or around one."""

    def __init__(self, ticket: SupportTicket, parameters, *, for_staff: bool = False):
        self.ticket = ticket
        self.for_staff = for_staff
        self.before = number_in(parameters.get("before"))
        self.after = number_in(parameters.get("after"))
        self.at = number_in(parameters.get("at"))

    @cached_property
    def _messages(self) -> list[SupportMessage]:
        messages = self.ticket.messages.with_page_data()
        if self.after is not None:
            return list(messages.filter(number__gt=self.after).order_by("number")[:PAGE_SIZE])
        end = self.before if self.at is None else self.at + PAGE_SIZE // 2
        if end is not None:
            messages = messages.filter(number__lt=end)
        return list(messages.newest_first()[:PAGE_SIZE])[::-1]

    @cached_property
    def items(self) -> list[Shown]:
        return shown(self.ticket, self._messages, for_staff=self.for_staff)

    @property
    def seen_number(self) -> int:
        return seen_number(self.ticket, for_staff=self.for_staff)

    @property
    def read_number(self) -> int:
        """Up to where this side has seen it."""
        ticket = self.ticket
        return ticket.staff_read_number if self.for_staff else ticket.owner_read_number

    @property
    def older(self) -> int | None:
        """What the address of the page before carries; None at the beginning."""
        first = self._messages[0].number if self._messages else 0
        return first if first > 1 else None

    @property
    def last_number(self) -> int:
        return self._messages[-1].number if self._messages else self.after or 0

    @property
    def is_newest(self) -> bool:
        return self.last_number >= self.ticket.last_number

    @cached_property
    def first_unread(self) -> int | None:
        """The message above which a line says what is new."""
        known = self.read_number
        unread = (item for item in self.items if item.message.number > known and not item.is_own)
        return next((item.message.number for item in unread), None) if known else None

    @cached_property
    def presence(self) -> str:
        """Who is there, in a sentence."""
        marks = presence.watching(self.ticket.public_id)
        return presence_line(self.ticket, marks, for_staff=self.for_staff)


def presence_line(ticket: SupportTicket, marks: list[str], *, for_staff: bool, besides: str = "") -> str:
    """Who has the ticket open, as this side is told it; `besides` is the mark of whoever is told."""
    names = presence.names_of([mark for mark in marks if mark != besides])
    if for_staff:
        here = [ticket.owner.display_name] if presence.OWNER in marks else []
        return _are_here([*here, *names]) if here or names else ""
    if names:
        return _are_here(names)
    if ticket.is_resolved:
        return ""
    if presence.is_desk_open():
        return "Support is at the desk. You need not wait here: the answer comes by mail, too."
    return "Nobody is at the desk just now. Your message is kept: the answer comes here and by mail."


def _are_here(names: list[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} is here."
    return f"{', '.join(names[:-1])} and {names[-1]} are here."
