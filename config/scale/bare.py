"""Tables without what makes a bulk load slow: secondary indexes, foreign keys and triggers, put back afterwards.

Taken from the catalogue of the database, so that an index that is added tomorrow is found too. All of it belongs to the
transaction of the caller: whatever goes wrong, nothing has changed. Making a foreign key or a unique index again
checks every row.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from django.apps import apps
from django.db import connection, models
from pgvector.django import HnswIndex

# What sorting for an index may take, for the length of one transaction.
MEMORY = "1GB"
# The graph of a million fingerprints fits; a larger one is built more slowly.
VECTOR_MEMORY = "2GB"

_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid)
FROM pg_constraint
WHERE contype = 'f'
  AND (conrelid = ANY(%(tables)s::regclass[]) OR %(pointing)s AND confrelid = ANY(%(tables)s::regclass[]))
ORDER BY conrelid, conname
"""
_INDEXES = """
SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid),
       quote_ident(conname), pg_get_constraintdef(held.oid), method.amname = 'hnsw'
FROM pg_index
JOIN pg_class ON pg_class.oid = indexrelid
JOIN pg_am method ON method.oid = relam
LEFT JOIN pg_constraint held ON conindid = indexrelid AND contype IN ('u', 'x')
WHERE indrelid = ANY(%(tables)s::regclass[]) AND NOT indisprimary
ORDER BY indrelid, indexrelid
"""


@contextmanager
def bare(
    tables: Iterable[type[models.Model]], *, pointing: bool = False, say: Callable[[str], None]
) -> Iterator[None]:
    """The tables without indexes (but for primary keys), foreign keys and triggers, until the block ends.

    Nobody else can read or write them meanwhile. Vector indexes stay away: see `build_vector_indexes`.

    Args:
        pointing: also without the foreign keys of other tables that point at these.
    """
    names = [table._meta.db_table for table in tables]
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        parameters = {"tables": names, "pointing": pointing}
        cursor.execute(_FOREIGN_KEYS, parameters)
        keys = cursor.fetchall()
        cursor.execute(_INDEXES, parameters)
        indexes = cursor.fetchall()
        for table, name, _definition in keys:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        for table, index, _definition, constraint, _rule, _is_vector in indexes:
            cursor.execute(
                f"ALTER TABLE {table} DROP CONSTRAINT {constraint}" if constraint else f"DROP INDEX {index}"
            )
        for name in names:
            cursor.execute(f"ALTER TABLE {connection.ops.quote_name(name)} DISABLE TRIGGER USER")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('maintenance_work_mem', %s, true)", [MEMORY])
        for table, _index, definition, constraint, rule, is_vector in indexes:
            if not is_vector:
                cursor.execute(
                    f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {rule}" if constraint else definition
                )
        say(f"{sum(not index[5] for index in indexes)} indexes made")
        for table, name, definition in keys:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
        say(f"{len(keys)} foreign keys checked")
        for name in names:
            cursor.execute(f"ALTER TABLE {connection.ops.quote_name(name)} ENABLE TRIGGER USER")


def missing_vector_indexes() -> list[tuple[type[models.Model], HnswIndex]]:
    """Those that the models declare and the database does not have."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()")
        there = {name for (name,) in cursor.fetchall()}
    return [
        (model, index)
        for model in apps.get_models()
        for index in model._meta.indexes
        if isinstance(index, HnswIndex) and index.name not in there
    ]


def build_vector_indexes() -> list[str]:
    """Build the vector indexes that are missing; their names."""
    missing = missing_vector_indexes()
    for model, index in missing:
        with connection.schema_editor() as editor:
            editor.execute(f"SET LOCAL maintenance_work_mem = '{VECTOR_MEMORY}'")
            editor.add_index(model, index)
    return [index.name for _model, index in missing]
