"""Middleware of operating the site: requests are traced and counted, the site can be closed, a storage can be away."""

import errno
import logging
import time

from boto3.exceptions import Boto3Error
from botocore.exceptions import BotoCoreError, ClientError
from django.db import Error as DatabaseTrouble
from django.urls import reverse

from core import maintenance, metrics
from core.tracing import HEADER, id_of, traced
from core.views import closed_for_maintenance, storage_away

logger = logging.getLogger(__name__)
request_logger = logging.getLogger("site.requests")

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}

# Open to all while the site is closed: health checks, and the way in for staff.
_ALWAYS_OPEN = ("healthz", "readyz", "metrics", "set_theme")
_WAYS_IN = ("account_login", "account_logout", "mfa_authenticate", "mfa_login_webauthn", "admin:login")
# Parts of addresses that let in whoever knows them.
_KEYS = ("token", "key")
# What a client may make up without end is no label.
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class RequestTraceMiddleware:
    """Gives every request an id, and notes of each what was asked, what came of it, and how long it took.

    Addresses are written without their query, in which people's words and signatures stand, and without keys.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started = time.perf_counter()
        with traced(id_of(request.headers.get(HEADER, ""))) as request_id:
            request.id = request_id
            response = self.get_response(request)
            response[HEADER] = request_id
            self._note(request, response, time.perf_counter() - started)
        return response

    def _note(self, request, response, seconds: float) -> None:
        match = request.resolver_match
        view = match.view_name if match and match.view_name else "none"
        method = request.method if request.method in _METHODS else "other"
        metrics.REQUESTS.labels(method, view, str(response.status_code)).inc()
        metrics.REQUEST_SECONDS.labels(view).observe(seconds)
        request_logger.info(
            "%s %s %s",
            method,
            _written(request.path, match),
            response.status_code,
            extra={"view": view, "milliseconds": round(seconds * 1000)},
        )


def _written(path: str, match) -> str:
    for name in _KEYS:
        if match and name in match.kwargs:
            path = path.replace(str(match.kwargs[name]), "…")
    return path


class MaintenanceMiddleware:
    """Answers everybody but staff with 503 while the site is closed; providers and programs send again later."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        closed = maintenance.current()
        if closed is None or _is_open(request.path) or _is_staff(request):
            return self.get_response(request)
        return closed_for_maintenance(request, closed)


def _is_open(path: str) -> bool:
    if path in {reverse(name) for name in _ALWAYS_OPEN}:
        return True
    return path.startswith(tuple(reverse(name) for name in _WAYS_IN))


def _is_staff(request) -> bool:
    """Whether a member of staff asks, as far as the database can tell at the moment."""
    try:
        return request.user.is_active and request.user.is_staff
    except DatabaseTrouble:
        return False


class StorageAwayMiddleware:
    """Turns what a storage could not do into a page that says so. Where a form can say it beside a field, it has."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not _is_of_storage(exception):
            return None
        logger.error("The storage did not do what %s needed: %s", request.path, exception, exc_info=exception)
        return storage_away(request)


def _is_of_storage(exception: Exception) -> bool:
    if isinstance(exception, ClientError):
        # What it refuses is a mistake of ours; what it fails at is its own.
        return exception.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500) >= 500
    # Some of them are errors of the operating system, too.
    if isinstance(exception, BotoCoreError | Boto3Error):
        return True
    return isinstance(exception, OSError) and exception.errno in _NO_ROOM
