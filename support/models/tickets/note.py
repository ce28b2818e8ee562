"""What agents tell each other about a ticket: a table of its own, which no page of whoever asked ever reads."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from support.models.tickets.ticket import SupportTicket

MAX_NOTE = 4_000


class TicketNote(models.Model):
    """A word among agents; it is never changed."""

    ticket = models.ForeignKey(SupportTicket, models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="ticket_notes")
    body = models.TextField(max_length=MAX_NOTE)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(body=""), name="ticket_note_says_something")]
        indexes = [models.Index(fields=["ticket", "-id"], name="ticket_note_newest")]

    def __str__(self):
        return f"note {self.pk} on ticket {self.ticket_id}"
