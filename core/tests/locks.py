"""Tests of two at once: whether somebody waits yet."""

from django.db import connection

# Of this database alone: other test runs of the same server wait for locks of their own.
_WAITING = """
SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()
"""


def somebody_waits() -> bool:
    """Whether another connection to this database waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        return cursor.fetchone()[0] > 0
