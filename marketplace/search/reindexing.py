"""What searches read of each model, made anew: for what triggers have not seen, such as another configuration."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

# The words of a row of models, as the triggers write them (migration 0002_search).
VECTOR = "marketplace_model_vector(id, title, description, creator_id, category_id)"

_WRONG = f"SELECT id FROM marketplace_model3d WHERE id = ANY(%s) AND search_vector IS DISTINCT FROM {VECTOR}"  # noqa: S608


@dataclass(frozen=True)
class Batch:
    """So many models were looked at, so many had other words than they should; all up to `last` are done."""

    last: int
    models: int
    changed: int


def reindex(models: QuerySet, *, size: int, after: int = 0) -> Iterator[Batch]:
    """Make the words of these models right, from the first number after `after` on; each batch is done for good.

    What is right already is not written again, and readers find the old words until the new ones are there.
    """
    while True:
        ids = list(models.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:size])
        if not ids:
            return
        with connection.cursor() as cursor:
            cursor.execute(_WRONG, [ids])
            wrong = [number for (number,) in cursor.fetchall()]
            if wrong:
                cursor.execute("SELECT marketplace_refresh_vectors(%s)", [wrong])
        after = ids[-1]
        yield Batch(after, len(ids), len(wrong))
