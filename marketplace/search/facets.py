"""How many models each further filter would leave: counts beside the filters, and the histogram of prices."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.core.cache import cache
from django.db.models import Case, Count, IntegerField, Value, When

from marketplace.search.criteria import Criteria
from marketplace.search.engine import bounded_count, narrowed

CACHE_SECONDS = 60
# Lower ends of the histogram's bars; the first one holds the free models, the last one has no upper end.
PRICE_STEPS = [Decimal(step) for step in (0, "0.01", 2, 4, 6, 8, 10, 15, 20, 25, 30, 40, 50, 75, 100, 200)]
# Pixels of the highest bar.
BAR_HEIGHT = 36


@dataclass(frozen=True)
class PriceBar:
    """One bar: its range (`high` is None for the last), its count, its height, and whether it is chosen."""

    low: Decimal
    high: Decimal | None
    count: int
    height: int
    is_chosen: bool

    @property
    def top(self) -> int:
        """Pixels between the histogram's upper edge and the bar."""
        return BAR_HEIGHT - self.height


@dataclass(frozen=True)
class Facets:
    """`total` counts the results, no further than one beyond the search's limit; category counts are by slug."""

    total: int
    categories: dict[str, int]
    prices: list[PriceBar]
    free: int


def facets_of(criteria: Criteria) -> Facets:
    """Counts for `criteria`. A facet's own choice does not narrow its own counts, so that it can be widened.

    Kept for a minute where few addresses share the answer's key; free text and prices are counted anew, or anyone
    could fill the cache.
    """
    common = not criteria.text and criteria.price_min is None and criteria.price_max is None
    if not common or len(criteria.categories) > 1:
        return _count(criteria)
    key = f"marketplace:facets:{criteria.with_changes(sort='').query_string()}"
    return cache.get_or_set(key, lambda: _count(criteria), CACHE_SECONDS)


def _count(criteria: Criteria) -> Facets:
    elsewhere = narrowed(criteria.without(categories=True))
    by_category = dict(elsewhere.order_by().values_list("category__slug").annotate(count=Count("pk")))
    any_price = narrowed(criteria.without(price_min=True, price_max=True, free=True))
    counts = dict(any_price.annotate(bar=_bar()).order_by().values_list("bar").annotate(count=Count("pk")))
    return Facets(
        total=bounded_count(narrowed(criteria)),
        categories=by_category,
        prices=_bars(criteria, counts),
        free=counts.get(0, 0),
    )


def _bar() -> Case:
    steps = list(enumerate(PRICE_STEPS))
    return Case(
        *(When(price__gte=step, then=Value(number)) for number, step in reversed(steps)),
        output_field=IntegerField(),
    )


def _bars(criteria: Criteria, counts: dict[int, int]) -> list[PriceBar]:
    highest = max(counts.values(), default=0)
    low = criteria.price_min or Decimal(0)
    high = Decimal(0) if criteria.free else criteria.price_max
    filtered = criteria.free or criteria.price_min is not None or criteria.price_max is not None
    bars = []
    for number, (start, end) in enumerate(pairwise([*PRICE_STEPS, None])):
        count = counts.get(number, 0)
        within = (end is None or end > low) and (high is None or start <= high)
        height = max(round(count * BAR_HEIGHT / highest), 2) if count else 0
        bars.append(PriceBar(start, end, count, height, is_chosen=filtered and within))
    return bars
