"""Ratings of models and creators, counted from their reviews, and the score by which the best rated come first.

A model rated once with five stars is not better than one rated two hundred times with 4.8 on average. So the score is
the mean of a model's ratings and of `PRIOR_WEIGHT` more that say what the whole site's do; models that nobody has rated
have none, and come last.
"""

from decimal import Decimal

from django.db import transaction
from django.db.models import (
    Avg,
    Case,
    Count,
    DecimalField,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Round
from django.utils import timezone

from accounts.models import User
from commerce.models import RatingPrior, Review
from marketplace.models import Model3D

PRIOR_WEIGHT = 5
# So many models are scored under one lock.
BATCH = 1000
_DECIMAL = DecimalField(max_digits=12, decimal_places=6)


def _mean_of(reviews: QuerySet, link: str) -> Coalesce:
    mean = Round(Avg("rating", output_field=_DECIMAL), precision=2)
    own = reviews.filter(**{link: OuterRef("pk")}).order_by().values(link).annotate(amount=mean)
    return Coalesce(Subquery(own.values("amount")), Value(Decimal(0)), output_field=_DECIMAL)


def _number_of(reviews: QuerySet, link: str) -> Coalesce:
    own = reviews.filter(**{link: OuterRef("pk")}).order_by().values(link).annotate(amount=Count("pk"))
    return Coalesce(Subquery(own.values("amount")), 0)


# What the fields of `Model3D` and `User` should say, as expressions over their rows.
MODEL_RATING = _mean_of(Review.objects.counted(), "model")
MODEL_RATING_COUNT = _number_of(Review.objects.counted(), "model")
CREATOR_RATING = _mean_of(Review.objects.counted(), "creator")
CREATOR_RATING_COUNT = _number_of(Review.objects.counted(), "creator")


def model_score() -> Case:
    """What `Model3D.rating_score` should say, by the model's rating as it is stored."""
    prior = Coalesce(
        Subquery(RatingPrior.objects.values("mean")[:1]),
        Value(RatingPrior.DEFAULT_MEAN),
        output_field=_DECIMAL,
    )
    weighed = F("rating") * F("rating_count") + prior * Value(PRIOR_WEIGHT)
    score = Round(weighed / (F("rating_count") + Value(PRIOR_WEIGHT)), precision=4)
    return Case(When(rating_count__gt=0, then=score), default=Value(Decimal(0)), output_field=_DECIMAL)


def lock_model(model_id: int) -> None:
    """Whatever changes a model's reviews happens one after the other, until the transaction ends."""
    list(Model3D.objects.filter(pk=model_id).select_for_update(no_key=True).values_list("pk"))


def refresh(*, model_id: int, creator_id: int) -> None:
    """Count a model's and its creator's ratings anew. The caller holds `lock_model`; the creator comes after it."""
    Model3D.objects.filter(pk=model_id).update(rating=MODEL_RATING, rating_count=MODEL_RATING_COUNT)
    Model3D.objects.filter(pk=model_id).update(rating_score=model_score())
    # A statement of its own: what is counted has to be seen after the lock was given.
    list(User.objects.filter(pk=creator_id).select_for_update(no_key=True).values_list("pk"))
    User.objects.filter(pk=creator_id).update(rating=CREATOR_RATING, rating_count=CREATOR_RATING_COUNT)


def refresh_prior() -> int:
    """Let the order of best rated begin with the site's mean as it is now; how many models' scores changed."""
    rated = Model3D.objects.filter(rating_count__gt=0)
    sums = rated.aggregate(
        stars=Sum(F("rating") * F("rating_count"), output_field=_DECIMAL), rated=Sum("rating_count")
    )
    mean = RatingPrior.DEFAULT_MEAN
    if sums["rated"]:
        mean = (sums["stars"] / sums["rated"]).quantize(RatingPrior.DEFAULT_MEAN)
    RatingPrior.objects.update_or_create(pk=1, defaults={"mean": mean, "changed_at": timezone.now()})
    wrong = rated.exclude(rating_score=model_score()).order_by("pk").values_list("pk", flat=True)
    changed, keys = 0, list(wrong)
    for start in range(0, len(keys), BATCH):
        changed += _score(keys[start : start + BATCH])
    return changed


@transaction.atomic
def _score(keys: list[int]) -> int:
    rows = Model3D.objects.filter(pk__in=keys)
    list(rows.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    return rows.update(rating_score=model_score())
