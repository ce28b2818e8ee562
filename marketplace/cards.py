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
# Cards in the first screen load their posters at once, and those of the first row before anything else.
EAGER, FIRST = 8, 4
# At the end of the keys of cards whose picture lies under a blur.
BLURRED = ":blurred"


class CardStamp(NamedTuple):
    """One row of `Model3DQuerySet.card_stamps`: the model, and all whose change makes another card."""

    pk: int
    updated_at: datetime
    creator_updated_at: datetime
    current_file_id: int | None
    likes: int
    is_mature: bool


def cards_of(stamps: Iterable[tuple], *, eager: int = EAGER, viewer=None) -> list[SafeString]:
    """The cards of `queryset.card_stamps()`, in its order; one query more where some are not in the cache.

    Mature models lie under a blur, but for a `viewer` who wants to see them.
    """
    stamps = [CardStamp(*stamp) for stamp in stamps]
    keys = _keys(stamps, eager, viewer)
    kept = cache.get_many(keys)
    missing = {stamp.pk for key, stamp in zip(keys, stamps, strict=True) if key not in kept}
    if missing:
        models = Model3D.objects.filter(pk__in=missing).with_card_data().in_bulk()
        kept |= _render(
            {
                key: (models.get(stamp.pk), _loading(place, eager))
                for place, (key, stamp) in enumerate(zip(keys, stamps, strict=True))
                if key not in kept
            }
        )
    # A model deleted between the two queries has no card.
    return [mark_safe(kept[key]) for key in keys if key in kept]  # noqa: S308 (rendered by a template)


def cards_of_pks(pks: list[int], *, eager: int = EAGER, viewer=None) -> list[SafeString]:
    """The cards of these models in their order, as far as they are listed still."""
    stamps = {stamp[0]: stamp for stamp in Model3D.objects.listed().filter(pk__in=pks).card_stamps()}
    return cards_of([stamps[pk] for pk in pks if pk in stamps], eager=eager, viewer=viewer)


def cards_of_models(models: Iterable[Model3D], *, eager: int = EAGER, viewer=None) -> list[SafeString]:
    """The same for models already loaded `with_card_data`."""
    models = list(models)
    stamps = [
        CardStamp(
            model.pk,
            model.updated_at,
            model.creator.updated_at,
            model.current_file_id,
            model.likes,
            model.is_mature,
        )
        for model in models
    ]
    keys = _keys(stamps, eager, viewer)
    kept = cache.get_many(keys)
    kept |= _render(
        {
            key: (model, _loading(place, eager))
            for place, (key, model) in enumerate(zip(keys, models, strict=True))
            if key not in kept
        }
    )
    return [mark_safe(kept[key]) for key in keys]  # noqa: S308 (rendered by a template)


def _keys(stamps: list[CardStamp], eager: int, viewer) -> list[str]:
    look, sees_all = _look(), _sees_mature(viewer)
    return [
        f"card:{look}:{stamp.pk}:{stamp.updated_at.timestamp()}:{stamp.creator_updated_at.timestamp()}"
        f":{stamp.current_file_id}:{stamp.likes}:{_loading(place, eager)}"
        f"{BLURRED if stamp.is_mature and not sees_all else ''}"
        for place, stamp in enumerate(stamps)
    ]


def _loading(place: int, eager: int) -> str:
    if place >= eager:
        return "lazy"
    return "first" if place < FIRST else "eager"


def _sees_mature(viewer) -> bool:
    return (
        viewer is not None and viewer.is_authenticated and viewer.mature_content == viewer.MatureContent.SHOW
    )


def _look() -> str:
    """Changes with the template and with the icons' address, so that a new release shows its own cards."""
    template = get_template(TEMPLATE).template
    return f"{zlib.crc32((template.source + static('dist/icons.svg')).encode()):x}"


def _render(wanted: dict[str, tuple[Model3D | None, str]]) -> dict[str, str]:
    template = get_template(TEMPLATE)
    rendered = {
        key: template.render(
            {
                "model": model,
                "eager": loading != "lazy",
                "first": loading == "first",
                "shows_mature": not key.endswith(BLURRED),
            }
        )
        for key, (model, loading) in wanted.items()
        if model is not None
    }
    if rendered:
        cache.set_many(rendered, KEPT_SECONDS)
    return rendered
