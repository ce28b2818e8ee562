"""Asking: a new ticket with its first message."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from core.locks import lock_until_commit
from marketplace.actions.storing import deleted_on_error
from support.actions.tickets.numbering import Letter, SenderType, add, sent_before
from support.exceptions import TicketRefused
from support.models import SupportTicket
from support.ticketing import telling
from support.ticketing.about import About
from support.ticketing.rules import MOST_OPEN


@dataclass(frozen=True)
class Question:
    """What somebody asks, and what it is about, where it is about something of the site."""

    subject: str
    category: str
    letter: Letter
    priority: str = SupportTicket.Priority.MEDIUM
    about: About = field(default_factory=About)


def open_ticket(*, owner: User, question: Question) -> SupportTicket:
    """It stands in the desk's queue, due by its priority. The same form sent again is the ticket of before.

    Raises:
        TicketRefused: there is nothing in it, or the person has too many open ones.
    """
    with deleted_on_error() as stored, transaction.atomic():
        lock_until_commit(f"support-ticket:{owner.pk}")
        if known := sent_before(owner, question.letter):
            return known.ticket
        if SupportTicket.objects.of_person(owner).open().count() >= MOST_OPEN:
            raise TicketRefused(f"You have {MOST_OPEN} open tickets. Go on in one of them, please.")
        ticket = SupportTicket(
            owner=owner,
            subject=question.subject,
            category=question.category,
            priority=question.priority,
            order=question.about.order,
            model=question.about.model,
            refund=question.about.refund,
        )
        ticket.wait(timezone.now())
        ticket.save()
        add(ticket, owner, SenderType.CUSTOMER, question.letter, stored)
        ticket.owner_read_number = ticket.last_number
        ticket.save()
        telling.opened(ticket)
    return ticket
