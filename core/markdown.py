"""People's Markdown as safe HTML."""

import html

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

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


def render_markdown(text: str) -> SafeString:
    """CommonMark with tables and strikethrough; raw HTML is shown as text, links carry `nofollow ugc`."""
    tokens = _parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + HEADING_SHIFT, 6)}"
    rendered = _parser.renderer.render(tokens, _parser.options, {})
    return mark_safe(  # noqa: S308 (cleaned here)
        nh3.clean(
            rendered, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel="nofollow ugc noopener"
        )
    )


def plain_text(text: str, *, length: int) -> str:
    """Markdown without its marks, on one line, cut at a word to `length` characters: for descriptions in `<head>`."""
    words = html.unescape(nh3.clean(render_markdown(text), tags=set())).split()
    line = " ".join(words)
    if len(line) <= length:
        return line
    return line[: length - 1].rsplit(" ", 1)[0].rstrip(".,;:") + "…"
