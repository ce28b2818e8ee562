"""What happened in a community, numbered: those who look on live, and miss some of it, ask for what came since."""

from django.db import models
from django.utils import timezone

from community.models.community import Community
from community.models.post import CommunityPost


class CommunityEventQuerySet(models.QuerySet):
    def since(self, number: int):
        """What came after the event of this number, in its order."""
        return self.filter(number__gt=number).order_by("number")


class CommunityEvent(models.Model):
    """One thing that changed what the community's pages show. Written by `community.events.record` alone.

    The numbers of a community have no holes, and are in the order in which what they tell of was committed. It says
    where to look, not what is there: whoever fetches it gets the post as it is by then.
    """

    class Kind(models.TextChoices):
        POSTED = "posted", "A new post"
        POST_CHANGED = "post_changed", "A post says or shows something else"
        POST_GONE = "post_gone", "A post was deleted or taken down"
        REACTED = "reacted", "The reactions of a post"
        COMMENTED = "commented", "A new comment"
        COMMENT_CHANGED = "comment_changed", "A comment says something else"
        COMMENT_GONE = "comment_gone", "A comment was deleted or taken down"
        MEMBERS = "members", "Somebody came, left, or has another role"
        COMMUNITY = "community", "The community itself"

    community = models.ForeignKey(Community, models.CASCADE, related_name="events")
    number = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=16, choices=Kind.choices)
    post = models.ForeignKey(CommunityPost, models.CASCADE, null=True, blank=True, related_name="+")
    # A number and no reference: a comment may be gone while this still tells of it.
    comment_pk = models.PositiveBigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CommunityEventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "number"], name="community_event_number_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["members", "community"], post__isnull=True)
                | (~models.Q(kind__in=["members", "community"]) & models.Q(post__isnull=False)),
                name="community_event_names_post",
            ),
        ]
        indexes = [models.Index(fields=["created_at"], name="community_event_age")]

    def __str__(self):
        return f"event {self.number} of community {self.community_id}"
