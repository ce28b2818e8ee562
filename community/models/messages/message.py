"""What somebody wrote to somebody."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from community.models.messages.conversation import Conversation
from marketplace.models import Model3D

MAX_LENGTH, MAX_ATTACHMENTS = 10_000, 5
# What a search looks at, as an expression that its index has.
WORDS_OF_MESSAGE = SearchVector("body", config="marketplace_words")


class DirectMessageQuerySet(models.QuerySet):
    def of_conversations_of(self, user):
        """In any conversation that `user` takes part in."""
        return self.filter(conversation__participants__user=user)

    def standing(self):
        return self.filter(deleted_at__isnull=True)

    def newest_first(self):
        return self.order_by("-number")

    def with_page_data(self):
        """All that a page shows of single messages, without a further query for each."""
        return self.select_related(
            "sender", "model__creator", "model__category", "model__current_file"
        ).prefetch_related("attachments")


class DirectMessage(models.Model):
    """One message, at its number in the conversation; a deleted one keeps its place and nothing else.

    `key` is chosen by the form it was sent with: the same form sent twice is one message.
    """

    EDITABLE_FOR = timedelta(minutes=5)

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="messages")
    number = models.PositiveIntegerField(editable=False)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="sent_messages")
    body = models.TextField(max_length=MAX_LENGTH, blank=True)
    model = models.ForeignKey(Model3D, models.SET_NULL, null=True, blank=True, related_name="+")
    # What it was called when it was sent, for when it is no longer there.
    model_title = models.CharField(max_length=200, blank=True)
    attachment_count = models.PositiveSmallIntegerField(default=0, editable=False)
    key = models.UUIDField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DirectMessageQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="message_number_once"),
            models.UniqueConstraint(fields=["sender", "key"], name="message_sent_once"),
            models.CheckConstraint(condition=Q(number__gt=0), name="message_number_counts_from_one"),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=False)
                | ~Q(body="")
                | ~Q(model_title="")
                | Q(attachment_count__gt=0),
                name="message_says_something",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True)
                | Q(body="", model__isnull=True, model_title="", attachment_count=0),
                name="message_deleted_is_empty",
            ),
            models.CheckConstraint(
                condition=Q(attachment_count__lte=MAX_ATTACHMENTS), name="message_attachments_bounded"
            ),
        ]
        indexes = [GinIndex(WORDS_OF_MESSAGE, name="message_words")]

    # The word in the address of its report: see `accounts.reporting`.
    report_kind = "message"

    def __str__(self):
        return f"message {self.number} of conversation {self.conversation_id}"

    def get_absolute_url(self):
        """Its place in the conversation."""
        return f"{self.conversation.get_absolute_url()}?at={self.number}#message-{self.number}"

    @property
    def report_id(self) -> str:
        """What the address of its report carries: no number that could be counted up."""
        return f"{self.conversation.public_id}-{self.number}"

    def get_own_url(self):
        """Where it is changed and deleted."""
        return reverse("community:message", args=[self.conversation.public_id, self.number])

    @property
    def is_standing(self) -> bool:
        """Instance twin of `DirectMessageQuerySet.standing`."""
        return self.deleted_at is None

    @property
    def is_editable(self) -> bool:
        """Other words may still be given it; whose it is, is asked elsewhere."""
        return self.is_standing and timezone.now() < self.created_at + self.EDITABLE_FOR

    @property
    def files(self) -> list:
        """Its attachments in their order; of a page's messages without a query for each."""
        return sorted(self.attachments.all(), key=lambda attachment: attachment.order)

    @property
    def version(self) -> str:
        """Another one when it was edited or deleted."""
        changed = self.deleted_at or self.edited_at or self.created_at
        return str(int(changed.timestamp() * 1_000_000))
