"""Finding help and docs by their words, and articles by titles that are nearly right."""

from django.contrib.postgres.search import SearchRank, SearchVector, TrigramWordSimilarity
from django.db.models import Expression, Func, QuerySet, Value

from core.highlighting import folded_words
from marketplace.search.headlines import excerpt, headline
from marketplace.search.text import WORDS as CONFIGURATION
from marketplace.search.text import any_word_query, text_query
from support.figures import filled_in
from support.models import DocSection, HelpArticle
from support.models.writing import WORDS

# What stands in the title says most of what a text is about.
_WEIGHED = (
    SearchVector("title", weight="A", config=CONFIGURATION)
    + SearchVector("summary", weight="B", config=CONFIGURATION)
    + SearchVector("content", weight="D", config=CONFIGURATION)
)
# Of Markdown what an excerpt does not show: where links lead, the lines of tables, the names of languages.
_MARKS = r"\]\([^)]*\)|\|[-:| ]+\||\||```[a-z]*"
# How much of what was typed a title has to have.
LIKENESS = 0.4
MAX_NEAR = 12
# Of a question in somebody's own words so many words count, and so many answers are offered; each has one of the words
# in its title or summary at least.
_MAX_WORDS, MAX_OFFERED = 30, 4
_HEAD = SearchVector("title", "summary", config=CONFIGURATION)


def articles_matching(text: str) -> QuerySet[HelpArticle]:
    """Published articles that have all words of `text`; the best first."""
    return _matching(HelpArticle.objects.published(), text)


def articles_nearly_titled(text: str) -> QuerySet[HelpArticle]:
    """For when none has these words: those whose titles are most like `text`, at most `MAX_NEAR`."""
    likeness = TrigramWordSimilarity(text, "title")
    near = HelpArticle.objects.published().annotate(likeness=likeness).filter(likeness__gte=LIKENESS)
    return near.order_by("-likeness", "title", "pk")[:MAX_NEAR]


def articles_about(text: str) -> QuerySet[HelpArticle]:
    """Published articles that may answer a question asked in somebody's own words; the likeliest first, few of them."""
    words = list(dict.fromkeys(word for word in folded_words(text) if len(word) > 2))[:_MAX_WORDS]
    if not words:
        return HelpArticle.objects.none()
    query = any_word_query(words)
    found = HelpArticle.objects.published().annotate(head=_HEAD, rank=SearchRank(_WEIGHED, query))
    likely = found.filter(head=query).order_by("-rank", "title", "pk")
    return likely.for_lists()[:MAX_OFFERED]


def sections_matching(text: str) -> QuerySet[DocSection]:
    """Published sections of the docs that have all words of `text`; the best first."""
    return _matching(DocSection.objects.published(), text)


def marks_of(text: str) -> dict[str, Expression]:
    """Annotations for what was found: the title, and the part of the text that matches best, both with marks."""
    words = Func(filled_in("content"), Value(_MARKS), Value(" "), Value("g"), function="regexp_replace")
    return {"marked_title": headline("title", text), "marked_words": excerpt(words, text)}


def _matching(texts: QuerySet, text: str) -> QuerySet:
    query = text_query(text)
    found = texts.annotate(words=WORDS).filter(words=query)
    return found.annotate(rank=SearchRank(_WEIGHED, query)).order_by("-rank", "title", "pk")
