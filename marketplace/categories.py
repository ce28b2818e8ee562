"""The shelves, as every page needs them."""

from collections.abc import Iterable

from django.core.cache import cache

from marketplace.models import Category

KEPT_SECONDS = 60


def enabled_categories() -> list[Category]:
    """Enabled categories in their order, kept for a minute."""
    return cache.get_or_set(
        "marketplace:categories", lambda: list(Category.objects.enabled().in_order()), KEPT_SECONDS
    )


def category_ids(slugs: Iterable[str]) -> list[int]:
    """The categories of these slugs, whether enabled or not; a query only where one is not in everybody's list."""
    known = {category.slug: category.pk for category in enabled_categories()}
    unknown = [slug for slug in slugs if slug not in known]
    found = dict(Category.objects.filter(slug__in=unknown).values_list("slug", "pk")) if unknown else {}
    return [pk for slug in slugs if (pk := known.get(slug) or found.get(slug))]
