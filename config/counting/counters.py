"""Every stored counter of the site with the rows that it counts: what `recount` knows.

A new counter gets a line here, or one in `LEFT_ALONE` with the reason why no rows can rebuild it; a test holds both
lists against the fields of the models.
"""

from dataclasses import dataclass
from datetime import UTC
from decimal import Decimal

from django.db import models
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest, TruncDate

from accounts.models import Follow, Notification, NotificationActor, User
from blog.models import BlogComment, BlogCommentLike, BlogLike, BlogPost, Course, CourseEnrollment, Lesson
from commerce import ratings
from commerce.models import (
    Bounty,
    BountyApplication,
    BountyComment,
    BountyCommentLike,
    Coupon,
    CouponUse,
    DownloadLink,
    Purchase,
    Review,
    ReviewVote,
    Transaction,
)
from community.models import (
    Community,
    CommunityMembership,
    CommunityPost,
    PostComment,
    PostCommentLike,
    PostReaction,
    PostShare,
)
from marketplace.models import (
    Category,
    Collection,
    CollectionFollow,
    CollectionItem,
    DailyStats,
    Model3D,
    ModelComment,
    ModelCommentLike,
    ModelLike,
)
from support.models import HelpArticle, HelpVote


@dataclass(frozen=True)
class Counter:
    """A field of `model`, and what its rows say that it should be, as an expression over the row."""

    model: type[models.Model]
    field: str
    right: models.Expression

    @property
    def name(self) -> str:
        """`Model3D.likes`."""
        return f"{self.model.__name__}.{self.field}"


# Counters whose events are not kept, and why.
LEFT_ALONE = {
    "Model3D.views": "visits are gathered in Redis and kept as sums only",
    "DailyStats.views": "visits are gathered in Redis and kept as sums only",
    "DailySource.views": "visits are gathered in Redis and kept as sums only",
    "DailyStats.carts": "what somebody put into a cart leaves no row when it is taken out again",
    "DailyStats.likes": "a like taken back counts off the day on which it is taken back, and leaves no row",
    "Collection.views": "visits leave no row",
    "BlogPost.views": "visits leave no row",
    "BlogPost.shares": "what is passed on leaves no row",
    "Course.views": "visits leave no row",
    "Model3D.trending_score": "`refresh_trending` computes it anew",
}


def _number_of(rows: QuerySet, **links: str) -> Coalesce:
    """How many of `rows` belong to the row: `links` name their field, and the row's own that it equals."""
    return Coalesce(_of(rows, Count("pk"), links), 0)


def _sum_of(rows: QuerySet, field: str, **links: str) -> Coalesce:
    return Coalesce(_of(rows, Sum(field), links), Value(Decimal(0)), output_field=models.DecimalField())


def _of(rows: QuerySet, amount: models.Aggregate, links: dict[str, str]) -> Subquery:
    own = rows.filter(**{field: OuterRef(outer) for field, outer in links.items()})
    return Subquery(own.order_by().values(*links).annotate(amount=amount).values("amount"))


# A sale is a model paid for; see `commerce.actions.delivery`.
SALES = Transaction.objects.completed().filter(amount__gt=0)
# The days (UTC) on which things happened, as `DailyStats` has them.
SALES_BY_DAY = SALES.annotate(on=TruncDate("completed_at", tzinfo=UTC))
# What of it has not gone back.
KEPT_BY_DAY = SALES_BY_DAY.annotate(kept=F("amount") - F("refunded_amount"))
DOWNLOADS_BY_DAY = DownloadLink.objects.annotate(on=TruncDate("created_at", tzinfo=UTC))

