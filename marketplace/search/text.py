"""Words as a query of PostgreSQL's full text: any form, the last one unfinished, and what means the same."""

import re

from django.contrib.postgres.search import CombinedSearchQuery, SearchQuery

from marketplace.search.synonyms import said_otherwise

WORDS, PREFIXES = "marketplace_words", "marketplace_prefixes"
# D, C, B, A: description, creator and category, tags, title.
WEIGHTS = [0.05, 0.2, 0.5, 1.0]
_LAST_WORD = re.compile(r"(?:^|(?<=\s))(\w{2,})$")


def text_query(text: str) -> SearchQuery | CombinedSearchQuery:
    """All words of `text` in any form, the last one also as the beginning of a word; `"…"`, `-` and `or` work.

    PostgreSQL's `websearch_to_tsquery` accepts any text. The prefix is made of word characters only.
    """
    query = _with_beginning(text)
    for other in said_otherwise(text):
        query = query | _words(other)
    return query


def any_word_query(words: list[str]) -> SearchQuery:
    """Models that have at least one of the words; they are given bare, without signs."""
    return _words(" or ".join(words))


def _with_beginning(text: str) -> SearchQuery | CombinedSearchQuery:
    query = _words(text)
    last = _LAST_WORD.search(text)
    before = text[: last.start()].strip() if last else ""
    if last is None or '"' in text or before.lower().split()[-1:] == ["or"]:
        return query
    beginning = SearchQuery(f"'{last.group(1)}':*", config=PREFIXES, search_type="raw")
    return query | (_words(before) & beginning if before else beginning)


def _words(text: str) -> SearchQuery:
    return SearchQuery(text, config=WORDS, search_type="websearch")
