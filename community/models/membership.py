"""Who is in a community, and as what."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from community.models.community import Community


class Role(models.TextChoices):
    """Each may do what those before may: write; keep order; change the community and name moderators."""

    MEMBER = "member", "Member"
    MODERATOR = "moderator", "Moderator"
    ADMIN = "admin", "Admin"

    @property
    def rank(self) -> int:
        return list(Role).index(self)


class CommunityMembershipQuerySet(models.QuerySet):
    def team(self):
        """Moderators and admins."""
        return self.exclude(role=Role.MEMBER)

    def plain(self):
        return self.filter(role=Role.MEMBER)

    def of_active_people(self):
        return self.filter(user__is_active=True)

    def highest_first(self):
        """Admins before moderators before the others; of each, who has been in it longest."""
        rank = models.Case(
            *(models.When(role=role, then=models.Value(role.rank)) for role in Role), default=models.Value(0)
        )
        return self.order_by(rank.desc(), "created_at", "pk")


class CommunityMembership(models.Model):
    """Somebody is in a community since `created_at`; the owner is one of the admins."""

    community = models.ForeignKey(Community, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="community_memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField("joined", default=timezone.now, editable=False)
    # What came after it is unread.
    last_read_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CommunityMembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["community", "user"], name="community_membership_once"),
            models.CheckConstraint(
                condition=Q(role__in=["member", "moderator", "admin"]), name="community_role_known"
            ),
        ]
        indexes = [
            models.Index(fields=["community", "-created_at", "-id"], name="community_members"),
            models.Index(fields=["community", "role"], condition=~Q(role="member"), name="community_team"),
            models.Index(fields=["user", "-created_at"], name="community_of_person"),
        ]

    def __str__(self):
        return f"{self.user_id} in community {self.community_id}"

    @property
    def is_team(self) -> bool:
        """Instance twin of `CommunityMembershipQuerySet.team`."""
        return self.role != Role.MEMBER
