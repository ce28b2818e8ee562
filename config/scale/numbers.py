"""The primary keys of made-up rows: each table's go on where its rows end."""

from collections.abc import Iterable

import numpy as np
from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max


class Numbers:
    """Turns places, from nought, into keys; remembers how many of each table were given out."""

    def __init__(self, tables: Iterable[type[models.Model]]) -> None:
        self.first: dict[type[models.Model], int] = {
            table: (table._base_manager.aggregate(highest=Max("pk"))["highest"] or 0) + 1 for table in tables
        }
        self.count: dict[type[models.Model], int] = {}

    def give(self, table: type[models.Model], count: int) -> np.ndarray:
        """The keys of `count` new rows of `table`."""
        self.count[table] = count
        return self.of(table, np.arange(count))

    def of(self, table: type[models.Model], places: np.ndarray) -> np.ndarray:
        """The keys of the rows at these places."""
        return places + self.first[table]

    def give_as(self, table: type[models.Model], other: type[models.Model]) -> np.ndarray:
        """The keys of new rows of `table` that are those of the new rows of `other`."""
        self.first[table] = self.first[other]
        return self.give(table, self.count[other])

    def ranges(self) -> dict[str, list[int]]:
        """By label of the model, the first and the last key that were given out."""
        return {
            table._meta.label: [self.first[table], self.first[table] + count - 1]
            for table, count in self.count.items()
            if count
        }


def reset_sequences(tables: Iterable[type[models.Model]]) -> None:
    """Let the next row of each table be numbered after the last one."""
    own = [table for table in tables if isinstance(table._meta.pk, models.AutoField)]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), own):
            cursor.execute(statement)
