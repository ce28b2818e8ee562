"""Finding public collections by their names and descriptions."""

from django.contrib.postgres.search import SearchRank
from django.db.models import F, Func, QuerySet, Value
from django.db.models.expressions import RawSQL

from marketplace.models import Collection
from marketplace.models.collection import WORDS_OF_COLLECTION
from marketplace.search.text import text_query

# So many with a nearly right name at most.
MAX_NEAR = 24
# More than a search counts and shows.
MAX_RANKED = 1_100


def collections_matching(text: str) -> QuerySet[Collection]:
    """Public collections with models in them that have all words of `text`; the best first.

    Of very many the most popular ones, `MAX_RANKED`: to rank them all takes too long.
    """
    query = text_query(text)
    found = _shown().annotate(words=WORDS_OF_COLLECTION).filter(words=query)
    popular = found.popular_first().values("pk")[:MAX_RANKED]
    rank = SearchRank(WORDS_OF_COLLECTION, query)
    ranked = Collection.objects.filter(pk__in=popular).select_related("owner")
    return ranked.order_by(rank.desc(), "-followers", "-model_count", "-pk")


def collections_nearly_named(text: str) -> QuerySet[Collection]:
    """For when none has these words: those whose names are most like `text`, at most `MAX_NEAR`."""
    near = RawSQL("SELECT id FROM marketplace_collections_resembling(%s, %s)", [text, MAX_NEAR])
    likeness = Func(Value(text), F("name"), function="word_similarity")
    return _shown().filter(pk__in=near).order_by(likeness.desc(), "-followers", "-pk")


def _shown() -> QuerySet[Collection]:
    return Collection.objects.open_to_all().filter(model_count__gt=0).select_related("owner")
