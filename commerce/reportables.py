"""What of commerce can be reported: reviews, by whoever sees them."""

from accounts import reporting
from accounts.models import User
from accounts.reporting import Reportable
from commerce.models import Review
from marketplace.models import Model3D

_LONGEST_NUMBER = 18


def _review(user: User, object_id: str) -> Reportable | None:
    if not (object_id.isascii() and object_id.isdecimal() and len(object_id) <= _LONGEST_NUMBER):
        return None
    reviews = Review.objects.counted().select_related("author", "model")
    review = reviews.filter(pk=int(object_id), model__in=Model3D.objects.visible_to(user)).first()
    if review is None:
        return None
    title = f"A review by {review.author.display_name} of “{review.model.title}”"
    snapshot = f"{review.rating} of 5 stars\n\n{review.body}"
    if review.answer:
        snapshot += f"\n\nThe creator’s answer:\n\n{review.answer}"
    return Reportable(review, title, review.get_absolute_url(), review.author, snapshot)


def register() -> None:
    """Called when the app is ready."""
    reporting.register("review", _review)
