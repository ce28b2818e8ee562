"""Lists of any length, newest first, paged by where a page ended: the last page is as quick as the first.

The address carries the time and the id of a row (`before` or `after`), so pages do not shift under a reader either.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Microseconds up to the year 2200; ids of 63 bits.
_LATEST, _LARGEST = 7_258_118_400_000_000, 2**63 - 1


@dataclass(frozen=True)
class KeyPage:
    """The rows of a page; `newer` and `older` are what its neighbours' addresses carry, empty where there is none."""

    rows: list
    newer: str = ""
    older: str = ""


def key_page(queryset: QuerySet, parameters, *, size: int) -> KeyPage:
    """The page that `before` or `after` in the query names; the first for anything else.

    The rows have `created_at` and are ordered here, whatever their order was.
    """
    after = _key_of(parameters.get("after"))
    if after:
        found = list(_beyond(queryset, after, "gt").order_by("created_at", "pk")[: size + 1])
        if len(found) >= size:
            rows = found[:size][::-1]
            return KeyPage(rows, newer=_token(rows[0]) if len(found) > size else "", older=_token(rows[-1]))
    before = None if after else _key_of(parameters.get("before"))
    found = list(
        (_beyond(queryset, before, "lt") if before else queryset).order_by("-created_at", "-pk")[: size + 1]
    )
    rows = found[:size]
    return KeyPage(
        rows,
        newer=_token(rows[0]) if rows and before else "",
        older=_token(rows[-1]) if len(found) > size else "",
    )


def _beyond(queryset: QuerySet, key: tuple[datetime, int], side: str) -> QuerySet:
    moment, pk = key
    # The first condition says nothing that the others do not, but an index can be read by it.
    return queryset.filter(
        Q(**{f"created_at__{side}": moment}) | Q(created_at=moment, **{f"pk__{side}": pk}),
        **{f"created_at__{side}e": moment},
    )


def _token(row) -> str:
    return f"{(row.created_at - _EPOCH) // timedelta(microseconds=1)}-{row.pk}"


def _key_of(token: str | None) -> tuple[datetime, int] | None:
    moment, _, pk = (token or "").partition("-")
    if not all(part.isascii() and part.isdecimal() and len(part) < 20 for part in (moment, pk)):
        return None
    if int(moment) > _LATEST or int(pk) > _LARGEST:
        return None
    return _EPOCH + timedelta(microseconds=int(moment)), int(pk)
