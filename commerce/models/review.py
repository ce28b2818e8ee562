"""What those who have a model say of it: one review a purchase, the creator's answer, and who found it helpful."""

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from commerce.models.purchase import Purchase
from core.models import ModeratedModel, ModeratedQuerySet, TimestampedModel
from marketplace.models import Model3D

MAX_LENGTH = 5_000
STARS = (5, 4, 3, 2, 1)


class ReviewQuerySet(ModeratedQuerySet):
    """`counted` is where every public list and every rating starts."""

    def counted(self):
        """Those whose purchase stands and that no moderator has hidden: the list twin of `Review.is_counted`."""
        return self.filter(is_counted=True)

    def unanswered(self):
        return self.filter(answer="")

    def with_list_data(self):
        """All that a list shows of a review, but the model."""
        return self.select_related("author", "creator", "purchase")

    def helpful_first(self):
        return self.order_by("-helpful", "-created_at", "-pk")

    def newest_first(self):
        return self.order_by("-created_at", "-pk")

    def best_first(self):
        return self.order_by("-rating", "-created_at", "-pk")

    def worst_first(self):
        return self.order_by("rating", "-created_at", "-pk")


class Review(TimestampedModel, ModeratedModel):
    """A rating with words, by somebody who has the model through `purchase`.

    It counts in the ratings of model and creator, and is shown, exactly while `is_counted`; that is kept by
    `commerce.actions.reviews` together with the purchase's and the moderators' state.
    """

    purchase = models.OneToOneField(Purchase, models.PROTECT, related_name="review")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    # Both copied from the purchase, so that ratings are counted from this table alone.
    model = models.ForeignKey(Model3D, models.PROTECT, related_name="reviews")
    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="received_reviews")
    rating = models.PositiveSmallIntegerField()
    body = models.TextField(max_length=MAX_LENGTH)
    is_counted = models.BooleanField(default=True, editable=False)
    helpful = models.PositiveIntegerField(default=0, editable=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer = models.TextField(max_length=MAX_LENGTH, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answer_edited_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        permissions = [("moderate_review", "Can hide and restore reviews")]
        constraints = [
            models.CheckConstraint(condition=Q(rating__gte=1, rating__lte=5), name="review_rating_range"),
            models.CheckConstraint(condition=~Q(body=""), name="review_has_words"),
            models.CheckConstraint(condition=~Q(author=F("creator")), name="review_not_of_own_model"),
            models.CheckConstraint(
                condition=Q(is_counted=False) | Q(removed_at__isnull=True), name="review_hidden_counts_not"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answer_edited_at__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="review_answer_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["model", "-created_at", "-id"], condition=Q(is_counted=True), name="review_newest"
            ),
            models.Index(
                fields=["model", "-helpful", "-created_at", "-id"],
                condition=Q(is_counted=True),
                name="review_helpful",
            ),
            # Ratings are counted from these two without a look at the rows.
            models.Index(fields=["model", "rating"], condition=Q(is_counted=True), name="review_stars"),
            models.Index(
                fields=["creator", "rating"], condition=Q(is_counted=True), name="review_of_creator"
            ),
            models.Index(
                fields=["creator", "-created_at", "-id"], condition=Q(is_counted=True), name="review_received"
            ),
            models.Index(
                fields=["creator", "-created_at", "-id"],
                condition=Q(is_counted=True, answer=""),
                name="review_unanswered",
            ),
        ]

    def __str__(self):
        return f"{self.rating} stars by {self.author_id} for model {self.model_id}"

    def get_absolute_url(self):
        """Its own page, whatever else is said about the model."""
        return reverse("commerce:review", args=[self.model_id, self.pk])

    @property
    def is_free(self) -> bool:
        """Whether its writer got the model for nothing; needs the purchase's transaction."""
        return not self.purchase.transaction.amount


class ReviewVote(models.Model):
    """Somebody found a review helpful; `Review.helpful` is written with the row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    review = models.ForeignKey(Review, models.CASCADE, related_name="votes")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "review"], name="review_vote_once")]

    def __str__(self):
        return f"{self.user_id} finds review {self.review_id} helpful"


class RatingPrior(models.Model):
    """The mean of all ratings of the site, with which the order of best rated begins; one row.

    Kept to a tenth, so that every model is scored anew only when the site's mean has really moved.
    """

    # Before anybody has rated: neither good nor bad.
    DEFAULT_MEAN = Decimal("3.5")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    mean = models.DecimalField(max_digits=2, decimal_places=1, default=DEFAULT_MEAN)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="rating_prior_once"),
            models.CheckConstraint(condition=Q(mean__gte=1, mean__lte=5), name="rating_prior_range"),
        ]

    def __str__(self):
        return str(self.mean)