COUNTERS = [
    Counter(User, "followers_count", _number_of(Follow.objects.all(), followed="pk")),
    Counter(User, "following_count", _number_of(Follow.objects.all(), follower="pk")),
    Counter(User, "total_models", _number_of(Model3D.objects.listed(), creator="pk")),
    Counter(User, "total_sales", _number_of(SALES, seller="pk")),
    Counter(User, "purchases_count", _number_of(Purchase.objects.active(), user="pk")),
    # The one who is named is not among the others; see `accounts.notifications`.
    Counter(
        Notification,
        "others",
        Greatest(_number_of(NotificationActor.objects.all(), notification="pk") - 1, 0),
    ),
    Counter(Category, "model_count", _number_of(Model3D.objects.listed(), category="pk")),
    Counter(Model3D, "likes", _number_of(ModelLike.objects.all(), model="pk")),
    Counter(Model3D, "comments_count", _number_of(ModelComment.objects.standing(), model="pk")),
    Counter(Model3D, "downloads", _number_of(DownloadLink.objects.all(), purchase__model="pk")),
    Counter(Model3D, "sales_count", _number_of(SALES, model="pk")),
    Counter(Model3D, "rating", ratings.MODEL_RATING),
    Counter(Model3D, "rating_count", ratings.MODEL_RATING_COUNT),
    # After the two of which it is made.
    Counter(Model3D, "rating_score", ratings.model_score()),
    Counter(User, "rating", ratings.CREATOR_RATING),
    Counter(User, "rating_count", ratings.CREATOR_RATING_COUNT),
    Counter(Review, "helpful", _number_of(ReviewVote.objects.all(), review="pk")),
    Counter(ModelComment, "likes", _number_of(ModelCommentLike.objects.all(), comment="pk")),
    Counter(Bounty, "applicants", _number_of(BountyApplication.objects.active(), bounty="pk")),
    Counter(Bounty, "comments_count", _number_of(BountyComment.objects.standing(), bounty="pk")),
    Counter(BountyComment, "likes", _number_of(BountyCommentLike.objects.all(), comment="pk")),
    Counter(BlogPost, "likes", _number_of(BlogLike.objects.all(), post="pk")),
    Counter(BlogPost, "comments_count", _number_of(BlogComment.objects.standing(), post="pk")),
    Counter(BlogComment, "likes", _number_of(BlogCommentLike.objects.all(), comment="pk")),
    Counter(Course, "enrolled_count", _number_of(CourseEnrollment.objects.open(), course="pk")),
    Counter(Course, "lessons_count", _number_of(Lesson.objects.shown(), course="pk")),
    Counter(Course, "duration", _sum_of(Lesson.objects.shown(), "minutes", course="pk")),
    Counter(Collection, "model_count", _number_of(CollectionItem.objects.all(), collection="pk")),
    Counter(Collection, "followers", _number_of(CollectionFollow.objects.all(), collection="pk")),
    Counter(Community, "members_count", _number_of(CommunityMembership.objects.all(), community="pk")),
    Counter(Community, "posts_count", _number_of(CommunityPost.objects.standing(), community="pk")),
    *(
        Counter(
            CommunityPost,
            kind.counter,
            _number_of(PostReaction.objects.filter(kind=kind), post="pk"),
        )
        for kind in PostReaction.Kind
    ),
    Counter(CommunityPost, "comments_count", _number_of(PostComment.objects.standing(), post="pk")),
    Counter(CommunityPost, "shares", _number_of(PostShare.objects.all(), post="pk")),
    Counter(PostComment, "likes", _number_of(PostCommentLike.objects.all(), comment="pk")),
    Counter(HelpArticle, "helpful", _number_of(HelpVote.objects.filter(is_helpful=True), article="pk")),
    Counter(HelpArticle, "unhelpful", _number_of(HelpVote.objects.filter(is_helpful=False), article="pk")),
    Counter(Coupon, "used_count", _number_of(CouponUse.objects.counted(), coupon="pk")),
    Counter(Purchase, "download_count", _number_of(DownloadLink.objects.all(), purchase="pk")),
    Counter(DailyStats, "downloads", _number_of(DOWNLOADS_BY_DAY, purchase__model="model", on="day")),
    Counter(DailyStats, "sales", _number_of(SALES_BY_DAY, model="model", on="day")),
    Counter(DailyStats, "revenue", _sum_of(KEPT_BY_DAY, "kept", model="model", on="day")),
]
