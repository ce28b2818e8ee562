"""Finding courses by their words, and by titles that are nearly right."""

from django.contrib.postgres.search import SearchRank
from django.db.models import F, Func, QuerySet, Value
from django.db.models.expressions import RawSQL

from blog.models import Course
from blog.models.courses.course import WORDS_OF_COURSE
from blog.search import MAX_NEAR, MAX_RANKED
from marketplace.search.text import text_query


def courses_matching(text: str) -> QuerySet[Course]:
    """Published courses that have all words of `text`; the best first. Of very many the newest ones, `MAX_RANKED`."""
    query = text_query(text)
    found = Course.objects.published().annotate(words=WORDS_OF_COURSE).filter(words=query)
    newest = found.newest_first().values("pk")[:MAX_RANKED]
    rank = SearchRank(WORDS_OF_COURSE, query)
    return Course.objects.filter(pk__in=newest).order_by(rank.desc(), "-published_at", "-pk")


def courses_nearly_titled(text: str) -> QuerySet[Course]:
    """For when none has these words: those whose titles are most like `text`, at most `MAX_NEAR`."""
    near = RawSQL("SELECT id FROM blog_courses_resembling(%s, %s)", [text, MAX_NEAR])
    likeness = Func(Value(text), F("title"), function="word_similarity")
    return Course.objects.published().filter(pk__in=near).order_by(likeness.desc(), "-published_at", "-pk")
