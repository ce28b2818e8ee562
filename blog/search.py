"""Finding posts by their words, and by titles that are nearly right."""

from django.contrib.postgres.search import SearchRank
from django.db.models import F, Func, QuerySet, Value
from django.db.models.expressions import RawSQL

from blog.models import BlogPost
from blog.models.post import WORDS_OF_POST
from marketplace.search.text import text_query

# So many with a nearly right title at most.
MAX_NEAR = 24
# More than a search counts and shows.
MAX_RANKED = 1_100


def posts_matching(text: str) -> QuerySet[BlogPost]:
    """Published posts that have all words of `text`; the best first. Of very many the newest ones, `MAX_RANKED`."""
    query = text_query(text)
    found = BlogPost.objects.published().annotate(words=WORDS_OF_POST).filter(words=query)
    newest = found.newest_first().values("pk")[:MAX_RANKED]
    rank = SearchRank(WORDS_OF_POST, query)
    return BlogPost.objects.filter(pk__in=newest).order_by(rank.desc(), "-published_at", "-pk")


def posts_nearly_titled(text: str) -> QuerySet[BlogPost]:
    """For when none has these words: those whose titles are most like `text`, at most `MAX_NEAR`."""
    near = RawSQL("SELECT id FROM blog_posts_resembling(%s, %s)", [text, MAX_NEAR])
    likeness = Func(Value(text), F("title"), function="word_similarity")
    return BlogPost.objects.published().filter(pk__in=near).order_by(likeness.desc(), "-published_at", "-pk")
