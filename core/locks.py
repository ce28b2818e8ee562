"""Advisory locks: what happens one after the other without a row being held."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


def lock_until_commit(key: str) -> None:
    """Wait for all others who hold `key`, and hold it until the transaction ends."""
    with connection.prepared_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])


@contextmanager
def held_alone(key: str) -> Iterator[bool]:
    """Whether nobody else holds `key`, which is then held for the block, whatever transactions begin and end in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        is_ours = cursor.fetchone()[0]
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [key])
