"""What people report to the moderators. Decisions about reports are made elsewhere."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from accounts.models.user import User


class ReportQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=Report.State.OPEN)

    def oldest_first(self):
        return self.order_by("created_at", "pk")


class Report(models.Model):
    """One person says that one thing breaks the rules; keeps what the thing was when it was reported."""

    class Reason(models.TextChoices):
        STOLEN = "stolen", "Copied from somebody else’s work"
        ILLEGAL = "illegal", "Illegal content"
        HATE = "hate", "Hate or harassment"
        SEXUAL = "sexual", "Sexual content that is not marked as mature"
        SPAM = "spam", "Spam or misleading"
        BROKEN = "broken", "Not what is described, or broken"
        OTHER = "other", "Something else"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        UPHELD = "upheld", "Upheld"
        DISMISSED = "dismissed", "Dismissed"

    reporter = models.ForeignKey(User, models.SET_NULL, null=True, related_name="reports")
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=64)
    # Whose thing it is.
    owner = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    # A path on this site that moderators may open.
    link = models.CharField(max_length=500)
    title = models.CharField(max_length=200)
    snapshot = models.TextField(blank=True, help_text="The reported text as it was.")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    note = models.TextField(max_length=2000, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reporter", "content_type", "object_id"],
                condition=models.Q(state="open", reporter__isnull=False),
                name="report_open_once",
            )
        ]
        indexes = [
            models.Index(fields=["created_at", "id"], condition=models.Q(state="open"), name="report_queue"),
            models.Index(fields=["content_type", "object_id"], name="report_about"),
        ]

    def __str__(self):
        return f"{self.get_reason_display()}: {self.title}"
