"""Mails to many: what is written to whom, and how far it has got."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.models import TimestampedModel

FASTEST = 60_000
LONGEST_TEXT = 20_000
LONGEST_ABSENCE = 3650
# Somebody stands in line for a campaign, or is at it; after this long without a word they are taken to be gone.
SILENCE = timedelta(minutes=5)


def usual_pace() -> int:
    return settings.CAMPAIGN_MAILS_A_MINUTE


class CampaignStatus(models.TextChoices):
    DRAFT = "draft", "Draft"
    SCHEDULED = "scheduled", "Scheduled"
    SENDING = "sending", "Being sent"
    PAUSED = "paused", "Paused"
    SENT = "sent", "Sent"
    CANCELLED = "cancelled", "Cancelled"


class Segment(models.TextChoices):
    """To whom; always only those who want news by mail."""

    ALL = "all", "Everybody who wants news"
    CREATORS = "creators", "Creators"
    BUYERS = "buyers", "People who have bought or taken something"
    SUBSCRIBERS = "subscribers", "People with a paid plan"


class MailCampaignQuerySet(models.QuerySet):
    def due(self, now: datetime):
        """Scheduled ones whose hour has come."""
        return self.filter(status=CampaignStatus.SCHEDULED, scheduled_at__lte=now)

    def under_way(self, now: datetime):
        """What something can be sent of now: the mail server is not known to be away."""
        is_free = Q(retry_at__isnull=True) | Q(retry_at__lte=now)
        return self.filter(is_free, status=CampaignStatus.SENDING)

    def silent(self, now: datetime):
        """Of which no process has been heard for longer than a slice takes its time to be called."""
        return self.filter(Q(turn_at__isnull=True) | Q(turn_at__lt=now - SILENCE))

    def next_turn(self, campaign_id: int) -> int:
        """The number of the turn that counts from now on; one campaign stands in line once."""
        self.filter(pk=campaign_id).update(turn=F("turn") + 1, turn_at=timezone.now())
        return self.values_list("turn", flat=True).get(pk=campaign_id)

    def touch(self, campaign_id: int, turn: int) -> bool:
        """Whether this is still the turn that counts; that somebody is at it is written down."""
        return bool(self.filter(pk=campaign_id, turn=turn).update(turn_at=timezone.now()))

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class MailCampaign(TimestampedModel):
    """draft <-> scheduled; draft or scheduled -> sending <-> paused; sending -> sent -> sending (what was in doubt);
    scheduled, sending or paused -> cancelled.

    Whom it goes to is written down a few at a time once it has begun (`gathered_to` is the last person looked at), and
    asked again when each mail leaves.
    """

    Status = CampaignStatus

    subject = models.CharField(max_length=160)
    preheader = models.CharField(
        "first line", max_length=150, blank=True, help_text="What mail programs show beside the subject."
    )
    text = models.TextField(
        max_length=LONGEST_TEXT,
        help_text="Markdown. {name} becomes the name of whoever reads it; addresses may begin with a slash.",
    )
    segment = models.CharField("to", max_length=12, choices=Segment.choices, default=Segment.ALL)
    country = models.CharField(
        max_length=2, blank=True, help_text="Where they live or were billed; empty: all."
    )
    active_days = models.PositiveSmallIntegerField(
        "signed in within days",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_ABSENCE)],
        help_text="Empty: however long they have been away.",
    )
    mails_a_minute = models.PositiveIntegerField(
        default=usual_pace, validators=[MinValueValidator(1), MaxValueValidator(FASTEST)]
    )
    status = models.CharField(
        max_length=10, choices=CampaignStatus.choices, default=CampaignStatus.DRAFT, editable=False
    )
    scheduled_at = models.DateTimeField(null=True, blank=True, editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    gathered_to = models.BigIntegerField(default=0, editable=False)
    is_gathered = models.BooleanField(default=False, editable=False)
    # The mail server is away: when it is asked again, how often it was not there in a row, and what it said.
    retry_at = models.DateTimeField(null=True, blank=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    last_error = models.CharField(max_length=500, blank=True, editable=False)
    # When its next mail may leave, at its pace.
    next_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Mails by state as they were counted at its end; empty while it may change.
    figures = models.JSONField(default=dict, blank=True, editable=False)
    # Whose turn in the queue counts, and when it was last heard of.
    turn = models.PositiveIntegerField(default=0, editable=False)
    turn_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = MailCampaignQuerySet.as_manager()

    class Meta:
        permissions = [("send_mailcampaign", "Can send a campaign, stop it, and try it out")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=CampaignStatus.values), name="mail_campaign_known_status"
            ),
            models.CheckConstraint(
                condition=Q(segment__in=Segment.values), name="mail_campaign_known_segment"
            ),
            models.CheckConstraint(
                condition=~Q(subject="") & ~Q(text=""), name="mail_campaign_says_something"
            ),
            models.CheckConstraint(
                condition=Q(mails_a_minute__gte=1, mails_a_minute__lte=FASTEST), name="mail_campaign_pace"
            ),
            models.CheckConstraint(
                condition=~Q(status=CampaignStatus.SCHEDULED) | Q(scheduled_at__isnull=False),
                name="mail_campaign_scheduled_has_an_hour",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "scheduled", "cancelled"]) | Q(started_at__isnull=False),
                name="mail_campaign_begun_has_an_hour",
            ),
            models.CheckConstraint(
                condition=~Q(status=CampaignStatus.SENT) | Q(finished_at__isnull=False, is_gathered=True),
                name="mail_campaign_sent_is_finished",
            ),
        ]
        indexes = [models.Index(fields=["-created_at", "-id"], name="mail_campaign_list")]

    def __str__(self):
        return self.subject

    @property
    def is_draft(self) -> bool:
        """Only a draft is changed; what people get is what was tried out."""
        return self.status == CampaignStatus.DRAFT

    @property
    def is_sending(self) -> bool:
        return self.status == CampaignStatus.SENDING

    def save_state(self) -> None:
        """What transitions change. Not the turn, which those who stand in line write without a lock."""
        self.save(
            update_fields=[
                *("status", "scheduled_at", "started_at", "finished_at", "figures"),
                *("retry_at", "failures", "last_error", "updated_at"),
            ]
        )

    # Transitions. Saved by the action that calls them, under the row's lock.

    def schedule(self, at: datetime) -> None:
        self.status, self.scheduled_at = CampaignStatus.SCHEDULED, at

    def unschedule(self) -> None:
        self.status, self.scheduled_at = CampaignStatus.DRAFT, None

    def start(self, now: datetime) -> None:
        self.status, self.started_at = CampaignStatus.SENDING, now

    def pause(self) -> None:
        self.status = CampaignStatus.PAUSED

    def resume(self) -> None:
        """Also at once where it waited for a mail server."""
        self.status, self.finished_at, self.figures = CampaignStatus.SENDING, None, {}
        self.server_answered()

    def cancel(self, now: datetime) -> None:
        self.status, self.finished_at = CampaignStatus.CANCELLED, now

    def finish(self, now: datetime, figures: dict[str, int]) -> None:
        self.status, self.finished_at, self.figures = CampaignStatus.SENT, now, figures

    def server_is_away(self, error: str, now: datetime) -> None:
        """Asked again after 1, 2, 4 … and at most 32 minutes."""
        self.failures = min(self.failures + 1, 6)
        self.retry_at = now + timedelta(minutes=2 ** (self.failures - 1))
        self.last_error = error[: self._meta.get_field("last_error").max_length]

    def server_answered(self) -> None:
        self.failures, self.retry_at, self.last_error = 0, None, ""
