"""Somebody says that a model is a copy of their work, and its creator may object."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from commerce.models import ProceedsHold
from marketplace.models import Model3D

LONGEST = 5000


class CopyrightClaimQuerySet(models.QuerySet):
    def confirmed(self):
        """Those whose writer can be reached: nobody works on the others."""
        return self.filter(confirmed_at__isnull=False)

    def waiting(self):
        """What a moderator has to do something about, or will have to when the creator's time is over."""
        return self.confirmed().filter(status__in=CopyrightClaim.UNDECIDED)

    def awaiting_moderators(self, now=None):
        """What a moderator can do something about now: look at it, or decide."""
        is_over = Q(status=CopyrightClaim.Status.OPEN, due_at__lt=now or timezone.now())
        theirs = Q(status__in=[CopyrightClaim.Status.FILED, CopyrightClaim.Status.COUNTERED])
        return self.confirmed().filter(theirs | is_over)

    def about(self, user):
        """About models of `user`, as far as they have been told."""
        return self.filter(owner=user, opened_at__isnull=False)

    def first_due_first(self):
        return self.order_by("due_at", "pk")

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class CopyrightClaim(models.Model):
    """filed -> open (the creator may answer) -> countered -> upheld | declined; or withdrawn before that."""

    class Status(models.TextChoices):
        FILED = "filed", "Being looked at"
        OPEN = "open", "Waits for the creator’s answer"
        COUNTERED = "countered", "Answered, waits for a decision"
        UPHELD = "upheld", "Upheld"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Withdrawn"

    UNDECIDED = (Status.FILED, Status.OPEN, Status.COUNTERED)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    model = models.ForeignKey(Model3D, models.PROTECT, related_name="copyright_claims")
    # Whose model it is, and what it was called.
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="claims_about_me"
    )
    title = models.CharField(max_length=120)
    # Empty where the writer has no account, or has none any more.
    claimant = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="copyright_claims"
    )
    name = models.CharField("your full name", max_length=120)
    on_behalf_of = models.CharField("the rights holder, if it is not you", max_length=160, blank=True)
    email = models.EmailField("e-mail address")
    address = models.TextField("postal address", max_length=500)
    work = models.TextField("your work", max_length=LONGEST)
    work_url = models.URLField("where it can be seen", max_length=500, blank=True)
    # The claimant's own model on this site, where the work is one: then shapes are compared.
    own_model = models.ForeignKey(
        Model3D, models.SET_NULL, null=True, blank=True, related_name="claimed_as_original"
    )
    explanation = models.TextField("what is copied", max_length=LONGEST)
    signature = models.CharField(max_length=120)
    # What was measured when it was filed, as `support.safety.evidence.Fact`.
    facts = models.JSONField(default=list, blank=True)
    status = models.CharField(max_length=12, choices=Status.choices, default=Status.FILED)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When it was known that mails reach the writer.
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    # By when the next thing is to happen: a moderator looks, the creator answers, a moderator decides.
    due_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer = models.TextField(max_length=LONGEST, blank=True)
    answer_signature = models.CharField(max_length=120, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    hold = models.ForeignKey(
        ProceedsHold, models.PROTECT, null=True, blank=True, editable=False, related_name="claims"
    )

    objects = CopyrightClaimQuerySet.as_manager()

    class Meta:
        permissions = [("decide_copyrightclaim", "Can open and decide copyright claims")]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["filed", "open", "countered", "withdrawn"], decided_at__isnull=True)
                | Q(status__in=["upheld", "declined"], decided_at__isnull=False),
                name="claim_decided_has_time",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answer_signature="", answered_at__isnull=True)
                | (~Q(answer="") & ~Q(answer_signature="") & Q(answered_at__isnull=False)),
                name="claim_answer_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["open", "countered", "upheld"]) | Q(opened_at__isnull=False),
                name="claim_opened_before_answered",
            ),
            models.CheckConstraint(
                condition=~Q(status="countered") | Q(answered_at__isnull=False),
                name="claim_countered_has_answer",
            ),
            # Not of those that anybody may have written under this address.
            models.UniqueConstraint(
                fields=["model", "email"],
                condition=Q(status__in=["filed", "open", "countered"], confirmed_at__isnull=False),
                name="claim_undecided_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(status__in=["filed", "open", "countered"], confirmed_at__isnull=False),
                name="claim_queue",
            )
        ]

    def __str__(self):
        return f"claim {str(self.public_id)[:8].upper()}"

    def get_absolute_url(self):
        return reverse("support:claim", args=[self.public_id])

    @property
    def is_undecided(self) -> bool:
        return self.status in self.UNDECIDED

    @property
    def is_told(self) -> bool:
        """Instance twin of `CopyrightClaimQuerySet.about`: whether the creator knows of it."""
        return self.opened_at is not None

    @property
    def awaits_answer(self) -> bool:
        return self.status == self.Status.OPEN

    # Transitions. Saved here; the caller holds the row.

    def confirm(self, now, due_at) -> None:
        self.confirmed_at, self.due_at = now, due_at
        self.save(update_fields=["confirmed_at", "due_at"])

    def open(self, now, due_at, hold: ProceedsHold | None) -> None:
        self.status, self.opened_at, self.due_at, self.hold = self.Status.OPEN, now, due_at, hold
        self.save(update_fields=["status", "opened_at", "due_at", "hold"])

    def counter(self, now, due_at, *, answer: str, signature: str) -> None:
        self.status, self.answered_at, self.due_at = self.Status.COUNTERED, now, due_at
        self.answer, self.answer_signature = answer, signature
        self.save(update_fields=["status", "answered_at", "due_at", "answer", "answer_signature"])

    def decide(self, now, status: str) -> None:
        self.status, self.decided_at, self.due_at = status, now, None
        self.save(update_fields=["status", "decided_at", "due_at"])

    def withdraw(self) -> None:
        self.status, self.due_at = self.Status.WITHDRAWN, None
        self.save(update_fields=["status", "due_at"])

    def reopen(self, due_at, hold: ProceedsHold | None) -> None:
        """A decision about it was reversed: it is to be decided anew, by what is known."""
        if self.answered_at is not None:
            self.status = self.Status.COUNTERED
        else:
            self.status = self.Status.OPEN if self.opened_at is not None else self.Status.FILED
        self.decided_at, self.due_at, self.hold = None, due_at, hold
        self.save(update_fields=["status", "decided_at", "due_at", "hold"])
