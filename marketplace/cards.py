"""Rendered model cards, kept in the cache.

Rendering is most of what a page of cards costs. A card's key carries the time its model and its creator were last
saved, so a change shows at once and nothing has to be thrown away; a list asks for its keys with one query and for
its cards with one call.
"""

import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from django.core.cache import cache
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from marketplace.models import Model3D

TEMPLATE = "components/model_card.html"
KEPT_SECONDS = 24 * 3600
# Cards in the first screen load their posters at once.
EAGER = 8


class CardStamp(NamedTuple):
    """One row of `Model3DQuerySet.card_stamps`: the model, and all whose change makes another card."""

    pk: int
    updated_at: datetime
    creator_updated_at: datetime
    current_file_id: int | None
    likes: int


def cards_of(stamps: Iterable[tuple], *, eager: int = EAGER) -> list[SafeString]:
    """The cards of `queryset.card_stamps()`, in its order; one query more where some are not in the cache."""
    stamps = [CardStamp(*stamp) for stamp in stamps]
    keys = _keys(stamps, eager)
    kept = cache.get_many(keys)
    missing = {stamp.pk for key, stamp in zip(keys, stamps, strict=True) if key not in kept}
    if missing:
        models = Model3D.objects.filter(pk__in=missing).with_card_data().in_bulk()
        kept |= _render(
            {
                key: (models.get(stamp.pk), place < eager)
                for place, (key, stamp) in enumerate(zip(keys, stamps, strict=True))
                if key not in kept
            }
        )
    # A model deleted between the two queries has no card.
    return [mark_safe(kept[key]) for key in keys if key in kept]  # noqa: S308 (rendered by a template)


def cards_of_models(models: Iterable[Model3D], *, eager: int = EAGER) -> list[SafeString]:
    """The same for models already loaded `with_card_data`."""
    models = list(models)
    stamps = [
        CardStamp(model.pk, model.updated_at, model.creator.updated_at, model.current_file_id, model.likes)
        for model in models
    ]
    keys = _keys(stamps, eager)
    kept = cache.get_many(keys)
    kept |= _render(
        {
            key: (model, place < eager)
            for place, (key, model) in enumerate(zip(keys, models, strict=True))
            if key not in kept
        }
    )
    return [mark_safe(kept[key]) for key in keys]  # noqa: S308 (rendered by a template)


def _keys(stamps: list[CardStamp], eager: int) -> list[str]:
    look = _look()
    return [
        f"card:{look}:{stamp.pk}:{stamp.updated_at.timestamp()}:{stamp.creator_updated_at.timestamp()}"
        f":{stamp.current_file_id}:{stamp.likes}:{'eager' if place < eager else 'lazy'}"
        for place, stamp in enumerate(stamps)
    ]


def _look() -> str:
    """Changes with the template and with the icons' address, so that a new release shows its own cards."""
    template = get_template(TEMPLATE).template
    return f"{zlib.crc32((template.source + static('dist/icons.svg')).encode()):x}"


def _render(wanted: dict[str, tuple[Model3D | None, bool]]) -> dict[str, str]:
    template = get_template(TEMPLATE)
    rendered = {
        key: template.render({"model": model, "eager": is_eager})
        for key, (model, is_eager) in wanted.items()
        if model is not None
    }
    if rendered:
        cache.set_many(rendered, KEPT_SECONDS)
    return rendered
