"""Review by a moderator: who is on it, and every decision with its reason."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from marketplace.models.file import ModelFile
from marketplace.models.model3d import Model3D


class ReviewClaim(models.Model):
    """A moderator has opened a model: others see it and pick another one. Lapses by itself."""

    DURATION = timedelta(minutes=30)

    model = models.OneToOneField(Model3D, models.CASCADE, related_name="review_claim")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return f"{self.moderator} is reviewing"

    @property
    def is_current(self) -> bool:
        return self.claimed_at > timezone.now() - self.DURATION


class ModelReview(models.Model):
    """One decision; an undone one stays in the history."""

    class Subject(models.TextChoices):
        """What was decided on: the model as a whole, or new files of one that is on the marketplace."""

        MODEL = "model", "Model"
        VERSION = "version", "New version"

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"

    class Reason(models.TextChoices):
        QUALITY = "quality", "Quality: broken or unfinished geometry, materials or textures"
        MISLEADING = "misleading", "Misleading: title, description or tags do not match the file"
        COPYRIGHT = "copyright", "Rights: looks like someone else's work or a protected brand"
        DUPLICATE = "duplicate", "Duplicate of another model"
        MATURE = "mature", "Mature content without the flag"
        PROHIBITED = "prohibited", "Content that is not allowed here"
        METADATA = "metadata", "Description, category, tags or licence incomplete"
        OTHER = "other", "Other (see note)"

    model = models.ForeignKey(Model3D, models.CASCADE, related_name="reviews_by_moderators")
    file = models.ForeignKey(ModelFile, models.SET_NULL, null=True, related_name="+")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=10, choices=Subject.choices, default=Subject.MODEL)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    note = models.TextField(max_length=4000, blank=True)
    submitted_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="approved") | ~Q(reason=""), name="model_review_rejection_has_reason"
            )
        ]
        indexes = [models.Index(fields=["model", "-created_at"], name="model_review_history")]

    def __str__(self):
        return f"{self.get_outcome_display()} on {self.created_at:%Y-%m-%d}"
