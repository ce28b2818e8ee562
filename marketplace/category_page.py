"""The page of all categories: each with a few of its models, in one query."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from marketplace.models import Category, Model3D, ModelFile

SAMPLES = 3
KEPT_SECONDS = 60


@dataclass(frozen=True)
class Sample:
    """The posters of one model, as addresses."""

    poster_small: str
    poster_medium: str


@dataclass(frozen=True)
class Aisle:
    """A category and what trends in it."""

    category: Category
    samples: list[Sample]


def aisles_for(user) -> list[Aisle]:
    """Enabled categories in their order, kept for a minute; with mature samples only for those who want them shown."""
    shows_mature = user.is_authenticated and user.mature_content == user.MatureContent.SHOW
    key = f"marketplace:aisles:{'all' if shows_mature else 'mild'}"
    return cache.get_or_set(key, lambda: _aisles(shows_mature=shows_mature), KEPT_SECONDS)


def _aisles(*, shows_mature: bool) -> list[Aisle]:
    models = Model3D.objects.listed().filter(category=OuterRef("pk"))
    if not shows_mature:
        models = models.filter(is_mature=False)
    posters = JSONObject(small="current_file__poster_small", medium="current_file__poster_medium")
    trending = models.order_by("-trending_score", "-pk").values(posters=posters)[:SAMPLES]
    categories = Category.objects.enabled().in_order().annotate(samples=ArraySubquery(trending))
    return [
        Aisle(category, [_sample(found) for found in category.samples if found["small"]])
        for category in categories
    ]


def _sample(names: dict[str, str]) -> Sample:
    url = ModelFile._meta.get_field("poster_small").storage.url
    return Sample(url(names["small"]), url(names["medium"] or names["small"]))
