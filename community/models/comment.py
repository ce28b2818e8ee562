"""Comments on posts of communities."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from community.models.post import CommunityPost
from core.models import ThreadedComment, ThreadedCommentQuerySet


class PostComment(ThreadedComment):
    """A comment on a post."""

    post = models.ForeignKey(CommunityPost, models.CASCADE, related_name="comments")

    objects = ThreadedCommentQuerySet.as_manager()

    class Meta(ThreadedComment.Meta):
        indexes = [
            models.Index(
                fields=["post", "-created_at", "-id"],
                condition=models.Q(root__isnull=True),
                name="post_comment_roots",
            ),
            models.Index(fields=["root", "created_at", "id"], name="post_comment_thread"),
        ]

    # The word in the address of its report: see `accounts.reporting`.
    report_kind = "post-comment"

    @property
    def subject(self) -> CommunityPost:
        """What is commented on."""
        return self.post

    def event_name(self, event: str) -> str:
        """Names what happened with it, for mails and notifications that are to come once."""
        return f"post-comment:{event}:{self.pk}"

    def get_absolute_url(self):
        """Its place in its thread."""
        thread = reverse("community:comment", args=[*self._place, self.root_id or self.pk])
        return self.placed_in(thread)

    def get_own_url(self):
        """Where it is changed and deleted; its thread, where it begins one."""
        return reverse("community:comment", args=[*self._place, self.pk])

    def get_edit_url(self):
        return reverse("community:edit_comment", args=[*self._place, self.pk])

    def get_like_url(self):
        return reverse("community:like_comment", args=[*self._place, self.pk])

    def get_removal_url(self):
        """Where the moderators take it down, and put it back."""
        return reverse("community:comment_removal", args=[*self._place, self.pk])

    @property
    def _place(self) -> list[int]:
        return [self.post.community_id, self.post_id]


class PostCommentLike(models.Model):
    """Somebody likes a comment; `PostComment.likes` is written with the row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    comment = models.ForeignKey(PostComment, models.CASCADE, related_name="like_rows")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "comment"], name="post_comment_like_once")]

    def __str__(self):
        return f"{self.user_id} likes comment {self.comment_id}"
