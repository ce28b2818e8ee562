"""Lists of any length, highest first, paged by where a page ended: the last page is as quick as the first.

The address carries the key (the time, or a number) and the id of a row (`before` or `after`), so pages do not shift
under a reader either.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Microseconds up to the year 2200; ids of 63 bits; numbers of 31.
_LATEST, _LARGEST, _HIGHEST = 7_258_118_400_000_000, 2**63 - 1, 2**31 - 1


@dataclass(frozen=True)
class Key:
    """The column that a list is ordered by, as addresses have it: a whole number up to `highest`."""

    column: str
    highest: int
    written: Callable
    read: Callable


def _microseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _moment(microseconds: int) -> datetime:
    return _EPOCH + timedelta(microseconds=microseconds)


NEWEST = Key("created_at", _LATEST, _microseconds, _moment)


def highest(column: str) -> Key:
    """By a column of whole numbers."""
    return Key(column, _HIGHEST, int, int)


@dataclass(frozen=True)
class KeyPage:
    """The rows of a page; `newer` and `older` are what its neighbours' addresses carry, empty where there is none."""

    rows: list
    newer: str = ""
    older: str = ""


def key_page(queryset: QuerySet, parameters, *, size: int, key: Key = NEWEST) -> KeyPage:
    """The page that `before` or `after` in the query names; the first for anything else.

    The rows are ordered here, whatever their order was.
    """
    after = _place_of(parameters.get("after"), key)
    if after:
        found = list(_beyond(queryset, key, after, "gt").order_by(key.column, "pk")[: size + 1])
        if len(found) >= size:
            rows = found[:size][::-1]
            newer = _token(rows[0], key) if len(found) > size else ""
            return KeyPage(rows, newer=newer, older=_token(rows[-1], key))
    before = None if after else _place_of(parameters.get("before"), key)
    rest = _beyond(queryset, key, before, "lt") if before else queryset
    found = list(rest.order_by(f"-{key.column}", "-pk")[: size + 1])
    rows = found[:size]
    return KeyPage(
        rows,
        newer=_token(rows[0], key) if rows and before else "",
        older=_token(rows[-1], key) if len(found) > size else "",
    )


def _beyond(queryset: QuerySet, key: Key, place: tuple, side: str) -> QuerySet:
    value, pk = place
    column = key.column
    # The first condition says nothing that the others do not, but an index can be read by it.
    return queryset.filter(
        Q(**{f"{column}__{side}": value}) | Q(**{column: value, f"pk__{side}": pk}),
        **{f"{column}__{side}e": value},
    )


def _token(row, key: Key) -> str:
    return f"{key.written(getattr(row, key.column))}-{row.pk}"


def _place_of(token: str | None, key: Key) -> tuple | None:
    value, _, pk = (token or "").partition("-")
    if not all(part.isascii() and part.isdecimal() and len(part) < 20 for part in (value, pk)):
        return None
    if int(value) > key.highest or int(pk) > _LARGEST:
        return None
    return key.read(int(value)), int(pk)
