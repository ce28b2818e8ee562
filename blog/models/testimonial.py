"""What members say of the site, shown when a moderator has read it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinLengthValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from core.models import TimestampedModel

SHORTEST, LONGEST = 40, 800


class TestimonialQuerySet(models.QuerySet):
    """Scopes: each list rule has an instance twin on the testimonial."""

    def shown(self):
        """Approved, by somebody whose account is active."""
        return self.filter(status=Testimonial.Status.APPROVED, author__is_active=True)

    def waiting(self):
        return self.filter(status=Testimonial.Status.PENDING)

    def featured(self):
        return self.filter(is_featured=True)

    def best_first(self):
        """The featured ones, then what buyers say, the newest first."""
        return self.order_by("-is_featured", "-decided_at", "-pk")


class Testimonial(TimestampedModel):
    """One a person: `pending -> approved | rejected`; other words wait for a moderator anew."""

    class Status(models.TextChoices):
        PENDING = "pending", "Waiting"
        APPROVED = "approved", "Shown"
        REJECTED = "rejected", "Rejected"

    author = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="testimonial")
    company = models.CharField(
        "what you do, or for whom",
        max_length=80,
        blank=True,
        help_text="For example “Lighting artist, Studio Nord”.",
    )
    text = models.TextField(max_length=LONGEST, validators=[MinLengthValidator(SHORTEST)])
    rating = models.PositiveSmallIntegerField(
        default=5, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PENDING, editable=False)
    is_featured = models.BooleanField("on the front page", default=False, editable=False)
    # Why it is not shown, for its author.
    reason = models.CharField(max_length=500, blank=True, editable=False)
    submitted_at = models.DateTimeField(default=timezone.now, editable=False)
    decided_at = models.DateTimeField(null=True, blank=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    objects = TestimonialQuerySet.as_manager()

    class Meta:
        permissions = [("moderate_testimonial", "Can decide about testimonials")]
        constraints = [
            models.CheckConstraint(
                condition=Q(rating__gte=1, rating__lte=5), name="testimonial_rating_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(status="pending", decided_at__isnull=True)
                | Q(status__in=["approved", "rejected"], decided_at__isnull=False),
                name="testimonial_decided_or_waiting",
            ),
            models.CheckConstraint(
                condition=Q(is_featured=False) | Q(status="approved"), name="testimonial_featured_is_shown"
            ),
            models.CheckConstraint(
                condition=~Q(status="rejected") | ~Q(reason=""), name="testimonial_rejected_with_reason"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-is_featured", "-decided_at", "-id"],
                condition=Q(status="approved"),
                name="testimonial_best",
            ),
            models.Index(fields=["submitted_at"], condition=Q(status="pending"), name="testimonial_waiting"),
        ]

    def __str__(self):
        return f"testimonial of {self.author_id}"

    def get_absolute_url(self):
        return reverse("blog:testimonials")

    @property
    def is_shown(self) -> bool:
        """Instance twin of `TestimonialQuerySet.shown`."""
        return self.status == self.Status.APPROVED and self.author.is_active

    @property
    def is_waiting(self) -> bool:
        """Instance twin of `TestimonialQuerySet.waiting`."""
        return self.status == self.Status.PENDING

    @property
    def is_rejected(self) -> bool:
        return self.status == self.Status.REJECTED

    @property
    def is_verified(self) -> bool:
        """Whether its author has bought something here."""
        return self.author.purchases_count > 0

    # Transitions. Saved by the action that calls them.

    def submit(self) -> None:
        """Waits for a moderator, also where another wording was decided about before."""
        self.status, self.is_featured, self.reason = self.Status.PENDING, False, ""
        self.decided_at = self.decided_by = None
        self.submitted_at = timezone.now()

    def approve(self, *, by) -> None:
        self.status, self.reason = self.Status.APPROVED, ""
        self._decide(by)

    def reject(self, *, by, reason: str) -> None:
        self.status, self.reason, self.is_featured = self.Status.REJECTED, reason, False
        self._decide(by)

    def _decide(self, by) -> None:
        self.decided_at, self.decided_by = timezone.now(), by
