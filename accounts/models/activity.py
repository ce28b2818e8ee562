"""What people did in public: the feed of those who follow them. Knows no content but its type, address and name."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

from accounts.models.user import User


class ActivityQuerySet(models.QuerySet):
    def about(self, target):
        return self.filter(content_type=ContentType.objects.get_for_model(target), object_id=str(target.pk))

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class Activity(models.Model):
    """One public deed; the app whose content it is about deletes it as soon as that is public no more."""

    class Verb(models.TextChoices):
        PUBLISHED = "published", "published"
        UPDATED = "updated", "published a new version of"
        LIKED = "liked", "liked"
        COMMENTED = "commented", "commented on"
        COLLECTED = "collected", "added a model to"
        POSTED_BOUNTY = "posted_bounty", "posted the bounty"
        WON_BOUNTY = "won_bounty", "won the bounty"
        STARTED_COMMUNITY = "started_community", "started the community"
        JOINED_COMMUNITY = "joined_community", "joined"
        POSTED = "posted", "posted in"

    actor = models.ForeignKey(User, models.CASCADE, related_name="activities")
    verb = models.CharField(max_length=20, choices=Verb.choices)
    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    # A path on this site.
    link = models.CharField(max_length=500)
    # Address of a picture of it, relative to the public storage; empty where it has none, or none for everybody's eyes.
    picture = models.CharField(max_length=250, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "activities"
        constraints = [
            models.UniqueConstraint(
                fields=["actor", "verb", "content_type", "object_id"], name="activity_once"
            )
        ]
        indexes = [
            models.Index(fields=["actor", "-created_at", "-id"], name="activity_of_actor"),
            models.Index(fields=["content_type", "object_id"], name="activity_about"),
        ]

    def __str__(self):
        return f"{self.actor_id} {self.verb} {self.title}"
