"""People's Markdown as safe HTML."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from core.mentions import MENTION

TAGS = {
    *("h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "ul", "ol", "li", "pre", "code"),
    *("em", "strong", "s", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}
# Their headings start below the page's own.
HEADING_SHIFT = 2

# Pictures are left out: they would load from other people's servers, which the content policy forbids.
_parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")


def render_markdown(text: str, *, people: dict[str, str] | None = None) -> SafeString:
    """CommonMark with tables and strikethrough; raw HTML is shown as text, links carry `nofollow ugc`.

    `people` has the address of each person whose `@name` is to be a link, by the name in small letters.
    """
    tokens = _parser.parse(text)
    for token in tokens:
        if people and token.type == "inline":
            token.children = list(_with_mentions(token.children, people))
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + HEADING_SHIFT, 6)}"
    rendered = _parser.renderer.render(tokens, _parser.options, {})
    return mark_safe(  # noqa: S308 (cleaned here)
        nh3.clean(
            rendered, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow ugc noopener"
        )
    )


def _with_mentions(tokens: list[Token], people: dict[str, str]) -> Iterator[Token]:
    """The same text with links in it; what is in a link already stays as it is."""
    within = 0
    for token in tokens:
        within += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type != "text" or within:
            yield token
            continue
        end = 0
        for mention in MENTION.finditer(token.content):
            address = people.get(mention[1].lower())
            if address is None:
                continue
            yield _text(token.content[end : mention.start()])
            yield Token("link_open", "a", 1, attrs={"href": address})
            yield _text(mention[0])
            yield Token("link_close", "a", -1)
            end = mention.end()
        yield _text(token.content[end:])


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def plain_text(text: str, *, length: int) -> str:
    """Markdown without its marks, on one line, cut at a word to `length` characters: for descriptions in `<head>`."""
    words = html.unescape(nh3.clean(render_markdown(text), tags=set())).split()
    line = " ".join(words)
    if len(line) <= length:
        return line
    return line[: length - 1].rsplit(" ", 1)[0].rstrip(".,;:") + "…"


@dataclass(frozen=True)
class Block:
    """One paragraph, heading, list item or table row as plain text; lines that the author broke stay lines."""

    class Kind(Enum):
        TEXT = "text"
        HEADING = "heading"
        ITEM = "item"

    kind: Kind
    text: str


def text_blocks(text: str) -> Iterator[Block]:
    """Markdown as its blocks, for reading by programs: without code, struck-out words and addresses."""
    depth, row, is_heading = 0, None, False
    for token in _parser.parse(text):
        if token.type in ("bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("bullet_list_close", "ordered_list_close"):
            depth -= 1
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield Block(Block.Kind.TEXT, ": ".join(row))
            row = None
        elif token.type == "heading_open":
            is_heading = True
        elif token.type == "heading_close":
            is_heading = False
        elif token.type == "inline" and row is not None:
            row.append(_inline_text(token.children))
        elif token.type == "inline":
            kind = Block.Kind.ITEM if depth else Block.Kind.HEADING if is_heading else Block.Kind.TEXT
            yield Block(kind, _inline_text(token.children))


def _inline_text(tokens) -> str:
    """A soft break starts a line only before what begins one: people write lists without Markdown's marks."""
    parts, struck = [], 0
    for token in tokens:
        if token.type in ("s_open", "s_close"):
            struck += 1 if token.type == "s_open" else -1
        elif token.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif token.type == "text" and not struck:
            is_new = not token.content[:1].islower()
            if parts and parts[-1] == "\n" and not is_new:
                parts[-1] = " "
            parts.append(token.content)
    return "".join(parts)
