"""What agents write: answers to whoever asked, and notes for each other."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from marketplace.actions.storing import deleted_on_error
from support.actions.tickets.ending import end
from support.actions.tickets.numbering import Letter, SenderType, add, happen, locked, sent_before
from support.models import SupportMessage, SupportTicket, TicketNote
from support.ticketing import telling
from support.ticketing.rules import check_may_answer


def answer(*, ticket: SupportTicket, by: User, letter: Letter, resolves: bool = False) -> SupportMessage:
    """Nothing is due any more. Whoever answers what is nobody's has taken it; `resolves` ends it with the answer.

    Raises:
        TicketRefused: they are no agent, it is their own, or there is nothing in it.
    """
    with deleted_on_error() as stored, transaction.atomic():
        ticket = locked(ticket)
        if known := sent_before(by, letter):
            return known
        check_may_answer(ticket, by)
        if ticket.assigned_to_id is None:
            ticket.take(by)
            happen(ticket, SupportMessage.Event.ANSWERING, by)
        message = add(ticket, by, SenderType.AGENT, letter, stored)
        ticket.last_answer_number = message.number
        ticket.be_answered(timezone.now())
        if resolves:
            end(ticket, by)
        ticket.staff_read_number = ticket.last_number
        ticket.save()
        telling.answered(ticket, message)
    return message


def annotate(*, ticket: SupportTicket, by: User, body: str) -> TicketNote:
    """A word among agents. Whoever asked never sees it.

    Raises:
        TicketRefused: they are no agent, or it is their own.
    """
    check_may_answer(ticket, by)
    with transaction.atomic():
        note = TicketNote.objects.create(ticket=ticket, author=by, body=body)
        telling.annotated(ticket)
    return note
