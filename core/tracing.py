"""One id for all that happens for the sake of one request: in its page, its jobs, its sockets."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings

HEADER = "X-Request-ID"
# What stands in a log line as it came must not look like the end of one.
_HARMLESS = re.compile(r"[A-Za-z0-9._-]{8,64}")

_current: ContextVar[str] = ContextVar("request_id", default="")


def current_id() -> str:
    """The id of the request, job or socket that this code runs for; empty outside of all three."""
    return _current.get()


def new_id() -> str:
    return uuid.uuid4().hex


def id_of(given: str) -> str:
    """The id that a proxy in front has given, where one is trusted and it can be written down; else a new one."""
    trusted = settings.ALLAUTH_TRUSTED_PROXY_COUNT and _HARMLESS.fullmatch(given)
    return given if trusted else new_id()


@contextmanager
def traced(identity: str) -> Iterator[str]:
    """Inside the block everything that is logged, queued or reported carries this id."""
    token = _current.set(identity)
    try:
        yield identity
    finally:
        _current.reset(token)
