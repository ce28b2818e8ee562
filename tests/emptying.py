"""Emptying the database after a test whose rows other processes saw.

Django empties every table and then writes content types, permissions and groups anew, which is half of the time. Here
those stay where the test left them as they were.
"""

from django.core.management import call_command
from django.db import connection

STANDING = ("django_content_type", "auth_permission", "auth_group", "auth_group_permissions")

_as_made: list[str] = []


def remember() -> None:
    """Keep in mind how the tables look that stay."""
    _as_made[:] = _digests()


def empty() -> None:
    """Empty the database of all that a test wrote, and of all that it changed in the tables that stay."""
    if _digests() == _as_made:
        _delete()
    else:
        call_command("flush", verbosity=0, interactive=False, reset_sequences=False, allow_cascade=False)
        remember()


def _digests() -> list[str]:
    rows = "SELECT md5(string_agg({0}::text, ';' ORDER BY {0}.id)) FROM {0}"
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(rows.format(table) for table in STANDING))
        return [digest for (digest,) in cursor.fetchall()]


def _delete() -> None:
    """Delete every row of every other table. Most have none, and to truncate one costs new files all the same.

    The locks wait for what workers still write, as those of TRUNCATE would.
    """
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    names = [connection.ops.quote_name(table) for table in sorted(set(tables) - set(STANDING))]
    # Rows go in any order, and those that may otherwise only be added go too.
    connection.ops.execute_sql_flush(
        [
            f"LOCK TABLE {', '.join(names)} IN SHARE ROW EXCLUSIVE MODE",
            "SET LOCAL session_replication_role = replica",
            *(f"DELETE FROM {name}" for name in names),  # noqa: S608 (our own tables)
        ]
    )
