"""What a moderator decided about one thing: a row, with why, what it changed, and what its owner was told."""

import uuid

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Report, Suspension
from commerce.models import ProceedsHold
from support.models.safety.claim import CopyrightClaim


class ModerationDecisionQuerySet(models.QuerySet):
    def standing(self):
        """Those that nobody has reversed."""
        return self.filter(reversed_at__isnull=True)

    def beyond_appeal(self, now=None):
        """Those that stand for good: nobody has appealed in time, or whose thing it is has in vain."""
        in_vain = Q(appeals__side="owner", appeals__status="declined")
        for_good = self.standing().filter(Q(appeal_by__lt=now or timezone.now()) | in_vain)
        return for_good.exclude(appeals__status="open").distinct()

    def suspending(self, user, now=None):
        """Those by which `user` is to be outside now."""
        mine = self.standing().filter(owner=user, measure=ModerationDecision.Measure.SUSPEND)
        return mine.exclude(ends_at__lte=now or timezone.now())

    def about(self, content_type: ContentType, object_id: str):
        return self.filter(content_type=content_type, object_id=object_id)

    def concerning(self, user):
        """What was decided about things of `user`, but for reports and claims that came to nothing before they heard of
        them.
        """
        dismissed = Q(measure=ModerationDecision.Measure.DISMISS)
        return self.filter(owner=user).exclude(dismissed & Q(claim__opened_at__isnull=True))

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class ModerationDecision(models.Model):
    """One measure about one thing. It stands until it is reversed; then all that it changed is as it was."""

    class Measure(models.TextChoices):
        """From the mildest on."""

        DISMISS = "dismiss", "No measure"
        WARN = "warn", "Warning"
        HIDE = "hide", "Hidden until it is mended"
        REMOVE = "remove", "Removed"
        SUSPEND = "suspend", "Account suspended"
        HOLD = "hold", "Proceeds held"

    class Reason(models.TextChoices):
        COPYRIGHT = "copyright", "It copies somebody else’s work, or uses a protected brand"
        ILLEGAL = "illegal", "It is against the law"
        HATE = "hate", "Hate, harassment or threats"
        SEXUAL = "sexual", "Sexual content that is not marked as mature, or not allowed at all"
        SPAM = "spam", "Spam, or made to mislead"
        MISLEADING = "misleading", "It is not what its page says, or broken"
        MALWARE = "malware", "It carries harmful software"
        EVASION = "evasion", "It goes round an earlier decision"
        OTHER = "other", "Something else, explained in the note"

    class Effect(models.TextChoices):
        """What the decision has really changed: what was so before is not its doing, and stays when it is reversed."""

        REMOVED = "removed", "It is off the site"
        SUSPENDED = "suspended", "The account is suspended"
        HELD = "held", "Proceeds are held"

    # What its owner can mend, by a day that they are told.
    MENDABLE = (Measure.WARN, Measure.HIDE)
    # What takes a thing off the site.
    REMOVING = (Measure.HIDE, Measure.REMOVE)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=64)
    target = GenericForeignKey("content_type", "object_id")
    # As they were when it was decided: see `accounts.models.Report`.
    title = models.CharField(max_length=200)
    link = models.CharField(max_length=500, blank=True)
    snapshot = models.TextField(blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="moderation_decisions"
    )
    measure = models.CharField(max_length=10, choices=Measure.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    note = models.TextField("note to the owner", max_length=4000, blank=True)
    evidence = models.TextField(
        max_length=4000, blank=True, help_text="What it rests on; the owner reads it."
    )
    # What was measured, as `support.safety.evidence.Fact`.
    facts = models.JSONField(default=list, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions_made")
    reports = models.ManyToManyField(Report, blank=True, related_name="decisions")
    claim = models.ForeignKey(CopyrightClaim, models.PROTECT, null=True, blank=True, related_name="decisions")
    effects = ArrayField(
        models.CharField(max_length=10, choices=Effect.choices), default=list, blank=True, editable=False
    )
    hold = models.ForeignKey(
        ProceedsHold, models.PROTECT, null=True, blank=True, editable=False, related_name="decisions"
    )
    # What it made, or took over: one may take another's place, and come back.
    suspensions = models.ManyToManyField(
        Suspension, blank=True, editable=False, related_name="moderation_decisions"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # Of a suspension; none where it lasts until somebody lifts it.
    ends_at = models.DateTimeField(null=True, blank=True, editable=False)
    # By when its owner is to have mended it, and until when it can be appealed.
    mend_by = models.DateTimeField(null=True, blank=True, editable=False)
    appeal_by = models.DateTimeField(editable=False)
    reversed_at = models.DateTimeField(null=True, blank=True, editable=False)
    reversed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )

    objects = ModerationDecisionQuerySet.as_manager()

    class Meta:
        permissions = [("decide_report", "Can decide about reported things")]
        constraints = [
            models.CheckConstraint(
                condition=Q(measure="dismiss") | ~Q(reason="") & ~Q(note=""), name="decision_says_why"
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | ~Q(owner=F("by")), name="decision_not_about_ones_own"
            ),
            models.CheckConstraint(
                condition=Q(reversed_at__isnull=True, reversed_by__isnull=True)
                | Q(reversed_at__isnull=False, reversed_by__isnull=False),
                name="decision_reversed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(measure__in=["warn", "hide"], mend_by__isnull=False)
                | Q(mend_by__isnull=True) & ~Q(measure__in=["warn", "hide"]),
                name="decision_mended_by_a_day",
            ),
            models.CheckConstraint(
                condition=Q(reversed_at__isnull=True) | Q(effects=[]), name="decision_reversed_has_no_effect"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(measure="suspend", ends_at__gt=F("created_at")),
                name="decision_only_suspensions_end",
            ),
        ]
        indexes = [
            models.Index(fields=["content_type", "object_id", "-created_at"], name="decision_about"),
            models.Index(fields=["owner", "-created_at", "-id"], name="decision_of_owner"),
            models.Index(fields=["-created_at", "-id"], name="decision_recent"),
        ]

    def __str__(self):
        return f"decision {str(self.public_id)[:8].upper()}"

    def get_absolute_url(self):
        return reverse("support:decision", args=[self.public_id])

    @property
    def is_reversed(self) -> bool:
        """Instance twin of `ModerationDecisionQuerySet.standing`, the other way round."""
        return self.reversed_at is not None

    @property
    def is_over(self) -> bool:
        """Whether it had an end, and that has come."""
        return self.ends_at is not None and self.ends_at <= timezone.now()

    @property
    def is_against(self) -> bool:
        """Whether it changes or warns of something."""
        return self.measure != self.Measure.DISMISS

    def concerns(self, user) -> bool:
        """Instance twin of `ModerationDecisionQuerySet.concerning`."""
        has_heard = self.claim is not None and self.claim.opened_at is not None
        return self.owner_id == user.pk and (self.is_against or has_heard)

    def can_be_appealed(self, now=None) -> bool:
        return not self.is_reversed and (now or timezone.now()) <= self.appeal_by
