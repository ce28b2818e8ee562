"""Resolved, opened again, and what whoever asked says of it."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from support.actions.tickets.numbering import happen, locked
from support.exceptions import TicketRefused
from support.models import SupportMessage, SupportTicket
from support.ticketing import telling
from support.ticketing.rules import check_may_answer, check_may_write


def end(ticket: SupportTicket, by: User) -> None:
    """Under the ticket's lock; saved by whoever calls."""
    ticket.resolve(timezone.now())
    happen(ticket, SupportMessage.Event.RESOLVED, by)


def resolve(*, ticket: SupportTicket, by: User) -> SupportTicket:
    """By whoever asked, or by an agent. Idempotent.

    Raises:
        TicketRefused: they are neither.
    """
    with transaction.atomic():
        ticket = locked(ticket)
        _check_is_of(ticket, by)
        if ticket.is_resolved:
            return ticket
        end(ticket, by)
        _see(ticket, by)
        ticket.save()
        telling.resolved(ticket, by)
    return ticket


def reopen(*, ticket: SupportTicket, by: User) -> SupportTicket:
    """An answer is due again. Idempotent.

    Raises:
        TicketRefused: they neither asked nor are an agent.
    """
    with transaction.atomic():
        ticket = locked(ticket)
        _check_is_of(ticket, by)
        if not ticket.is_resolved:
            return ticket
        ticket.reopen()
        happen(ticket, SupportMessage.Event.REOPENED, by)
        ticket.wait(timezone.now())
        _see(ticket, by)
        ticket.save()
        telling.reopened(ticket, by)
    return ticket


def rate(*, ticket: SupportTicket, by: User, stars: int, text: str = "") -> SupportTicket:
    """What whoever asked says of the answer, once it is resolved; another word replaces it.

    Raises:
        TicketRefused: somebody else asked, or it is not resolved.
    """
    with transaction.atomic():
        ticket = locked(ticket)
        check_may_write(ticket, by)
        if not ticket.is_resolved:
            raise TicketRefused("It can be rated when it is resolved.")
        ticket.rate(stars, text, timezone.now())
        ticket.save()
        telling.moved(ticket)
    return ticket


def _check_is_of(ticket: SupportTicket, person: User) -> None:
    if ticket.owner_id != person.pk:
        check_may_answer(ticket, person)


def _see(ticket: SupportTicket, by: User) -> None:
    """Whoever did it has seen that it happened."""
    if ticket.owner_id == by.pk:
        ticket.owner_read_number = ticket.last_number
    else:
        ticket.staff_read_number = ticket.last_number
