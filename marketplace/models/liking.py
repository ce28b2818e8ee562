"""Likes and comments of models."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from core.models import ThreadedComment, ThreadedCommentQuerySet
from marketplace.models.model3d import Model3D


class ModelLike(models.Model):
    """Somebody likes a model; `Model3D.likes` is written with the row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="model_likes")
    model = models.ForeignKey(Model3D, models.CASCADE, related_name="like_rows")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "model"], name="model_like_once")]
        indexes = [models.Index(fields=["user", "-created_at", "-id"], name="model_like_of_user")]

    def __str__(self):
        return f"{self.user_id} likes model {self.model_id}"


class ModelComment(ThreadedComment):
    """A comment on a model."""

    model = models.ForeignKey(Model3D, models.CASCADE, related_name="comments")

    objects = ThreadedCommentQuerySet.as_manager()

    class Meta(ThreadedComment.Meta):
        indexes = [
            models.Index(
                fields=["model", "-created_at", "-id"],
                condition=models.Q(root__isnull=True),
                name="model_comment_roots",
            ),
            models.Index(fields=["root", "created_at", "id"], name="model_comment_thread"),
        ]

    # The word in the address of its report: see `accounts.reporting`.
    report_kind = "comment"

    @property
    def subject(self) -> Model3D:
        """What is commented on."""
        return self.model

    def event_name(self, event: str) -> str:
        """Names what happened with it, for mails and notifications that are to come once."""
        return f"like:comment:{self.pk}" if event == "like" else f"{event}:{self.pk}"

    def get_absolute_url(self):
        """Its place in its thread."""
        thread = reverse("marketplace:comment", args=[self.model_id, self.root_id or self.pk])
        return self.placed_in(thread)

    def get_own_url(self):
        """Where it is changed and deleted; its thread, where it begins one."""
        return reverse("marketplace:comment", args=[self.model_id, self.pk])

    def get_edit_url(self):
        return reverse("marketplace:edit_comment", args=[self.model_id, self.pk])

    def get_like_url(self):
        return reverse("marketplace:like_comment", args=[self.model_id, self.pk])


class ModelCommentLike(models.Model):
    """Somebody likes a comment; `ModelComment.likes` is written with the row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    comment = models.ForeignKey(ModelComment, models.CASCADE, related_name="like_rows")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "comment"], name="model_comment_like_once")]

    def __str__(self):
        return f"{self.user_id} likes comment {self.comment_id}"
