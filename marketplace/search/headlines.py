"""Showing where a text matches what was searched for: PostgreSQL marks the words, in every form it found them in."""

import re

from django.contrib.postgres.search import SearchHeadline
from django.db.models import Expression, Func, TextField, Value
from django.db.models.functions import Left
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from core.markdown import plain_text
from marketplace.search.text import WORDS, text_query

# Private characters stand for the marks until everything else is escaped.
_START, _STOP = "\ue000", "\ue001"
_MARKED = re.compile(f"{_START}([^{_START}{_STOP}]*){_STOP}")
# What Markdown writes beside the words, and where its links lead.
_MARKDOWN = r"[*`#~\[\]]+|\(https?://[^)]*\)"
# Of a longer text only so much is looked through for an excerpt.
_LOOKED_THROUGH = 4000
_EXCERPT_LENGTH = 220


def headline(field: str, text: str) -> SearchHeadline:
    """An expression: the whole of a short field, with what matches `text` marked; show it with `marked`."""
    return SearchHeadline(
        field, text_query(text), config=WORDS, start_sel=_START, stop_sel=_STOP, highlight_all=True
    )


def excerpt(field: str | Expression, text: str) -> SearchHeadline:
    """An expression: the part of a long Markdown field that matches best, or its beginning; see `marked_excerpt`."""
    beginning = Left(field, _LOOKED_THROUGH, output_field=TextField())
    return SearchHeadline(
        Func(beginning, Value(_MARKDOWN), Value(""), Value("g"), function="regexp_replace"),
        text_query(text),
        config=WORDS,
        start_sel=_START,
        stop_sel=_STOP,
        max_words=26,
        min_words=12,
    )


def marked(text: str) -> SafeString:
    """The value of `headline` as HTML: `<mark>` around matches, everything else escaped."""
    html = _MARKED.sub(r"<mark>\1</mark>", escape(text))
    return mark_safe(re.sub(f"[{_START}{_STOP}]", "", html))  # noqa: S308 (escaped above)


def marked_excerpt(text: str) -> SafeString:
    """The value of `excerpt` as HTML, without its Markdown."""
    return marked(plain_text(text, length=_EXCERPT_LENGTH))
