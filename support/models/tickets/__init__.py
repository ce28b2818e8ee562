"""Tickets: somebody asks, an agent answers, and what agents say among themselves."""

from support.models.tickets.attachment import SupportAttachment
from support.models.tickets.canned import CannedAnswer
from support.models.tickets.message import SupportMessage
from support.models.tickets.note import TicketNote
from support.models.tickets.ticket import SupportTicket

__all__ = ["CannedAnswer", "SupportAttachment", "SupportMessage", "SupportTicket", "TicketNote"]
