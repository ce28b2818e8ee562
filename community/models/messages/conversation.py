"""A conversation of two people, and each one's side of it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import UserBlock


class ConversationQuerySet(models.QuerySet):
    def between(self, one, other):
        """The one that these two have, if they have one."""
        low, high = sorted((one.pk, other.pk))
        return self.filter(low=low, high=high)

    def of_person(self, user):
        return self.filter(participants__user=user)


class Conversation(models.Model):
    """Two people have one; `low` is the one with the smaller id, so that the pair is found whoever asks.

    `last_number` is the number of its newest message: messages are counted in each conversation, without a gap.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    low = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    high = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    last_number = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="conversation_once"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="conversation_of_two_in_order"),
        ]

    def __str__(self):
        return f"conversation {self.pk}"

    def get_absolute_url(self):
        return reverse("community:conversation", args=[self.public_id])


class ParticipantQuerySet(models.QuerySet):
    def of_person(self, user):
        return self.filter(user=user)

    def open(self):
        return self.filter(standing=Participant.Standing.OPEN)

    def requests(self):
        """Strangers' first messages, which wait."""
        return self.filter(standing=Participant.Standing.REQUEST)

    def unread(self):
        return self.filter(unread__gt=0)

    def heard(self):
        return self.filter(is_muted=False)

    def typing_in(self, user, public_id: str):
        """Their side of this conversation, where what they type may be shown: both want it, and neither blocks."""
        try:
            wanted = uuid.UUID(public_id)
        except ValueError:
            return None
        blocks = UserBlock.objects.filter(
            Q(blocker=OuterRef("user"), blocked=OuterRef("other"))
            | Q(blocker=OuterRef("other"), blocked=OuterRef("user"))
        )
        waiting = Participant.objects.filter(conversation=OuterRef("conversation")).exclude(
            standing=Participant.Standing.OPEN
        )
        found = self.filter(~Exists(blocks), ~Exists(waiting), user=user, conversation__public_id=wanted)
        return found.select_related("conversation").first()

    def latest_first(self):
        return self.order_by("-moved_at", "-pk")


class Participant(models.Model):
    """One person's side. `unread` and `moved_at` are written with the messages that they follow from."""

    class Standing(models.TextChoices):
        OPEN = "open", "Open"
        # A stranger has written, and this person has neither answered nor accepted.
        REQUEST = "request", "Request"
        DECLINED = "declined", "Declined"

    conversation = models.ForeignKey(Conversation, models.CASCADE, related_name="participants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="conversations")
    other = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.OPEN)
    is_muted = models.BooleanField(default=False)
    # All messages up to this number have been seen; one's own are, always.
    last_read_number = models.PositiveIntegerField(default=0, editable=False)
    last_read_at = models.DateTimeField(null=True, blank=True, editable=False)
    unread = models.PositiveIntegerField(default=0, editable=False)
    moved_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation", "user"], name="participant_once"),
            models.CheckConstraint(condition=~Q(user=F("other")), name="participant_not_oneself"),
            models.CheckConstraint(
                condition=Q(standing__in=["open", "request", "declined"]), name="participant_standing_known"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "standing", "-moved_at", "-id"], name="participant_inbox"),
            models.Index(fields=["user"], condition=Q(unread__gt=0), name="participant_unread"),
        ]

    def __str__(self):
        return f"{self.user_id} in conversation {self.conversation_id}"

    @property
    def is_open(self) -> bool:
        return self.standing == self.Standing.OPEN

    @property
    def is_request(self) -> bool:
        return self.standing == self.Standing.REQUEST

    @property
    def is_declined(self) -> bool:
        return self.standing == self.Standing.DECLINED
