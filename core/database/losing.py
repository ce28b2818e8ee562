"""Whether an error means that the database is away, rather than that it was asked something wrong."""

from django.db import InterfaceError, OperationalError

# Shut down by an administrator, by a crash, starting up, or without a place for one more.
_AWAY = {"57P01", "57P02", "57P03", "57P05", "53300"}
_CONNECTION_EXCEPTIONS = "08"


def is_lost(error: BaseException | None) -> bool:
    """Whether the connection broke or could not be had: what was asked may well work a moment later."""
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    # The server names a state for everything that it refuses; without one it was not heard at all.
    return state is None or state in _AWAY or state.startswith(_CONNECTION_EXCEPTIONS)
