"""What is said in a ticket, and what happens to it, in one row of numbers."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils import timezone

from support.models.tickets.ticket import SupportTicket

MAX_LENGTH, MAX_ATTACHMENTS = 10_000, 5
# What a search looks at, as an expression that its index has.
WORDS_OF_ANSWER = SearchVector("body", config="marketplace_words")


class SupportMessageQuerySet(models.QuerySet):
    def said(self):
        """By people: without what only happened."""
        return self.exclude(sender_type=SupportMessage.SenderType.EVENT)

    def newest_first(self):
        return self.order_by("-number")

    def with_page_data(self):
        """All that a page shows of single messages, without a further query for each."""
        return self.select_related("sender").prefetch_related("attachments")


class SupportMessage(models.Model):
    """One message at its number in the ticket; or an event, which says who did what, and nothing else.

    `key` is chosen by the form it was sent with: the same form sent twice is one message.
    """

    class SenderType(models.TextChoices):
        CUSTOMER = "customer", "Whoever asked"
        AGENT = "agent", "An agent"
        EVENT = "event", "What happened"

    class Event(models.TextChoices):
        ANSWERING = "answering", "is answering"
        RESOLVED = "resolved", "marked this as resolved"
        REOPENED = "reopened", "opened this again"

    ticket = models.ForeignKey(SupportTicket, models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField(editable=False)
    # Of an event the one who did it.
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sent_support_messages")
    sender_type = models.CharField(max_length=8, choices=SenderType.choices)
    event = models.CharField(max_length=10, choices=Event.choices, blank=True)
    body = models.TextField(max_length=MAX_LENGTH, blank=True)
    attachment_count = models.PositiveSmallIntegerField(default=0, editable=False)
    key = models.UUIDField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SupportMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ticket", "number"], name="support_message_number_once"),
            models.UniqueConstraint(fields=["sender", "key"], name="support_message_sent_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="support_message_counts_from_one"),
            models.CheckConstraint(
                condition=Q(
                    sender_type="event",
                    event__in=["answering", "resolved", "reopened"],
                    body="",
                    attachment_count=0,
                )
                | (
                    Q(sender_type__in=["customer", "agent"], event="")
                    & (~Q(body="") | Q(attachment_count__gt=0))
                ),
                name="support_message_says_something",
            ),
            models.CheckConstraint(
                condition=Q(attachment_count__lte=MAX_ATTACHMENTS), name="support_message_attachments_bounded"
            ),
        ]
        indexes = [GinIndex(WORDS_OF_ANSWER, name="support_message_words")]

    def __str__(self):
        return f"message {self.number} of ticket {self.ticket_id}"

    @property
    def is_event(self) -> bool:
        return self.sender_type == self.SenderType.EVENT

    @property
    def is_by_agent(self) -> bool:
        return self.sender_type == self.SenderType.AGENT

    @property
    def files(self) -> list:
        """Its attachments in their order; of a page's messages without a query for each."""
        return sorted(self.attachments.all(), key=lambda attachment: attachment.order)
