"""The lock that all changes of one ticket wait for, and the next number under it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from accounts.models import User
from community.messaging.attachments import Prepared, store
from support.exceptions import TicketRefused
from support.models import SupportMessage, SupportTicket

SenderType = SupportMessage.SenderType


@dataclass(frozen=True)
class Letter:
    """What is sent: words, pictures and files, or both. `key` is the form's own."""

    body: str = ""
    attachments: Sequence[Prepared] = ()
    key: UUID | None = None


def locked(ticket: SupportTicket) -> SupportTicket:
    """The row as it is now; until the transaction ends nobody else changes this ticket."""
    return SupportTicket.objects.select_for_update(no_key=True, of=("self",)).get(pk=ticket.pk)


def sent_before(sender: User, letter: Letter) -> SupportMessage | None:
    """The message that this form has sent already. Under the lock that sending waits for."""
    if letter.key is None:
        return None
    return SupportMessage.objects.filter(sender=sender, key=letter.key).select_related("ticket").first()


def add(
    ticket: SupportTicket, sender: User, sender_type: str, letter: Letter, stored: list
) -> SupportMessage:
    """A message at the next number, with its files. The ticket is saved by whoever calls.

    Raises:
        TicketRefused: there is nothing in it.
    """
    if not (letter.body or letter.attachments):
        raise TicketRefused("Write something, or add a picture or a file.")
    message = _next(
        ticket,
        sender,
        sender_type=sender_type,
        body=letter.body,
        attachment_count=len(letter.attachments),
        key=letter.key,
    )
    store(message, list(letter.attachments), stored)
    return message


def happen(ticket: SupportTicket, event: str, by: User) -> SupportMessage:
    """An event at the next number. The ticket is saved by whoever calls."""
    return _next(ticket, by, sender_type=SenderType.EVENT, event=event)


def _next(ticket: SupportTicket, sender: User, **fields) -> SupportMessage:
    ticket.last_number += 1
    message = SupportMessage.objects.create(ticket=ticket, number=ticket.last_number, sender=sender, **fields)
    ticket.moved_at = message.created_at
    return message
