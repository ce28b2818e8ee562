"""Comments on posts."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from blog.models.post import BlogPost
from core.models import ThreadedComment, ThreadedCommentQuerySet


class BlogComment(ThreadedComment):
    """A comment on a post."""

    post = models.ForeignKey(BlogPost, models.CASCADE, related_name="comments")

    objects = ThreadedCommentQuerySet.as_manager()

    class Meta(ThreadedComment.Meta):
        indexes = [
            models.Index(
                fields=["post", "-created_at", "-id"],
                condition=models.Q(root__isnull=True),
                name="blog_comment_roots",
            ),
            models.Index(fields=["root", "created_at", "id"], name="blog_comment_thread"),
        ]

    # The word in the address of its report: see `accounts.reporting`.
    report_kind = "blog-comment"

    @property
    def subject(self) -> BlogPost:
        """What is commented on."""
        return self.post

    def event_name(self, event: str) -> str:
        """Names what happened with it, for mails and notifications that are to come once."""
        return f"blog-comment:{event}:{self.pk}"

    def get_absolute_url(self):
        """Its place in its thread."""
        thread = reverse("blog:comment", args=[self.post.slug, self.root_id or self.pk])
        return self.placed_in(thread)

    def get_own_url(self):
        """Where it is changed and deleted; its thread, where it begins one."""
        return reverse("blog:comment", args=[self.post.slug, self.pk])

    def get_edit_url(self):
        return reverse("blog:edit_comment", args=[self.post.slug, self.pk])

    def get_like_url(self):
        return reverse("blog:like_comment", args=[self.post.slug, self.pk])


class BlogCommentLike(models.Model):
    """Somebody likes a comment; `BlogComment.likes` is written with the row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    comment = models.ForeignKey(BlogComment, models.CASCADE, related_name="like_rows")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "comment"], name="blog_comment_like_once")]

    def __str__(self):
        return f"{self.user_id} likes comment {self.comment_id}"
