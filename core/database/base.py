"""The database backend of the site (`ENGINE`): see `core.database`."""

from django.db.backends.postgresql import base
from django.db.backends.postgresql.psycopg_any import register_tzloader
from django.utils.asyncio import async_unsafe
from psycopg import Error
from psycopg.pq import Format

# How often a connection sends a statement before the server keeps its plan, where it may: see `prepared_cursor`.
_KEPT_FROM = 5


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks a connection of the pool for a sign of life before it is used.

    When the server restarts, all connections that lie in the pool die at once. The pool's own check finds them one by
    one and waits longer before each; here the first that is dead has the whole pool looked through.
    """

    def get_connection_params(self):
        return super().get_connection_params() | {"prepare_threshold": _KEPT_FROM}

    @async_unsafe
    def prepared_cursor(self):
        """A cursor for statements whose text is always the same: values are sent beside it, and the server parses and
        plans it once a connection. Other cursors, which Django makes, write values into the text.
        """
        self.close_if_health_check_failed()
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor = base.ServerBindingCursor(self.connection)
            loader = self.connection.adapters.get_loader(base.TIMESTAMPTZ_OID, Format.TEXT)
            if self.timezone != loader.timezone:
                register_tzloader(self.timezone, cursor)
            return self._prepare_cursor(cursor)

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        while self.pool and not _answers(connection):
            self.pool.putconn(connection)
            self.pool.check()
            # Waits for one that the pool makes anew, and raises where the server takes none in time.
            connection = super().get_new_connection(conn_params)
        return connection


def _answers(connection) -> bool:
    try:
        connection.execute("")
    except Error:
        return False
    return True
