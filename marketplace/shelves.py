"""Collections as lists show them: each with a mosaic of its first models, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from marketplace.models import Collection, CollectionItem, Model3D

MOSAIC = 4


@dataclass
class Shelf:
    """A collection and the addresses of up to four posters; none of mature models, whoever looks."""

    collection: Collection
    posters: list[str] = field(default_factory=list)
    # Of the first of them, large: what other sites show with a link here.
    picture_url: str = ""


def shelves_of(collections: Iterable[Collection]) -> list[Shelf]:
    """In the order given; one query for all mosaics."""
    shelves = {collection.pk: Shelf(collection) for collection in collections}
    place = Window(RowNumber(), partition_by="collection", order_by=[F("order"), F("pk")])
    shown = Model3D.objects.listed().filter(is_mature=False)
    items = (
        CollectionItem.objects.filter(collection__in=list(shelves), model__in=shown)
        .annotate(place=place)
        .filter(place__lte=MOSAIC)
        .select_related("model__current_file")
        .order_by("collection", "order", "pk")
    )
    posters = defaultdict(list)
    for item in items:
        file = item.model.current_file
        posters[item.collection_id].append(file.poster_small.url)
        shelf = shelves[item.collection_id]
        if not shelf.picture_url and file.poster_large:
            shelf.picture_url = file.poster_large.url
    for pk, shelf in shelves.items():
        shelf.posters = posters[pk]
    return list(shelves.values())
