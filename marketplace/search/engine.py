"""The criteria as a query over listed models."""

import re

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery, SearchRank
from django.db.models import F, QuerySet

from marketplace.models import Model3D
from marketplace.search.criteria import Criteria, Sort

# Results are counted, and paged through, up to here; beyond, a search is to be narrowed.
MAX_COUNT = 10_000

WORDS, PREFIXES = "marketplace_words", "marketplace_prefixes"
# D, C, B, A: description, creator and category, tags, title.
WEIGHTS = [0.05, 0.2, 0.5, 1.0]
_LAST_WORD = re.compile(r"(?:^|(?<=\s))(\w{2,})$")

ORDERS = {
    Sort.NEWEST: [F("published_at").desc(nulls_last=True), "-pk"],
    Sort.TRENDING: ["-trending_score", "-pk"],
    Sort.DOWNLOADS: ["-downloads", "-pk"],
    Sort.PRICE_UP: ["price", "-pk"],
    Sort.PRICE_DOWN: ["-price", "pk"],
}


def text_query(text: str) -> SearchQuery | CombinedSearchQuery:
    """All words of `text` in any form, the last one also as the beginning of a word; `"…"`, `-` and `or` work.

    PostgreSQL's `websearch_to_tsquery` accepts any text. The prefix is made of word characters only.
    """
    query = _words(text)
    last = _LAST_WORD.search(text)
    before = text[: last.start()].strip() if last else ""
    if last is None or '"' in text or before.lower().split()[-1:] == ["or"]:
        return query
    beginning = SearchQuery(f"'{last.group(1)}':*", config=PREFIXES, search_type="raw")
    return query | (_words(before) & beginning if before else beginning)


def _words(text: str) -> SearchQuery:
    return SearchQuery(text, config=WORDS, search_type="websearch")


def search(criteria: Criteria) -> QuerySet[Model3D]:
    """Listed models that meet the criteria, in the order asked for, with a stable tie-break."""
    models = narrowed(criteria)
    if criteria.text and criteria.order == Sort.RELEVANCE:
        rank = SearchRank(F("search_vector"), text_query(criteria.text), weights=WEIGHTS)
        return models.order_by(rank.desc(), "-trending_score", "-pk")
    return models.order_by(*ORDERS[criteria.order])


def narrowed(criteria: Criteria) -> QuerySet[Model3D]:
    """The same models without an order: for counting."""
    models = Model3D.objects.listed()
    if criteria.text:
        models = models.filter(search_vector=text_query(criteria.text))
    if criteria.categories:
        models = models.filter(category__slug__in=criteria.categories)
    if criteria.price_min is not None:
        models = models.filter(price__gte=criteria.price_min)
    if criteria.price_max is not None:
        models = models.filter(price__lte=criteria.price_max)
    if criteria.free:
        models = models.filter(price=0)
    return models


def bounded_count(models: QuerySet[Model3D]) -> int:
    """How many there are, counted no further than one beyond `MAX_COUNT`."""
    return models.order_by().values("pk")[: MAX_COUNT + 1].count()
