"""Who answers a bounty, and with which models."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from commerce.models.bounties.bounty import Bounty, may_see_all
from commerce.models.order import Transaction
from core.models import TimestampedModel
from marketplace.models import Model3D


class BountyApplicationQuerySet(models.QuerySet):
    def active(self):
        """Those that stand: neither withdrawn nor declined."""
        return self.filter(status=BountyApplication.Status.ACTIVE)

    def oldest_first(self):
        return self.order_by("created_at", "pk")


class BountyApplication(TimestampedModel):
    """Somebody would make it; whoever applied may hand in work, unless the poster has declined.

    active <-> withdrawn, active -> declined.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", "Applied"
        WITHDRAWN = "withdrawn", "Withdrawn"
        DECLINED = "declined", "Declined"

    MAX_PORTFOLIO = 6

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bounty = models.ForeignKey(Bounty, models.PROTECT, related_name="applications")
    applicant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="bounty_applications"
    )
    message = models.TextField(max_length=4000)
    portfolio = models.ManyToManyField(Model3D, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ACTIVE)

    objects = BountyApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bounty", "applicant"], name="bounty_application_once")
        ]
        indexes = [models.Index(fields=["applicant", "-created_at"], name="bounty_applied")]

    def __str__(self):
        return f"{self.applicant_id} for bounty {self.bounty_id}"

    @property
    def is_active(self) -> bool:
        """Instance twin of `BountyApplicationQuerySet.active`."""
        return self.status == self.Status.ACTIVE

    @property
    def is_declined(self) -> bool:
        return self.status == self.Status.DECLINED


class BountySubmissionQuerySet(models.QuerySet):
    def standing(self):
        """Those that can be, or have been, awarded: not withdrawn."""
        return self.exclude(status=BountySubmission.Status.WITHDRAWN)

    def awardable(self):
        """Those that can be awarded while their bounty runs: see `BountySubmission.can_be_awarded`."""
        return self.filter(
            status=BountySubmission.Status.SUBMITTED,
            application__applicant__is_active=True,
            model__deleted_at__isnull=True,
            model__removed_at__isnull=True,
            model__current_file__isnull=False,
        )

    def of_maker(self, user):
        return self.filter(application__applicant=user)

    def visible_to(self, user):
        """What `user` may look at: their own, what was handed in for their bounty; all for the staff of bounties."""
        if may_see_all(user):
            return self
        return self.filter(
            Q(application__applicant=user)
            | (Q(bounty__creator=user) & ~Q(status=BountySubmission.Status.WITHDRAWN))
        )

    def with_page_data(self):
        return self.select_related(
            "application__applicant", "bounty__creator", "model__current_file__inspection", "model__creator"
        )

    def oldest_first(self):
        return self.order_by("created_at", "pk")


class BountySubmission(TimestampedModel):
    """A model of the applicant's, handed in: submitted -> withdrawn | awarded; withdrawn -> submitted.

    The poster sees its protected preview and its measures, never the original, and nobody else sees it at all. What
    was not awarded stays its maker's, untouched.
    """

    class Status(models.TextChoices):
        SUBMITTED = "submitted", "Handed in"
        WITHDRAWN = "withdrawn", "Withdrawn"
        AWARDED = "awarded", "Awarded"

    MAX_PER_APPLICATION = 5

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    bounty = models.ForeignKey(Bounty, models.PROTECT, related_name="submissions")
    application = models.ForeignKey(BountyApplication, models.PROTECT, related_name="submissions")
    # A draft that its maker erases takes it along; what was awarded has been sold, and stays.
    model = models.ForeignKey(Model3D, models.CASCADE, related_name="bounty_submissions")
    note = models.TextField(max_length=2000, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SUBMITTED)
    # What the award is paid and handed over by.
    transaction = models.OneToOneField(
        Transaction, models.PROTECT, null=True, blank=True, editable=False, related_name="bounty_submission"
    )
    submitted_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = BountySubmissionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bounty", "model"], name="bounty_submission_model_once"),
            models.UniqueConstraint(
                fields=["bounty"], condition=Q(status="awarded"), name="bounty_awarded_once"
            ),
            models.CheckConstraint(
                condition=Q(status="awarded", transaction__isnull=False)
                | (~Q(status="awarded") & Q(transaction__isnull=True)),
                name="bounty_submission_awarded_is_paid",
            ),
        ]
        indexes = [models.Index(fields=["bounty", "created_at"], name="bounty_submissions")]

    def __str__(self):
        return f"model {self.model_id} for bounty {self.bounty_id}"

    def get_absolute_url(self):
        return reverse("commerce:bounty_submission", args=[self.bounty_id, self.public_id])

    @property
    def is_standing(self) -> bool:
        """Instance twin of `BountySubmissionQuerySet.standing`."""
        return self.status != self.Status.WITHDRAWN

    @property
    def is_awarded(self) -> bool:
        return self.status == self.Status.AWARDED

    @property
    def can_be_awarded(self) -> bool:
        """Instance twin of `BountySubmissionQuerySet.awardable`."""
        return (
            self.status == self.Status.SUBMITTED
            and self.maker.is_active
            and self.model.deleted_at is None
            and not self.model.is_removed
            and self.model.current_file_id is not None
        )

    @property
    def maker(self):
        return self.application.applicant

    def is_visible_to(self, user) -> bool:
        """Instance twin of `BountySubmissionQuerySet.visible_to`."""
        if not user.is_authenticated:
            return False
        is_posters = self.bounty.creator_id == user.pk and self.is_standing
        return self.application.applicant_id == user.pk or is_posters or may_see_all(user)

    def award(self, line: Transaction) -> None:
        self.transaction = line
        self.status = self.Status.AWARDED
        self.save(update_fields=["transaction", "status", "updated_at"])
