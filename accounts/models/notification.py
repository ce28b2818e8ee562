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

    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=40, choices=Kind.choices)
    title = models.CharField(max_length=200)
    message = models.CharField(max_length=1000, blank=True)
    link = models.CharField(max_length=500, blank=True)
    is_read = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_list"),
            models.Index(fields=["user"], condition=models.Q(is_read=False), name="notification_unread"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        """Marks it read and leads on to `link`."""
        return reverse("accounts:notification", args=[self.pk])
