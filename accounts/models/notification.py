"""What happened to somebody's things: one row a message, knowing nothing of the content it speaks about."""

from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models.user import User


class NotificationQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(is_read=False)

    def newest_first(self):
        return self.order_by("-created_at", "-pk")

    def mark_read(self) -> int:
        """Returns how many were unread."""
        return self.unread().update(is_read=True)


class Notification(models.Model):
    """A message on the site; `link` is a path on this site."""

    class Kind(models.TextChoices):
        MODEL_APPROVED = "model_approved", "Model approved"
        MODEL_REJECTED = "model_rejected", "Model rejected"
        MODEL_IN_REVIEW = "model_in_review", "Model in review again"
        PROCESSING_FAILED = "processing_failed", "Processing failed"
        SALE = "sale", "Sale"
        PURCHASE = "purchase", "Purchase"
        PAYOUT = "payout", "Payout"
        REFUND = "refund", "Refunds"
        NEW_VERSION = "new_version", "New version of a model you have"
        NEW_FOLLOWER = "new_follower", "New follower"
        NEW_MODEL = "new_model", "New model by somebody you follow"
        LIKE = "like", "Like"
        COMMENT = "comment", "Comment on something of yours"
        ANSWER = "answer", "Answer to your comment"
        MENTION = "mention", "Mention"
        COLLECTION_FOLLOWED = "collection_followed", "New follower of your collection"
        COLLECTION_GREW = "collection_grew", "New model in a collection you follow"
        REVIEW = "review", "Review of your model"
        REVIEW_ANSWER = "review_answer", "Answer to your review"
        SAVED_SEARCH = "saved_search", "New match of a saved search"
        SUBSCRIPTION = "subscription", "Your plan"
        BOUNTY = "bounty", "Your bounties"
        BOUNTY_WORK = "bounty_work", "Bounties you applied to"
        COMMUNITY = "community", "Your communities"
        COMMUNITY_REQUEST = "community_request", "Somebody asks to join your community"
        COMMUNITY_INVITE = "community_invite", "Invitation to a community"
        MESSAGE = "message", "Direct message"
        COURSE = "course", "New lesson of a course you take"
        DECISION = "decision", "Decisions of the moderators"
        SUPPORT = "support", "Your support tickets"
        NEWS = "news", "News from the people behind the site"
        ACCOUNT = "account", "Your account"

    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40, choices=Kind.choices)
    title = models.CharField(max_length=200)
    message = models.CharField(max_length=1000, blank=True)
    link = models.CharField(max_length=500, blank=True)
    # Who caused it last, where somebody did; with how many before them (see `NotificationActor`).
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    others = models.PositiveIntegerField(default=0)
    # Events with the same group are told in one row for as long as it is unread.
    group = models.CharField(max_length=120, blank=True)
    is_read = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_list"),
            models.Index(fields=["user"], condition=models.Q(is_read=False), name="notification_unread"),
            models.Index(fields=["user", "kind", "-created_at"], name="notification_kind"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "group"],
                condition=models.Q(is_read=False) & ~models.Q(group=""),
                name="notification_group_unread_once",
            )
        ]

    def __str__(self):
        return self.sentence

    def get_absolute_url(self):
        """Marks it read and leads on to `link`."""
        return reverse("accounts:notification", args=[self.pk])

    @property
    def sentence(self) -> str:
        """`title` with who did it: "Ana and 12 others liked “Chest”"."""
        if self.actor is None:
            return self.title
        who = self.actor.display_name
        if self.others:
            who = f"{who} and {self.others:,} other{'' if self.others == 1 else 's'}"
        return f"{who} {self.title}"


class NotificationActor(models.Model):
    """Somebody whom a grouped notification counts: nobody is counted twice."""

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="actors")
    actor = models.ForeignKey(User, models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notification", "actor"], name="notification_actor_once")
        ]

    def __str__(self):
        return f"{self.actor_id} in notification {self.notification_id}"


class NotificationPreference(models.Model):
    """What a person has chosen for one kind; a kind without a row is told as its defaults say."""

    user = models.ForeignKey(User, models.CASCADE, related_name="notification_preferences")
    kind = models.CharField(max_length=40, choices=Notification.Kind.choices)
    on_site = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="notification_preference_once")]

    def __str__(self):
        return f"{self.user_id}: {self.kind}"
