"""A database that goes away: which errors mean that, and what the person sees. The real server is cut elsewhere."""

import pytest
from django.db import DatabaseError, InterfaceError, OperationalError
from django.test import RequestFactory
from psycopg import errors
from psycopg_pool import PoolTimeout

from core.database.losing import is_lost
from core.middleware import DatabaseAwayMiddleware
from core.views import server_error


def raised(kind, cause) -> Exception:
    error = kind("It went wrong.")
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        None,
        ValueError("No error of the database."),
        DatabaseError("Another one."),
        raised(OperationalError, errors.LockNotAvailable()),
        raised(OperationalError, errors.DeadlockDetected()),
        raised(OperationalError, errors.QueryCanceled()),
        raised(OperationalError, errors.DiskFull()),
    ],
)
def test_what_the_database_refuses_is_no_sign_of_its_absence(error):
    assert not is_lost(error)


@pytest.mark.parametrize(
    "error",
    [
        raised(OperationalError, errors.AdminShutdown()),
        raised(OperationalError, errors.CrashShutdown()),
        raised(OperationalError, errors.CannotConnectNow()),
        raised(OperationalError, errors.TooManyConnections()),
        raised(OperationalError, errors.ConnectionFailure()),
        raised(OperationalError, PoolTimeout()),
        InterfaceError("connection already closed"),
    ],
)
def test_a_connection_that_broke_or_could_not_be_had_is_one(error):
    assert is_lost(error)


@pytest.mark.django_db
def test_a_page_whose_connection_broke_asks_for_patience():
    middleware = DatabaseAwayMiddleware(lambda request: None)
    request = RequestFactory().get("/")
    assert middleware.process_exception(request, ValueError()) is None
    response = middleware.process_exception(request, raised(OperationalError, errors.AdminShutdown()))
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "not half done" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "status"),
    [(RuntimeError(), 500), (raised(OperationalError, errors.CannotConnectNow()), 503)],
)
def test_so_does_what_breaks_outside_of_a_view(error, status):
    try:
        raise error
    except Exception:
        assert server_error(RequestFactory().get("/")).status_code == status
