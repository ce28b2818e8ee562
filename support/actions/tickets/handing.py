"""Whose a ticket is, and how urgent."""

from django.db import transaction

from accounts.models import User
from core.models import AuditEntry
from support.actions.tickets.numbering import happen, locked
from support.exceptions import TicketRefused
from support.models import SupportMessage, SupportTicket
from support.ticketing import telling
from support.ticketing.rules import check_may_answer


def take(*, ticket: SupportTicket, by: User) -> SupportTicket:
    """An agent takes what is nobody's. Idempotent.

    Raises:
        TicketRefused: they are no agent, it is their own, or another has taken it.
    """
    with transaction.atomic():
        ticket = locked(ticket)
        check_may_answer(ticket, by)
        if ticket.assigned_to_id not in (None, by.pk):
            raise TicketRefused(f"{ticket.assigned_to.display_name} was faster, and has taken it.")
        return _hand(ticket, by, by)


def assign(*, ticket: SupportTicket, to: User, by: User) -> SupportTicket:
    """An agent hands it to another, or to themselves, whoever has it. Idempotent.

    Raises:
        TicketRefused: one of the two is no agent, or it is their own.
    """
    with transaction.atomic():
        ticket = locked(ticket)
        check_may_answer(ticket, by)
        check_may_answer(ticket, to)
        return _hand(ticket, to, by)


def put_back(*, ticket: SupportTicket, by: User) -> SupportTicket:
    """Nobody's any more. Idempotent.

    Raises:
        TicketRefused: they are no agent, or it is their own.
    """
    with transaction.atomic():
        ticket = locked(ticket)
        check_may_answer(ticket, by)
        if ticket.assigned_to_id is not None:
            AuditEntry.record(actor=by, action="ticket.put_back", target=ticket)
            ticket.put_back()
            ticket.save()
            telling.moved(ticket)
    return ticket


def weigh(*, ticket: SupportTicket, by: User, priority: str, category: str) -> SupportTicket:
    """How urgent it is, and what kind of question; what waits is due accordingly.

    Raises:
        TicketRefused: they are no agent, or it is their own.
    """
    with transaction.atomic():
        ticket = locked(ticket)
        check_may_answer(ticket, by)
        if (priority, category) != (ticket.priority, ticket.category):
            AuditEntry.record(
                actor=by, action="ticket.weigh", target=ticket, priority=priority, category=category
            )
            ticket.weigh(priority)
            ticket.category = category
            ticket.save()
            telling.moved(ticket)
    return ticket


def _hand(ticket: SupportTicket, agent: User, by: User) -> SupportTicket:
    if ticket.assigned_to_id == agent.pk:
        return ticket
    ticket.take(agent)
    happen(ticket, SupportMessage.Event.ANSWERING, agent)
    ticket.save()
    AuditEntry.record(actor=by, action="ticket.assign", target=ticket, to=agent.pk)
    telling.handed(ticket, by)
    return ticket
