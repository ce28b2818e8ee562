"""Shelves, models and collections for search engines."""

from datetime import datetime

from django.urls import reverse

from core.sitemaps import Entry, FixedSection, KeyedSection
from marketplace.models import Category, Collection, Model3D


def _shelves() -> list[Entry]:
    """Shelves with something on them; what is on them changes too often for a time to say anything."""
    shelves = Category.objects.enabled().filter(model_count__gt=0).in_order()
    return [Entry(shelf.get_absolute_url()) for shelf in shelves]


def _model(pk: int, changed: datetime) -> Entry:
    return Entry(reverse("marketplace:model", args=[pk]), changed)


def _collection(pk: int, changed: datetime) -> Entry:
    return Entry(reverse("marketplace:collection", args=[pk]), changed)


SECTIONS = [
    FixedSection("categories", _shelves),
    KeyedSection("models", lambda: Model3D.objects.indexed(), ("pk", "updated_at"), _model),
    KeyedSection(
        "collections",
        lambda: Collection.objects.indexed(),
        ("pk", "changed_at"),
        _collection,
        changed="changed_at",
    ),
]
