"""The shelves, as every page needs them."""

from django.core.cache import cache

from marketplace.models import Category

KEPT_SECONDS = 60


def enabled_categories() -> list[Category]:
    """Enabled categories in their order, kept for a minute."""
    return cache.get_or_set(
        "marketplace:categories", lambda: list(Category.objects.enabled().in_order()), KEPT_SECONDS
    )
