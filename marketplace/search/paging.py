"""Pages of results that do not shift under a reader while models come, go and change places.

Newest first is paged by key: the next page begins after the last model of this one. In every other order the models
already shown are kept under a random name that the links to the other pages carry; what follows is what comes next in
the order now and was not shown. Where that is over, or an address gives only a number, a page is the part of the order
that it is now.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.core.cache import cache
from django.db.models import Q

from marketplace.search.criteria import Criteria, Sort
from marketplace.search.engine import MAX_COUNT, MAX_RANKED, narrowed, ordered, popular_first

PAGE_SIZE = 24
LAST_PAGE = -(-MAX_COUNT // PAGE_SIZE)
KEPT_SECONDS = 15 * 60
# So many are taken at a time where a reader goes on.
STRETCH = 20 * PAGE_SIZE

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_KEY = re.compile(r"(\d{1,17})\.(\d{1,18})", re.ASCII)
_NAME = re.compile(r"[\w-]{12}", re.ASCII)


@dataclass(frozen=True)
class Page:
    """The models of one page, and what the addresses of its neighbours carry besides what is asked."""

    number: int
    pks: list[int]
    has_more: bool
    after: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)

    @property
    def next_parameters(self) -> dict:
        return {"page": self.number + 1, **self.after}

    @property
    def previous_parameters(self) -> dict:
        """Nothing for the first page, which has no number."""
        return {"page": self.number - 1, **self.before} if self.number > 2 else {}


def page_of(criteria: Criteria, number: int, parameters: Mapping[str, str], *, are_few: bool) -> Page:
    """Page `number`, by what its address carries in `parameters`; any text is an answer to be had there."""
    if criteria.order == Sort.NEWEST:
        return _by_key(criteria, number, parameters, are_few=are_few)
    return _by_what_was_shown(criteria, number, parameters.get("order", ""), are_few=are_few)


# ---------------------------------------------------------------------- by key


def _by_key(criteria: Criteria, number: int, parameters: Mapping[str, str], *, are_few: bool) -> Page:
    models = narrowed(criteria)
    start = (number - 1) * PAGE_SIZE
    after, before = _key(parameters.get("after", "")), _key(parameters.get("before", ""))
    rows = []
    if number > 1 and after:
        time, pk = after
        beyond = Q(published_at__lte=time) & (Q(published_at__lt=time) | Q(pk__lt=pk))
        rows = _rows(ordered(models.filter(beyond), criteria, are_few=are_few)[: PAGE_SIZE + 1])
    elif number > 1 and before:
        time, pk = before
        ahead = Q(published_at__gte=time) & (Q(published_at__gt=time) | Q(pk__gt=pk))
        rows = _rows(models.filter(ahead).order_by("published_at", "pk")[:PAGE_SIZE])[::-1]
        if len(rows) == PAGE_SIZE:
            # One more, to be cut off: the page it comes from follows.
            rows.append((pk, time))
        else:
            rows, start = [], 0
    if not rows and not after:
        rows = _rows(ordered(models, criteria, are_few=are_few)[start : start + PAGE_SIZE + 1])
    shown = rows[:PAGE_SIZE]
    # One that was never published in time has no key; the number alone leads on from there.
    keyed = bool(shown) and all(time is not None for _, time in (shown[0], shown[-1]))
    return Page(
        number,
        [pk for pk, _ in shown],
        has_more=len(rows) > PAGE_SIZE,
        after={"after": _key_text(*shown[-1])} if keyed else {},
        before={"before": _key_text(*shown[0])} if keyed else {},
    )


def _rows(models) -> list[tuple[int, datetime | None]]:
    return list(models.values_list("pk", "published_at"))


def _key_text(pk: int, time: datetime) -> str:
    return f"{(time - _EPOCH) // _MICROSECOND}.{pk}"


def _key(text: str) -> tuple[datetime, int] | None:
    found = _KEY.fullmatch(text)
    return (_EPOCH + int(found[1]) * _MICROSECOND, int(found[2])) if found else None


# ---------------------------------------------------------------------- by what was shown


@dataclass
class Shown:
    """Models in the order in which they were shown, from place `start` of the results on."""

    name: str
    start: int
    pks: list[int]
    is_all: bool = False

    @classmethod
    def find(cls, name: str, criteria: Criteria) -> "Shown | None":
        """None where it is over, or belongs to another search."""
        kept = cache.get(_cache_key(name, criteria)) if _NAME.fullmatch(name) else None
        return cls(name, *kept) if kept else None

    def keep(self, criteria: Criteria) -> None:
        """For some minutes more."""
        cache.set(_cache_key(self.name, criteria), (self.start, self.pks, self.is_all), KEPT_SECONDS)


def _cache_key(name: str, criteria: Criteria) -> str:
    return f"marketplace:shown:{name}:{criteria.order}:{criteria.key}"


def _by_what_was_shown(criteria: Criteria, number: int, name: str, *, are_few: bool) -> Page:
    start = (number - 1) * PAGE_SIZE
    shown = Shown.find(name, criteria)
    if shown is None or start < shown.start:
        pks = _take(criteria, shown=[], skip=start, count=PAGE_SIZE + 1, are_few=are_few)
        shown = Shown(secrets.token_urlsafe(9), start, pks, is_all=len(pks) <= PAGE_SIZE)
        if not shown.is_all:
            shown.keep(criteria)
    start -= shown.start
    missing = start + PAGE_SIZE + 1 - len(shown.pks)
    if missing > 0 and not shown.is_all:
        count = max(missing, STRETCH)
        more = _take(criteria, shown=shown.pks, skip=shown.start, count=count, are_few=are_few)
        shown.pks += more
        shown.is_all = len(more) < count
        shown.keep(criteria)
    pks = shown.pks[start : start + PAGE_SIZE + 1]
    link = {"order": shown.name}
    return Page(number, pks[:PAGE_SIZE], has_more=len(pks) > PAGE_SIZE, after=link, before=link)


def _take(criteria: Criteria, *, shown: list[int], skip: int, count: int, are_few: bool) -> list[int]:
    """The next `count` of the order as it is now without those already `shown`, from place `skip` on."""
    models = narrowed(criteria)
    in_order = ordered(models, criteria, are_few=are_few).exclude(pk__in=shown)
    taken = list(in_order.values_list("pk", flat=True)[skip : skip + count])
    is_ranked = criteria.order == Sort.RELEVANCE
    if is_ranked and len(taken) < count and skip + len(shown) + len(taken) >= MAX_RANKED:
        # All that are ranked were shown, are taken, or are the most popular ones skipped.
        rest = popular_first(models, are_few=are_few).exclude(pk__in=[*shown, *taken])
        taken += rest.values_list("pk", flat=True)[skip : skip + count - len(taken)]
    return taken
