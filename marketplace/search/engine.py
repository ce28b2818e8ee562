"""The criteria as a query over listed models."""

import re
from datetime import timedelta

from django.contrib.postgres.search import SearchRank
from django.db.models import ExpressionWrapper, F, Q, QuerySet

from marketplace.categories import category_ids
from marketplace.models import Model3D
from marketplace.search.criteria import Criteria, Sort
from marketplace.search.text import WEIGHTS, any_word_query, text_query
from marketplace.search.vocabulary import AI, FACETS, FREE, SAFE

# Results are counted exactly, and paged through, up to here; beyond, a search is to be narrowed.
MAX_COUNT = 10_000
# So many of the most popular matches are ranked by their words; the others follow by popularity.
MAX_RANKED = 2_000
# Where no model has all words: so many that have some of them are ranked.
MAX_NEAR = 500
MAX_NEAR_WORDS = 12
_A_WORD = re.compile(r"\w{2,}")

POPULAR = ["-trending_score", "-pk"]
ORDERS = {
    Sort.NEWEST: [F("published_at").desc(nulls_last=True), "-pk"],
    Sort.TRENDING: POPULAR,
    Sort.DOWNLOADS: ["-downloads", "-pk"],
    Sort.RATING: ["-rating_score", "-pk"],
    Sort.PRICE_UP: ["price", "-pk"],
    Sort.PRICE_DOWN: ["-price", "pk"],
}


def search(criteria: Criteria) -> QuerySet[Model3D]:
    """Listed models that meet the criteria, in the order asked for, with a stable tie-break.

    By relevance these are the most popular `MAX_RANKED` of them.
    """
    return ordered(narrowed(criteria), criteria)


def ordered(
    models: QuerySet[Model3D], criteria: Criteria, *, are_few: bool = False, most_ranked: int = MAX_RANKED
) -> QuerySet[Model3D]:
    """Models that `narrowed(criteria)` gave, in the order of the criteria; by relevance the most popular `most_ranked`.

    Where they are known to be few, they are sorted; otherwise PostgreSQL may go through all listed models in this order
    until it has enough of them, which takes long where hardly any is among them.
    """
    if criteria.order == Sort.RELEVANCE:
        popular = popular_first(models, are_few=are_few).values("pk")[:most_ranked]
        rank = SearchRank(F("search_vector"), text_query(criteria.text), weights=WEIGHTS)
        return Model3D.objects.filter(pk__in=popular).order_by(rank.desc(), *POPULAR)
    order = ORDERS[Sort(criteria.order)]
    return models.order_by(_computed(order[0]), *order[1:]) if are_few else models.order_by(*order)


def popular_first(models: QuerySet[Model3D], *, are_few: bool = False) -> QuerySet[Model3D]:
    """In the order in which matches are taken to be ranked."""
    return models.order_by(_computed(POPULAR[0]), *POPULAR[1:]) if are_few else models.order_by(*POPULAR)


def ranks_all_sooner(matches: int, listed: int) -> bool:
    """Whether all matches are found and sorted sooner than the most popular `MAX_RANKED` are met among the listed.

    A model costs about as much on the way through all of them as one that the index gives. Of a word that one model in
    sixty has, sixty are looked at for each match to be ranked, and the matches themselves are not many.
    """
    return matches <= MAX_RANKED * listed / max(matches, 1)


def near(criteria: Criteria, limit: int) -> list[int]:
    """Models that have some of the words, nearest first, whatever else is asked: where nothing has them all."""
    words = _A_WORD.findall(criteria.text)[:MAX_NEAR_WORDS]
    if not words:
        return []
    query = any_word_query(words)
    models = meeting_common(Criteria(hides_mature=criteria.hides_mature)).filter(search_vector=query)
    popular = popular_first(models).values("pk")[:MAX_NEAR]
    rank = SearchRank(F("search_vector"), query, weights=WEIGHTS)
    ranked = Model3D.objects.filter(pk__in=popular).order_by(rank.desc(), *POPULAR)
    return list(ranked.values_list("pk", flat=True)[:limit])


def narrowed(criteria: Criteria, *, but: str = "") -> QuerySet[Model3D]:
    """The same models without an order: for counting. `but` names a facet whose choices are not regarded."""
    models = meeting_common(criteria)
    for name, condition in open_choices(criteria).items():
        if name != but:
            models = models.filter(condition)
    return models


def meeting_common(criteria: Criteria) -> QuerySet[Model3D]:
    """What meets all but the choices that widen each other: words, the viewer's wish, and choices that add up."""
    words = [SAFE] if criteria.hides_mature else []
    words += [AI] if criteria.ai else []
    for facet in FACETS:
        words += facet.words(getattr(criteria, facet.field)) if facet.needs_all else []
    models = Model3D.objects.listed()
    if criteria.text:
        models = models.filter(search_vector=text_query(criteria.text))
    return models.filter(facets__contains=words) if words else models


def open_choices(criteria: Criteria) -> dict[str, Q]:
    """The conditions of facets whose choices widen each other, by the facet's name, where anything is chosen."""
    conditions = {}
    if criteria.categories:
        words = [f"cat:{pk}" for pk in category_ids(criteria.categories)]
        conditions["category"] = Q(facets__overlap=words or ["cat:0"])
    price = Q()
    if criteria.price_min is not None:
        price &= Q(price__gte=criteria.price_min)
    if criteria.price_max is not None:
        price &= Q(price__lte=criteria.price_max)
    if criteria.free:
        price &= Q(facets__contains=[FREE])
    if price:
        conditions["price"] = price
    for facet in FACETS:
        words = facet.words(getattr(criteria, facet.field))
        if words and not facet.needs_all:
            conditions[facet.name] = Q(facets__overlap=words)
    return conditions


def _computed(order):
    """The same order by a value that no index holds."""
    if isinstance(order, str):
        name = order.removeprefix("-")
        value = ExpressionWrapper(F(name) + 0, output_field=Model3D._meta.get_field(name))
        return value.desc() if order.startswith("-") else value.asc()
    value = ExpressionWrapper(
        F("published_at") + timedelta(0), output_field=Model3D._meta.get_field("published_at")
    )
    return value.desc(nulls_last=True)
