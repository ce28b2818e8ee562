"""A text of help or docs as its page shows it: figures filled in, read once, kept until any word of it changes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from django.core.cache import cache
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.articles import Article, Heading, Piece, read_article
from support.figures import filled
from support.library import picture_size
from support.models.writing import Writing

# A picture of the project's, alone in a paragraph: `![What it shows](../pictures/name.webp)`.
PICTURE = re.compile(r"(!\[[^\[\]\n]+\]\(\.\./pictures/[a-z0-9-]+\.webp\))")
_PARTS = re.compile(r"!\[(.+)\]\(\.\./pictures/([a-z0-9-]+)\.webp\)")
# A text of fewer sections is seen whole.
FEWEST_SECTIONS = 3
KEPT_SECONDS = 24 * 3600
# Counts up when the reading changes, so that kept ones are not shown any more.
_EDITION = 1


@dataclass(frozen=True)
class Picture:
    """A picture of the help: where it is, its size, and what it shows."""

    url: str
    width: int
    height: int
    words: str


class Text:
    """A text with its sections and pictures; nothing is read before a template needs it."""

    def __init__(self, row: Writing) -> None:
        self.row = row

    @cached_property
    def article(self) -> Article:
        return read(self.row.content)

    @property
    def summary(self) -> str:
        return filled(self.row.summary)

    @property
    def contents(self) -> list[Heading]:
        """The table of contents; empty where it would say nothing."""
        found = self.article.headings
        return found if len(found) >= FEWEST_SECTIONS else []

    @property
    def pieces(self) -> Iterator[tuple[Piece, Picture | None]]:
        """Each piece, with the picture that it is where it is one."""
        return (
            (piece, picture_of(piece.embedded) if piece.embedded else None) for piece in self.article.pieces
        )

    @property
    def html(self) -> SafeString:
        """The text alone, as search engines are given it: without pictures."""
        parts = [
            format_html("<pre><code>{}</code></pre>", piece.html) if piece.is_code else piece.html
            for piece in self.article.pieces
            if not piece.embedded
        ]
        return SafeString("".join(parts))


def read(text: str) -> Article:
    """`text` with its figures, as pieces. What the settings say is part of the key, so no figure is an old one."""
    full = filled(text)
    key = f"support:article:{_EDITION}:{sha256(full.encode()).hexdigest()}"
    return cache.get_or_set(key, lambda: read_article(full, embed=PICTURE), KEPT_SECONDS)


def picture_of(embedded: str) -> Picture | None:
    """What an embedded piece shows; None where the project has no such picture."""
    words, name = _PARTS.fullmatch(embedded).groups()
    size = picture_size(name)
    return Picture(static(f"help/{name}.webp"), *size, words) if size else None
