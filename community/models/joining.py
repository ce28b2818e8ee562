"""The ways into a community, and the one that is closed: requests, invitations, bans."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from community.models.community import Community


class OpenQuerySet(models.QuerySet):
    def open(self):
        """Those that nobody has answered or taken back."""
        return self.filter(state="open")

    def oldest_first(self):
        return self.order_by("created_at", "pk")

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class JoinRequest(models.Model):
    """Somebody asks to come into a community with approval."""

    class State(models.TextChoices):
        OPEN = "open", "Waits for an answer"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    community = models.ForeignKey(Community, models.CASCADE, related_name="join_requests")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="join_requests")
    message = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OpenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "user"], condition=Q(state="open"), name="join_request_open_once"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="join_request_answered_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["community", "created_at", "id"], condition=Q(state="open"), name="join_request_queue"
            )
        ]

    def __str__(self):
        return f"{self.user_id} asks to join community {self.community_id}"


class CommunityInvite(models.Model):
    """Somebody of the team asks a person in."""

    class State(models.TextChoices):
        OPEN = "open", "Waits for an answer"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    community = models.ForeignKey(Community, models.CASCADE, related_name="invites")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="community_invites")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="community_invites_sent"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OpenQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "user"], condition=Q(state="open"), name="community_invite_open_once"
            ),
            models.CheckConstraint(condition=~Q(user=F("invited_by")), name="community_invite_not_oneself"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="community_invite_answered_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["community", "-created_at", "-id"],
                condition=Q(state="open"),
                name="community_invites_open",
            )
        ]

    def __str__(self):
        return f"{self.user_id} is invited to community {self.community_id}"


class CommunityBanQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(lifted_at__isnull=True)

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class CommunityBan(models.Model):
    """Somebody is kept out until the team lifts it; its rows are the history."""

    community = models.ForeignKey(Community, models.CASCADE, related_name="bans")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="community_bans")
    reason = models.CharField(max_length=500)
    banned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="community_bans_given"
    )
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    lifted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CommunityBanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["community", "user"],
                condition=Q(lifted_at__isnull=True),
                name="community_ban_standing_once",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="community_ban_says_why"),
            models.CheckConstraint(condition=~Q(user=F("banned_by")), name="community_ban_not_oneself"),
        ]
        indexes = [
            models.Index(
                fields=["community", "-created_at", "-id"],
                condition=Q(lifted_at__isnull=True),
                name="community_bans_standing",
            )
        ]

    def __str__(self):
        return f"{self.user_id} is banned from community {self.community_id}"

    @property
    def is_standing(self) -> bool:
        """Instance twin of `CommunityBanQuerySet.standing`."""
        return self.lifted_at is None
