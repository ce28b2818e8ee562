"""The front page: composed from several apps, so it lives above them."""

from dataclasses import dataclass
from decimal import Decimal

from django.conf import settings
from django.core.cache import cache
from django.db.models import QuerySet
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from accounts.models import User
from blog.courses.board import Card
from blog.models import BlogPost, Course, Testimonial
from community.board import Card as CommunityCard
from community.models import Community
from core.addresses import absolute_url
from marketplace.cards import cards_of
from marketplace.categories import enabled_categories
from marketplace.models import Model3D
from marketplace.showcase import Showcase

ROW = 8
CREATORS = 6
COURSES, POSTS, TESTIMONIALS, COMMUNITIES = 3, 3, 3, 4
FIGURES_SECONDS = 300


@require_safe
def home(request):
    context = {"home": Home(viewer=request.user), "structured_data": structured_data(request)}
    return render(request, "config/home.html", context)


@dataclass(frozen=True)
class Figures:
    """What the platform has, counted, and what a creator keeps of a sale."""

    models: int
    creators: int
    creator_share: Decimal


class Home:
    """What the front page shows; mature models have no place on it."""

    def __init__(self, *, viewer):
        self.viewer = viewer

    @cached_property
    def hero(self) -> Showcase | None:
        """A featured model that can be turned, else the one that trends most; None in an empty marketplace."""
        turnable = self._models().filter(preview_mode=Model3D.PreviewMode.INTERACTIVE)
        model = turnable.with_page_data().order_by("-is_featured", "-trending_score", "-pk").first()
        return Showcase(model, viewer=self.viewer) if model else None

    @property
    def featured(self) -> list[SafeString]:
        return self._row(self._models().filter(is_featured=True).order_by("-trending_score", "-pk"))

    @property
    def trending(self) -> list[SafeString]:
        return self._row(self._models().filter(trending_score__gt=0).order_by("-trending_score", "-pk"))

    @property
    def newest(self) -> list[SafeString]:
        return self._row(self._models().newest_first())

    @property
    def categories(self) -> list:
        return [category for category in enabled_categories() if category.model_count]

    @property
    def creators(self) -> list[User]:
        """Those who sold most, then those with most models.

        Only who they are is kept: a suspended person is gone at once, and no account lies in the cache.
        """
        best = cache.get_or_set("home:best-creators", _top_creators, FIGURES_SECONDS)
        people = _with_models().in_bulk(best)
        return [people[pk] for pk in best if pk in people]

    @property
    def figures(self) -> Figures:
        return cache.get_or_set("home:figures", _count, FIGURES_SECONDS)

    @property
    def courses(self) -> list[Card]:
        newest = Course.objects.published().with_card_data().newest_first()[:COURSES]
        return [Card(course) for course in newest]

    @property
    def posts(self) -> list[BlogPost]:
        return list(BlogPost.objects.published().with_card_data().newest_first()[:POSTS])

    @property
    def testimonials(self) -> list[Testimonial]:
        """Those that a moderator has chosen for this page, the newest first."""
        chosen = Testimonial.objects.shown().featured().select_related("author")
        return list(chosen.best_first()[:TESTIMONIALS])

    @property
    def communities(self) -> list[CommunityCard]:
        """The popular ones: those that most people are in."""
        return [CommunityCard(each) for each in Community.objects.listed().largest_first()[:COMMUNITIES]]

    def _models(self) -> QuerySet[Model3D]:
        return Model3D.objects.listed().filter(is_mature=False)

    def _row(self, models: QuerySet[Model3D]) -> list[SafeString]:
        return cards_of(models.card_stamps()[:ROW], eager=0)


def structured_data(request) -> dict:
    """The site and its search, for search engines."""
    address = absolute_url("/", request=request)
    search = absolute_url(reverse("marketplace:grid"), request=request)
    return {
        "@type": "WebSite",
        "name": settings.SITE_NAME,
        "url": address,
        "potentialAction": {
            "@type": "SearchAction",
            "target": f"{search}?q={{search_term_string}}",
            "query-input": "required name=search_term_string",
        },
    }


def _with_models() -> QuerySet[User]:
    return User.objects.active().filter(total_models__gt=0)


def _top_creators() -> list[int]:
    best = _with_models().order_by("-total_sales", "-total_models", "pk")
    return list(best.values_list("pk", flat=True)[:CREATORS])


def _count() -> Figures:
    return Figures(
        models=Model3D.objects.listed().count(),
        creators=_with_models().count(),
        creator_share=(100 - settings.PLATFORM_FEE_PERCENT).normalize(),
    )
