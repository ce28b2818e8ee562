"""The threaded comment that every kind of content builds its own from."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from core.models.base import ModeratedModel, ModeratedQuerySet, TimestampedModel

MAX_LENGTH = 10_000
# Answers to answers stand at this depth at most: a deeper one is put beside the one it answers.
MAX_DEPTH = 3


class ThreadedCommentQuerySet(ModeratedQuerySet):
    """A thread is its first comment (`root` is empty there) and all that answers it, however deep."""

    def roots(self):
        return self.filter(root__isnull=True)

    def answers(self):
        return self.filter(root__isnull=False)

    def standing(self):
        """Neither deleted by its author nor taken down."""
        return self.not_removed().filter(deleted_at__isnull=True)

    def newest_first(self):
        return self.order_by("-created_at", "-pk")

    def oldest_first(self):
        return self.order_by("created_at", "pk")

    def best_first(self):
        return self.order_by("-likes", "-created_at", "-pk")


class ThreadedComment(TimestampedModel, ModeratedModel):
    """Markdown by somebody, perhaps in answer to another; a deleted one keeps its place while it has answers.

    The concrete model adds what is commented on, and a table of likes.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="%(class)ss")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="children")
    root = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="thread")
    depth = models.PositiveSmallIntegerField(default=0, editable=False)
    body = models.TextField(max_length=MAX_LENGTH)
    likes = models.PositiveIntegerField(default=0, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True, root__isnull=True, depth=0)
                | Q(parent__isnull=False, root__isnull=False, depth__gt=0),
                name="%(app_label)s_%(class)s_answer_has_root",
            ),
            models.CheckConstraint(
                condition=~Q(pk=F("parent")), name="%(app_label)s_%(class)s_no_self_answer"
            ),
        ]

    def __str__(self):
        return f"comment {self.pk}"

    @property
    def is_standing(self) -> bool:
        """Instance twin of `ThreadedCommentQuerySet.standing`."""
        return self.deleted_at is None and self.removed_at is None

    def placed_in(self, thread: str) -> str:
        """The address of its place on the page of its thread, whose own address is `thread`: on whichever of its pages
        it stands, and where it is gone on the first."""
        query = f"?answer={self.pk}" if self.root_id else ""
        return f"{thread}{query}#comment-{self.pk}"
