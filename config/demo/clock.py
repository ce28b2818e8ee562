"""Puts a deed of the demo into the past: what is kept of money is never changed, so it is dated as it is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils import timezone


class _AnyDatetime(type):
    """Whoever asks inside whether something is a datetime gets the answer of every other day."""

    def __instancecheck__(cls, value) -> bool:
        return isinstance(value, datetime)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Django's clock shows `moment`, and goes on from there; in this process alone, and not for what workers do.

    All of the site asks `timezone.now`, the defaults of its fields included, and that asks the class replaced here.
    """
    ahead = timezone.now() - moment

    class Clock(datetime, metaclass=_AnyDatetime):
        @classmethod
        def now(cls, tz=None):
            return datetime.now(tz) - ahead

    shown, timezone.datetime = timezone.datetime, Clock
    try:
        yield
    finally:
        timezone.datetime = shown
