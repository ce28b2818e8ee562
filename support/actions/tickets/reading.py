"""Having seen what was written."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from support.actions.tickets.numbering import locked
from support.models import SupportTicket
from support.ticketing import telling
from support.ticketing.rules import check_may_answer


def mark_read(*, ticket: SupportTicket, by: User, number: int) -> SupportTicket:
    """Seen up to `number` by whoever asked, or by support; going back is no reading.

    Raises:
        TicketRefused: they neither asked nor are an agent.
    """
    with transaction.atomic():
        ticket = locked(ticket)
        is_owner = ticket.owner_id == by.pk
        if not is_owner:
            check_may_answer(ticket, by)
        field = "owner_read_number" if is_owner else "staff_read_number"
        number = min(number, ticket.last_number)
        if number <= getattr(ticket, field):
            return ticket
        setattr(ticket, field, number)
        if is_owner:
            ticket.owner_read_at = timezone.now()
        ticket.save(update_fields=[field, "owner_read_at"])
        telling.read(ticket, by)
    return ticket
