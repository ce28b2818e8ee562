"""Words that mean the same, as the moderators set them: applied to what is asked, so that a change holds at once."""

import re
from functools import lru_cache

from django.core.cache import cache

from marketplace.models import SynonymGroup

CACHE_KEY = "marketplace:synonyms"
KEPT_SECONDS = 300
# So many ways of saying the same are searched for at most; each makes the query longer.
MAX_WAYS = 8


def synonym_groups() -> tuple[tuple[str, ...], ...]:
    """All groups, kept until one is changed: see `forget_synonyms`."""
    return cache.get_or_set(
        CACHE_KEY,
        lambda: tuple(
            tuple(words) for words in SynonymGroup.objects.order_by("pk").values_list("words", flat=True)
        ),
        KEPT_SECONDS,
    )


def forget_synonyms() -> None:
    """To be called after a change."""
    cache.delete(CACHE_KEY)


def said_otherwise(text: str) -> list[str]:
    """Other ways of saying `text`, at most `MAX_WAYS`. What is quoted or excluded is meant literally."""
    if '"' in text:
        return []
    groups = synonym_groups()
    pattern, group_of = _pattern(groups)
    ways = [""]
    place = 0
    for found in pattern.finditer(text) if group_of else ():
        word = found.group().casefold()
        others = [other for other in groups[group_of[word]] if other.casefold() != word]
        before = text[place : found.start()]
        ways = [f"{way}{before}{said}" for said in (found.group(), *others) for way in ways][: MAX_WAYS + 1]
        place = found.end()
    ways = [way + text[place:] for way in ways]
    return [way for way in ways if way != text][:MAX_WAYS]


@lru_cache(maxsize=1)
def _pattern(groups: tuple[tuple[str, ...], ...]) -> tuple[re.Pattern, dict[str, int]]:
    """What finds the words of all groups, longer ones first, and which group each belongs to; the first one counts."""
    group_of: dict[str, int] = {}
    for number, words in enumerate(groups):
        for word in words:
            if word.strip():
                group_of.setdefault(word.casefold(), number)
    longest_first = sorted(group_of, key=len, reverse=True)
    return re.compile(
        rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE
    ), group_of
