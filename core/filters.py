"""Whether a text contains what moderators do not let in."""

import re

from django.core.cache import cache
from django.db import transaction

from core.models import TextFilter
from core.texts import domains_in, folded

_KEY = "core:text-filters"
KEPT_SECONDS = 60


def refusal_of(*texts: str) -> str:
    """What to tell who wrote them; empty where nothing stands against it."""
    words, domains = _patterns()
    if not (words or domains):
        return ""
    for text in filter(None, texts):
        for domain in domains_in(text):
            if any(domain == one or domain.endswith(f".{one}") for one in domains):
                return f"Links to {domain} are not taken here."
        plain = folded(text)
        for word in words:
            if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", plain):
                return f"“{word}” is not taken here."
    return ""


def forget_on_commit() -> None:
    """What was kept of the filters is read anew from now on."""
    transaction.on_commit(lambda: cache.delete(_KEY), robust=True)


def _patterns() -> tuple[list[str], list[str]]:
    kept = cache.get(_KEY)
    if kept is None:
        rows = TextFilter.objects.enabled().order_by("pk").values_list("kind", "pattern")
        kept = (
            [pattern for kind, pattern in rows if kind == TextFilter.Kind.WORD],
            [pattern for kind, pattern in rows if kind == TextFilter.Kind.LINK],
        )
        cache.set(_KEY, kept, KEPT_SECONDS)
    return kept
