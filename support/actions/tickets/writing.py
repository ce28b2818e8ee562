"""A further word of whoever asked; it opens again what was resolved."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from marketplace.actions.storing import deleted_on_error
from support.actions.tickets.numbering import Letter, SenderType, add, happen, locked, sent_before
from support.models import SupportMessage, SupportTicket
from support.ticketing import telling
from support.ticketing.rules import check_may_write

__all__ = ["Letter", "write"]


def write(*, ticket: SupportTicket, by: User, letter: Letter) -> SupportMessage:
    """An answer of ours is due from now on, where none was already. The same form sent again is the message of before.

    Raises:
        TicketRefused: somebody else asked, or there is nothing in it.
    """
    with deleted_on_error() as stored, transaction.atomic():
        ticket = locked(ticket)
        if known := sent_before(by, letter):
            return known
        check_may_write(ticket, by)
        if ticket.is_resolved:
            ticket.reopen()
            happen(ticket, SupportMessage.Event.REOPENED, by)
        message = add(ticket, by, SenderType.CUSTOMER, letter, stored)
        ticket.wait(timezone.now())
        # Whoever writes has read what was there.
        ticket.owner_read_number, ticket.owner_read_at = ticket.last_number, timezone.now()
        ticket.save()
        telling.written(ticket, message)
    return message
