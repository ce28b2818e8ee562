"""How many models each further filter would leave: counts beside the filters, and the histogram of prices.

All are counted by one statement, in a time that does not grow with the marketplace. A fair sample of about `MAX_COUNT`
listed models is looked through; while there are no more, that is all of them and every figure is exact. Where more are
listed, what is frequent in the sample is estimated from it; what is rare there is counted exactly, as far as that takes
no more than `MAX_COUNT` rows.
"""

from collections import Counter
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Case, F, Func, IntegerField, Value, When

from marketplace.categories import category_ids, enabled_categories
from marketplace.search.criteria import Criteria
from marketplace.search.engine import MAX_COUNT, meeting_common, narrowed, open_choices
from marketplace.search.vocabulary import FACETS, FREE

CACHE_SECONDS = 60
# Of fewer models the counts are made in no time, and a new one is counted at once.
KEPT_FROM = 1_000
# So many choices at most may an answer hold that is kept; of more there are too many addresses.
KEPT_CHOICES = 2
# What is this many times `MAX_COUNT` by the sample is surely more, and is estimated; up to there all is counted.
SURELY_MORE = 1.3
# And so often it has to be in the sample: within a fifth of the truth, 19 times of 20.
ENOUGH = 100
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
class Counts:
    """How many models have each word of `Model3D.facets`, and how many there are.

    Estimates where not `is_exact`, but for the words in `known`.
    """

    total: int = 0
    by_word: dict[str, int] = field(default_factory=dict)
    is_exact: bool = True
    known: frozenset[str] = frozenset()

    def __getitem__(self, word: str) -> int:
        return self.by_word.get(word, 0)

    def is_known(self, word: str) -> bool:
        return self.is_exact or word in self.known

    def knowing(self, word: str, count: int) -> "Counts":
        """The same, with what is known of one word by other means."""
        return replace(self, by_word={**self.by_word, word: count}, known=self.known | {word})


@dataclass(frozen=True)
class Facets:
    """`found` counts what meets all criteria; a facet that is chosen from has its counts without its own choices."""

    found: Counts
    widened: dict[str, Counts]
    categories: dict[str, int]
    prices: list[PriceBar]

    @property
    def total(self) -> int:
        return self.found.total

    @property
    def is_exact(self) -> bool:
        return self.found.is_exact

    @property
    def free(self) -> int:
        return self.of("price")[FREE]

    def of(self, facet: str) -> Counts:
        """The counts to stand beside the choices of a facet."""
        return self.widened.get(facet, self.found)


def facets_of(criteria: Criteria) -> Facets:
    """Counts for `criteria`. A facet's own choice does not narrow its own counts, so that it can be widened.

    Those of many models are kept for a minute where few addresses share the answer's key; free text and prices are
    counted anew, or anyone could fill the cache.
    """
    chosen = len(criteria.categories) + sum(len(getattr(criteria, facet.field)) for facet in FACETS)
    has_price = criteria.price_min is not None or criteria.price_max is not None
    if criteria.text or has_price or chosen > KEPT_CHOICES:
        return _count(criteria)
    key = f"marketplace:facets:{criteria.key}"
    facets = cache.get(key)
    if facets is None:
        facets = _count(criteria)
        if facets.total >= KEPT_FROM:
            cache.set(key, facets, CACHE_SECONDS)
    return facets


def _count(criteria: Criteria) -> Facets:
    names = list(open_choices(criteria))
    listed = sum(category.model_count for category in enabled_categories())
    share = min(1.0, MAX_COUNT / listed) if listed else 1.0
    sampled, counted = _ask(criteria, names, share)
    found, *widened = (_settled(sampled, counted, number, share) for number in range(len(names) + 1))
    by_name = dict(zip(names, widened, strict=True))
    for name, word in _only_choices(criteria).items():
        if found.is_exact:
            # What has it as its only choice is exactly what is found.
            by_name[name] = by_name[name].knowing(word, found.total)
    by_category = by_name.get("category", found)
    return Facets(
        found=found,
        widened=by_name,
        categories={category.slug: by_category[f"cat:{category.pk}"] for category in enabled_categories()},
        prices=_bars(criteria, by_name.get("price", found)),
    )


def _only_choices(criteria: Criteria) -> dict[str, str]:
    """The word of each facet of which one of several choices is made, by the facet's name."""
    chosen = {
        facet.name: facet.words(getattr(criteria, facet.field)) for facet in FACETS if not facet.needs_all
    }
    chosen["category"] = [f"cat:{pk}" for pk in category_ids(criteria.categories)]
    return {name: words[0] for name, words in chosen.items() if len(words) == 1}


# ---------------------------------------------------------------------- the statement

