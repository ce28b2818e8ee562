"""Models by the likeness of their shapes: nearest fingerprints, and what their distance means in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet
from pgvector.django import L2Distance

from marketplace.models import Model3D
from marketplace.processing.shape import VERSION

# Median distance of two unrelated shapes, over all pairs of 68 sample models. Copies of them thinned to half of their
# triangles have a median distance of 0.014.
UNRELATED = 0.72
# From here on shapes are called similar. Of pairs of the demo's models, all of them different things, one in 34 is
# alike by 60, one in 800 by 70; copies of a model are by more than 90.
SIMILAR_FROM = 70
# What a difference in size is made by rounding alone.
SAME_SIZE = 0.02
# So many nearest are taken from the index at a time; it goes on for more while too few of them belong to `among`.
REACH = 100
_HOW_TO_SCAN = (
    "SELECT set_config('hnsw.ef_search', %s, true), set_config('hnsw.iterative_scan', 'strict_order', true)"
)


@dataclass(frozen=True)
class Near:
    """A model and how far its shape is from the one asked about."""

    model: Model3D
    distance: float

    @property
    def closeness(self) -> int:
        return closeness_of(self.distance)


def closeness_of(distance: float) -> int:
    """How alike shapes are, in percent: 100 is the same shape, 0 no more than two models taken at random."""
    return max(0, round(100 * (1 - distance / UNRELATED)))


def size_text(ratio: float) -> str:
    """How large a shape is beside another one, in words: `2.5 times the size`."""
    if abs(ratio - 1) < SAME_SIZE:
        return "the same size"
    return f"{ratio:,.3g} times the size" if 1e-6 < ratio < 1e6 else "of quite another size"


def nearest(vector: Sequence[float], *, among: QuerySet[Model3D], limit: int) -> list[Near]:
    """The models of `among` whose shown files have the nearest shapes, nearest first.

    `among` is what the asker may see and wants to (`listed()`; all for reviewers), with what is to be loaded of it.
    """
    models = (
        among.filter(current_file__fingerprint__version=VERSION)
        .annotate(shape_distance=L2Distance("current_file__fingerprint__vector", vector))
        .order_by("shape_distance")[:limit]
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_HOW_TO_SCAN, [str(max(REACH, limit))])
        return [Near(model, model.shape_distance) for model in models]


def similar_to(model: Model3D, *, among: QuerySet[Model3D], limit: int) -> list[Near]:
    """Models of `among` other than `model` with a similar shape, nearest first; none where it has no measured shape."""
    own = getattr(model.current_file, "fingerprint", None)
    if own is None or own.version != VERSION:
        return []
    found = nearest(own.vector, among=among.exclude(pk=model.pk), limit=limit)
    return [near for near in found if near.closeness >= SIMILAR_FROM]
