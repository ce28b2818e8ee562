"""What reviews keep about people; `commerce.keeper` has the rest."""

from collections.abc import Iterable

from django.db.models import F

from accounts.models import User
from accounts.personal_data import Fate, Held, rows
from commerce.actions.reviews import find_helpful_no_more
from commerce.models import Review, ReviewVote

WORDS = "Others decide by it what to buy; the name at it is “Deleted account”."

HOLDS = {
    "commerce.Review.author": Held("reviews", Fate.ANONYMISED, not_deleted=WORDS),
    "commerce.Review.creator": Held("received_reviews", Fate.ANONYMISED, not_deleted=WORDS),
    "commerce.Review.removed_by": Held(
        "",
        Fate.ANONYMISED,
        not_copied="It is work done for the site, by somebody who cannot be deleted while they do it.",
        not_deleted="The trail of moderation stays whole, without the name.",
    ),
    "commerce.ReviewVote.user": Held("helpful_reviews", Fate.DELETED),
}


def tables(user: User) -> list[tuple[str, Iterable[dict]]]:
    """The person's part of the copy of their data; of what others wrote to them only their own answers."""
    written = Review.objects.filter(author=user).order_by("pk")
    received = Review.objects.filter(creator=user).order_by("pk")
    votes = ReviewVote.objects.filter(user=user).order_by("pk")
    title = F("purchase__transaction__title")
    return [
        ("reviews", rows(written, "rating", "body", "helpful", "created_at", "edited_at", title=title)),
        (
            "received_reviews",
            rows(received, "model", "rating", "created_at", "answer", "answered_at", "answer_edited_at"),
        ),
        ("helpful_reviews", rows(votes, "review", "created_at")),
    ]


def erase(user: User) -> None:
    """What they found helpful; their words stay, under nobody's name."""
    for vote in ReviewVote.objects.filter(user=user).select_related("review"):
        find_helpful_no_more(review=vote.review, by=user)