_PROBE = "WITH probe (missed, words) AS MATERIALIZED ({rows})"
_SAMPLED = """
SELECT true, missed, '', count(*) FROM probe GROUP BY missed
UNION ALL
SELECT true, missed, word, count(*) FROM (SELECT missed, unnest(words) AS word FROM probe) each_word
GROUP BY missed, word
"""
# Its condition holds or fails before any row is read.
_FEW = """, few_{number} (words) AS MATERIALIZED (
    SELECT facets FROM ({rows}) few
    WHERE (SELECT count(*) FROM probe WHERE missed IN (0, {number})) < {enough} LIMIT {limit} + 1
)"""
_COUNTED = """
UNION ALL SELECT false, {number}, '', count(*) FROM few_{number}
UNION ALL (
    SELECT false, {number}, word, count(*) FROM (
        SELECT unnest(words) AS word FROM few_{number} WHERE (SELECT count(*) FROM few_{number}) <= {limit}
    ) each_word GROUP BY word
)
"""


def _ask(criteria: Criteria, names: list[str], share: float) -> tuple[dict[int, Counter], dict[int, Counter]]:
    """What was counted in the sample, and exactly where that was little.

    The former by the one choice that was missed, numbered from 1, or 0 for none; the latter by the choice that was not
    regarded. The word "" counts the models themselves.
    """
    rows, parameters = _probe(criteria, names, share).query.sql_with_params()
    given, asked, parameters = _PROBE.format(rows=rows), _SAMPLED, list(parameters)
    if share < 1:
        for number, name in enumerate(["", *names]):
            rows, more = narrowed(criteria, but=name).values("facets").query.sql_with_params()
            given += _FEW.format(number=number, rows=rows, enough=_enough(share), limit=MAX_COUNT)
            asked += _COUNTED.format(number=number, limit=MAX_COUNT)
            parameters += more
    sampled = {number: Counter() for number in range(len(names) + 1)}
    counted = {number: Counter() for number in range(len(names) + 1)}
    with transaction.atomic() if share < 1 else nullcontext(), connection.cursor() as cursor:
        if share < 1:
            # Few rows are wanted: all models are never read for them.
            cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")
        cursor.execute(given + asked, parameters)
        for is_sampled, number, word, count in cursor.fetchall():
            (sampled if is_sampled else counted)[number][word] = count
    return sampled, counted


def _probe(criteria: Criteria, names: list[str], share: float):
    """The sample's models that miss no more than one choice, each with the number of that choice."""
    models = meeting_common(criteria)
    if share < 1:
        place = Func(F("id"), function="hashint8", output_field=IntegerField())
        models = models.alias(place=place).filter(place__lt=round((share * 2 - 1) * 2**31))
    missed, count = Value(0, output_field=IntegerField()), Value(0, output_field=IntegerField())
    conditions = open_choices(criteria)
    for number, name in enumerate(names, 1):
        missed += Case(When(conditions[name], then=Value(0)), default=Value(number))
        count += Case(When(conditions[name], then=Value(0)), default=Value(1))
    if len(names) > 1:
        models = models.alias(count=count).filter(count__lte=1)
    return models.annotate(missed=missed).values_list("missed", "facets")


def _settled(sampled: dict[int, Counter], counted: dict[int, Counter], number: int, share: float) -> Counts:
    """The figures to show for what meets all choices, or all but the one of this number."""
    found = sampled[0] + (sampled[number] if number else Counter())
    exact = counted[number]
    if share == 1:
        exact = found
    elif found[""] >= _enough(share) or exact[""] > MAX_COUNT:
        by_word = {word: _rounded(count / share) for word, count in found.items() if word}
        return Counts(max(_rounded(found[""] / share), MAX_COUNT), by_word, is_exact=False)
    return Counts(exact[""], {word: count for word, count in exact.items() if word})


def _enough(share: float) -> int:
    return max(ENOUGH, round(SURELY_MORE * MAX_COUNT * share))


def _rounded(number: float) -> int:
    """To two digits: more would claim to be known."""
    step = 10 ** max(len(str(round(number))) - 2, 0)
    return round(number / step) * step


# ---------------------------------------------------------------------- the histogram


def _bars(criteria: Criteria, counts: Counts) -> list[PriceBar]:
    by_bar = [counts[f"bar:{number}"] for number in range(len(PRICE_STEPS))]
    highest = max(by_bar)
    low = criteria.price_min or Decimal(0)
    high = Decimal(0) if criteria.free else criteria.price_max
    filtered = criteria.free or criteria.price_min is not None or criteria.price_max is not None
    bars = []
    for count, (start, end) in zip(by_bar, pairwise([*PRICE_STEPS, None]), strict=True):
        within = (end is None or end > low) and (high is None or start <= high)
        height = max(round(count * BAR_HEIGHT / highest), 2) if count else 0
        bars.append(PriceBar(start, end, count, height, is_chosen=filtered and within))
    return bars
