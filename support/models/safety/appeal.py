"""Somebody whom a decision concerns objects: another person looks at it."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from support.models.safety.decision import ModerationDecision


class AppealQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status=Appeal.Status.OPEN)

    def first_due_first(self):
        return self.order_by("due_at", "pk")


class Appeal(models.Model):
    """One a side and decision. Whoever decided first, or wrote it, never hears it: the database says so."""

    class Side(models.TextChoices):
        OWNER = "owner", "Whose it is"
        OTHER = "other", "Who reported or claimed it"

    class Status(models.TextChoices):
        OPEN = "open", "Being looked at"
        GRANTED = "granted", "Granted"
        DECLINED = "declined", "Declined"

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(ModerationDecision, models.PROTECT, related_name="appeals")
    side = models.CharField(max_length=6, choices=Side.choices)
    # Empty where it comes from a claimant without an account, or one that is no more.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="appeals"
    )
    text = models.TextField("what was overlooked, or what has changed", max_length=4000)
    # Who decided first, copied from the decision, so that the constraint below can name them.
    first_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # By when an answer was promised.
    due_at = models.DateTimeField(editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer = models.TextField(max_length=4000, blank=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        permissions = [("decide_appeal", "Can hear appeals against decisions of others")]
        constraints = [
            models.UniqueConstraint(fields=["decision", "side"], name="appeal_once_a_side"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("first_by")),
                name="appeal_heard_by_another",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(by__isnull=True) | ~Q(decided_by=F("by")),
                name="appeal_not_heard_by_its_writer",
            ),
            models.CheckConstraint(
                condition=Q(status="open", decided_at__isnull=True, decided_by__isnull=True, answer="")
                | Q(status__in=["granted", "declined"], decided_at__isnull=False, decided_by__isnull=False)
                & ~Q(answer=""),
                name="appeal_decided_with_an_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(status="open"), name="appeal_queue"),
        ]

    def __str__(self):
        return f"appeal {str(self.public_id)[:8].upper()}"

    @property
    def is_open(self) -> bool:
        """Instance twin of `AppealQuerySet.open`."""
        return self.status == self.Status.OPEN

    def may_be_heard_by(self, user) -> bool:
        return user.pk not in (self.first_by_id, self.by_id, self.decision.owner_id)

    def decide(self, status: str, *, by, answer: str, now) -> None:
        self.status, self.decided_by, self.decided_at, self.answer = status, by, now, answer
        self.save(update_fields=["status", "decided_by", "decided_at", "answer"])
