"""The database backend of the site (`ENGINE`): see `core.database`."""

from django.db.backends.postgresql import base
from psycopg import Error


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks a connection of the pool for a sign of life before it is used.

    When the server restarts, all connections that lie in the pool die at once. The pool's own check finds them one by
    one and waits longer before each; here the first that is dead has the whole pool looked through.
    """

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
