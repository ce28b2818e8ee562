"""Messages of a ticket as one of its two sides sees them."""

from dataclasses import dataclass
from functools import cached_property

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from core.markdown import render_markdown
from support.models import SupportMessage, SupportTicket


@dataclass
class Shown:
    """One message as support sees it (`for_staff`), or whoever asked; `is_seen`: the other side has read it."""

    message: SupportMessage
    for_staff: bool
    is_seen: bool = False

    @property
    def is_own(self) -> bool:
        """Of this side: agents see what any of them wrote as theirs."""
        return not self.message.is_event and self.message.is_by_agent == self.for_staff

    @cached_property
    def html(self) -> SafeString:
        return render_markdown(self.message.body)


def shown(ticket: SupportTicket, messages, *, for_staff: bool) -> list[Shown]:
    seen = seen_number(ticket, for_staff=for_staff)
    return [Shown(message, for_staff, message.number <= seen) for message in messages]


def seen_number(ticket: SupportTicket, *, for_staff: bool) -> int:
    """Up to which number the other side has read."""
    return ticket.owner_read_number if for_staff else ticket.staff_read_number


def row_html(item: Shown) -> str:
    """One row, for a page that is open already."""
    return render_to_string("support/tickets/_message.html", {"item": item})
