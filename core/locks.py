"""Advisory locks: what happens one after the other without a row being held."""

from django.db import connection


def lock_until_commit(key: str) -> None:
    """Wait for all others who hold `key`, and hold it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
