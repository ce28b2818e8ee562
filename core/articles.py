"""Long texts by people whom the site trusts, as pages: sections that can be jumped to, highlighted code, embeds.

As in `core.markdown`, raw HTML is shown as text, and pictures from elsewhere are left out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound

from core.markdown import ATTRIBUTES, SCHEMES, TAGS

# The page's own title is the first.
HIGHEST, DEEPEST_LISTED = 2, 3
# Longer code is shown as it is: reading it through takes longer than a page may.
MAX_CODE = 20_000
_ALLOWED = TAGS | {"h2", "span"}
_HEADINGS = {f"h{level}": {"id"} for level in range(HIGHEST, 7)}
_ATTRIBUTES = ATTRIBUTES | _HEADINGS | {"span": {"class"}}
_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


@dataclass(frozen=True)
class Heading:
    """A section: its place in the page (`#anchor`), and how deep it lies (2 or 3)."""

    anchor: str
    text: str
    level: int


@dataclass(frozen=True)
class Piece:
    """A part of an article: prose as HTML, or code with its language, or what stands embedded there."""

    html: str = ""
    is_code: bool = False
    language: str = ""
    embedded: str = ""


@dataclass(frozen=True)
class Article:
    """The pieces in their order, and the sections that a table of contents names."""

    pieces: list[Piece] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)

    @property
    def embedded(self) -> list[str]:
        """What is embedded, each once."""
        return list(dict.fromkeys(piece.embedded for piece in self.pieces if piece.embedded))


def read_article(text: str, *, embed: re.Pattern | None = None) -> Article:
    """`text` as pieces. A paragraph that is all of `embed` is an embedded piece, named by the pattern's first group."""
    tokens = _parser.parse(text)
    headings = list(_mark_headings(tokens))
    pieces, prose = [], []
    place = 0
    while place < len(tokens):
        found = _piece_at(tokens, place, embed)
        if found is None:
            prose.append(tokens[place])
            place += 1
            continue
        piece, place = found
        if prose:
            pieces.append(_prose(prose))
        pieces.append(piece)
        prose = []
    if prose:
        pieces.append(_prose(prose))
    return Article(pieces, headings)


def _piece_at(tokens: list[Token], place: int, embed: re.Pattern | None) -> tuple[Piece, int] | None:
    """Code or an embed that stands by itself in the text, and the place after it."""
    token = tokens[place]
    if token.level:
        return None
    if token.type in ("fence", "code_block"):
        html, language = highlighted_code(token.content, token.info)
        return Piece(html, is_code=True, language=language), place + 1
    if embed is not None and token.type == "paragraph_open":
        match = embed.fullmatch(tokens[place + 1].content.strip())
        if match:
            return Piece(embedded=match[1]), place + 3
    return None


def highlighted_code(code: str, info: str = "") -> tuple[SafeString, str]:
    """The code with its words in `<span class>`, and the language's name; plain where that is not known."""
    word = info.split(maxsplit=1)[0] if info.split() else ""
    if word and len(code) <= MAX_CODE:
        try:
            lexer = get_lexer_by_name(word, stripnl=False)
        except (ClassNotFound, ValueError):
            return escape(code), ""
        html = highlight(code, lexer, HtmlFormatter(nowrap=True))
        return mark_safe(html), lexer.name  # noqa: S308 (the formatter escapes)
    return escape(code), ""


def _mark_headings(tokens: list[Token]) -> Iterator[Heading]:
    """Give each heading its level on the page and an anchor of its own; yields those that are listed."""
    taken: set[str] = set()
    for place, token in enumerate(tokens):
        if token.type == "heading_close":
            token.tag = _level(token)
        if token.type != "heading_open":
            continue
        token.tag = _level(token)
        words = "".join(child.content for child in tokens[place + 1].children or ())
        anchor = first = f"section-{slugify(words)[:60] or 'x'}"
        number = 1
        while anchor in taken:
            number += 1
            anchor = f"{first}-{number}"
        taken.add(anchor)
        token.attrSet("id", anchor)
        level = int(token.tag[1])
        if words and level <= DEEPEST_LISTED and not token.level:
            yield Heading(anchor, words, level)


def _level(token: Token) -> str:
    """`#` and `##` both begin a section: the page has one title, which is not in the text."""
    return f"h{max(int(token.tag[1]), HIGHEST)}"


class _Renderer(RendererHTML):
    """Code inside lists and quotes is highlighted as well."""

    def fence(self, tokens, idx, options, env):
        html, _ = highlighted_code(tokens[idx].content, tokens[idx].info)
        return f"<pre><code>{html}</code></pre>\n"


_renderer = _Renderer()


def _prose(tokens: list[Token]) -> Piece:
    rendered = _renderer.render(tokens, _parser.options, {})
    cleaned = nh3.clean(
        rendered, tags=_ALLOWED, attributes=_ATTRIBUTES, url_schemes=SCHEMES, link_rel="noopener"
    )
    return Piece(mark_safe(cleaned))  # noqa: S308 (cleaned here)
