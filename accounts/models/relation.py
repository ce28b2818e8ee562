"""Who follows and who blocks whom."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models.user import User


class Follow(models.Model):
    """`follower` wants to hear of what `followed` does; the counters of both are written with the row."""

    follower = models.ForeignKey(User, models.CASCADE, related_name="follows")
    followed = models.ForeignKey(User, models.CASCADE, related_name="followed_by")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_once"),
            models.CheckConstraint(condition=~Q(follower=F("followed")), name="follow_not_oneself"),
        ]
        indexes = [
            models.Index(fields=["followed", "-created_at", "-id"], name="follow_followers"),
            models.Index(fields=["follower", "-created_at", "-id"], name="follow_following"),
        ]

    def __str__(self):
        return f"{self.follower_id} follows {self.followed_id}"


class UserBlockQuerySet(models.QuerySet):
    def between(self, one, other):
        """Blocks in either direction."""
        return self.filter(Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one))


class UserBlock(models.Model):
    """`blocker` wants nothing to do with `blocked`, who cannot comment on their things, follow or write to them."""

    blocker = models.ForeignKey(User, models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(User, models.CASCADE, related_name="blocked_by")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = UserBlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="user_block_once"),
            models.CheckConstraint(condition=~Q(blocker=F("blocked")), name="user_block_not_oneself"),
        ]

    def __str__(self):
        return f"{self.blocker_id} blocks {self.blocked_id}"
