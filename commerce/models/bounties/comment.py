"""Comments on bounties."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from commerce.models.bounties.bounty import Bounty
from core.models import ThreadedComment, ThreadedCommentQuerySet


class BountyComment(ThreadedComment):
    """A comment on a bounty."""

    bounty = models.ForeignKey(Bounty, models.CASCADE, related_name="comments")

    objects = ThreadedCommentQuerySet.as_manager()

    class Meta(ThreadedComment.Meta):
        indexes = [
            models.Index(
                fields=["bounty", "-created_at", "-id"],
                condition=models.Q(root__isnull=True),
                name="bounty_comment_roots",
            ),
            models.Index(fields=["root", "created_at", "id"], name="bounty_comment_thread"),
        ]

    # The word in the address of its report: see `accounts.reporting`.
    report_kind = "bounty-comment"

    @property
    def subject(self) -> Bounty:
        """What is commented on."""
        return self.bounty

    def event_name(self, event: str) -> str:
        """Names what happened with it, for mails and notifications that are to come once."""
        return f"bounty-comment:{event}:{self.pk}"

    def get_absolute_url(self):
        """Its place in its thread."""
        thread = reverse("commerce:bounty_comment", args=[self.bounty_id, self.root_id or self.pk])
        return self.placed_in(thread)

    def get_own_url(self):
        """Where it is changed and deleted; its thread, where it begins one."""
        return reverse("commerce:bounty_comment", args=[self.bounty_id, self.pk])

    def get_edit_url(self):
        return reverse("commerce:edit_bounty_comment", args=[self.bounty_id, self.pk])

    def get_like_url(self):
        return reverse("commerce:like_bounty_comment", args=[self.bounty_id, self.pk])


class BountyCommentLike(models.Model):
    """Somebody likes a comment; `BountyComment.likes` is written with the row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    comment = models.ForeignKey(BountyComment, models.CASCADE, related_name="like_rows")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "comment"], name="bounty_comment_like_once")]

    def __str__(self):
        return f"{self.user_id} likes comment {self.comment_id}"
