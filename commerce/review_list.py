"""The reviews of a model or a creator as a page shows them, in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.models import User
from commerce.actions.reviews import check_may_review
from commerce.exceptions import ReviewRefused
from commerce.models import Purchase, Review, ReviewVote
from commerce.models.review import STARS
from core.markdown import plain_text, render_markdown
from marketplace.models import Model3D

PAGE_SIZE = 10
# On the model's own page, before the link to all.
FIRST = 3
# What search engines are told of each.
DATA_LENGTH = 500
SORTS = {
    "helpful": ("Most helpful", "helpful_first"),
    "newest": ("Newest", "newest_first"),
    "best": ("Highest rated", "best_first"),
    "worst": ("Lowest rated", "worst_first"),
}


@dataclass(frozen=True)
class Shown:
    """One review as `viewer` sees it."""

    review: Review
    viewer: object
    html: SafeString
    answer_html: SafeString
    is_found_helpful: bool

    @property
    def is_own(self) -> bool:
        return self.review.author_id == self.viewer.pk

    @property
    def is_of_own_model(self) -> bool:
        return self.review.creator_id == self.viewer.pk

    @property
    def may_vote(self) -> bool:
        return self.viewer.is_authenticated and not self.is_own and not self.is_of_own_model


@dataclass(frozen=True)
class Bar:
    """How many gave so many stars; `percent` of the longest bar's way."""

    stars: int
    count: int
    percent: int
    is_chosen: bool


def shown_to(viewer, reviews: Iterable[Review]) -> list[Shown]:
    """One query more, for what the viewer found helpful; none for visitors."""
    reviews = list(reviews)
    helpful = set()
    if viewer.is_authenticated and reviews:
        votes = ReviewVote.objects.filter(user=viewer, review__in=reviews)
        helpful = set(votes.values_list("review_id", flat=True))
    return [
        Shown(
            review,
            viewer,
            html=render_markdown(review.body),
            answer_html=render_markdown(review.answer) if review.answer else SafeString(""),
            is_found_helpful=review.pk in helpful,
        )
        for review in reviews
    ]


class ReviewList:
    """The counted reviews of a model, a page of them; `only` is one that is shown by itself."""

    def __init__(
        self,
        model: Model3D,
        *,
        viewer,
        sort: str = "",
        stars: str = "",
        page: str = "",
        only: Review | None = None,
    ):
        self.model = model
        self.viewer = viewer
        self.sort = sort if sort in SORTS else "helpful"
        self.stars = int(stars) if stars in {str(number) for number in STARS} else 0
        self.only = only
        self._page_asked = page

    @property
    def sorts(self) -> list[tuple[str, str, bool]]:
        """Value, label, whether it is in force."""
        return [(value, label, value == self.sort) for value, (label, _scope) in SORTS.items()]

    @cached_property
    def _counted(self) -> QuerySet[Review]:
        return self.model.reviews.counted()

    @cached_property
    def bars(self) -> list[Bar]:
        """Five stars first; nothing is asked of the database about a model that nobody has reviewed."""
        if not self.model.rating_count:
            return []
        counts = dict(self._counted.order_by().values_list("rating").annotate(count=Count("pk")))
        longest = max(counts.values(), default=0) or 1
        return [
            Bar(stars, counts.get(stars, 0), round(100 * counts.get(stars, 0) / longest), stars == self.stars)
            for stars in STARS
        ]

    @cached_property
    def page(self) -> Page:
        reviews = self._counted.filter(rating=self.stars) if self.stars else self._counted
        ordered = getattr(reviews, SORTS[self.sort][1])()
        return Paginator(ordered.with_list_data(), PAGE_SIZE).get_page(self._page_asked)

    @cached_property
    def items(self) -> list[Shown]:
        return shown_to(self.viewer, [self.only] if self.only else self.page.object_list)

    @cached_property
    def first(self) -> list[Shown]:
        """The most helpful ones, for the model's own page."""
        if not self.model.rating_count:
            return []
        return shown_to(self.viewer, self._counted.helpful_first().with_list_data()[:FIRST])

    @property
    def has_more(self) -> bool:
        return self.model.rating_count > FIRST

    @cached_property
    def purchase(self) -> Purchase | None:
        """The viewer's own, where they have the model."""
        if not self.viewer.is_authenticated or self.viewer.pk == self.model.creator_id:
            return None
        found = Purchase.objects.of_user(self.viewer).active().filter(model=self.model)
        return found.select_related("transaction", "model__creator", "review").first()

    @cached_property
    def refusal(self) -> str:
        """Why the viewer, who has the model, cannot review it; empty where they can."""
        try:
            check_may_review(self.purchase)
        except ReviewRefused as error:
            return error.message
        return ""

    @property
    def data(self) -> list[dict]:
        """The first reviews as search engines read them; see schema.org."""
        return [
            {
                "@type": "Review",
                "author": {"@type": "Person", "name": item.review.author.display_name},
                "datePublished": item.review.created_at.date().isoformat(),
                "reviewBody": plain_text(item.review.body, length=DATA_LENGTH),
                "reviewRating": {"@type": "Rating", "ratingValue": item.review.rating, "bestRating": 5},
            }
            for item in self.first
        ]


class ReceivedReviews:
    """What was said about a creator's models, the latest first; for themselves also what waits for an answer."""

    def __init__(self, creator: User, *, viewer, show: str = "", page: str = ""):
        self.creator = creator
        self.viewer = viewer
        self.is_own = viewer.is_authenticated and viewer.pk == creator.pk
        self.is_unanswered = self.is_own and show == "unanswered"
        self._page_asked = page

    @cached_property
    def page(self) -> Page:
        reviews = self.creator.received_reviews.counted()
        if not self.is_own:
            reviews = reviews.filter(model__in_catalogue=True)
        if self.is_unanswered:
            reviews = reviews.unanswered()
        ordered = reviews.with_list_data().select_related("model").newest_first()
        return Paginator(ordered, PAGE_SIZE).get_page(self._page_asked)

    @cached_property
    def items(self) -> list[Shown]:
        return shown_to(self.viewer, self.page.object_list)

    @property
    def filters(self) -> list[dict]:
        """As the component `tabs` wants them; none for others than the creator."""
        if not self.is_own:
            return []
        address = reverse("commerce:profile_reviews", args=[self.creator.username])
        waiting = self.creator.received_reviews.counted().unanswered().count()
        return [
            {"label": "All", "url": address, "count": None, "is_current": not self.is_unanswered},
            {
                "label": "Without an answer",
                "url": f"{address}?show=unanswered",
                "count": waiting,
                "is_current": self.is_unanswered,
            },
        ]
