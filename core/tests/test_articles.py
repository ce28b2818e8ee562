"""Long texts as pages: nothing in them is markup of its own, sections have anchors, code is highlighted."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.articles import MAX_CODE, read_article

EMBED = re.compile(r"/model/(\d+)/")
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[press](javascript:alert(1))",
    "[press](JaVaScRiPt:alert(1))",
    "[press](data:text/html,<script>alert(1)</script>)",
    "![tracked](https://elsewhere.example/pixel.png)",
    "## <svg onload=alert(1)>",
    "```html\n<script>alert(1)</script>\n```",
    "```<script>\nalert(1)\n```",
    "    <script>alert(1)</script>",
    "* ```js\n  </code></pre><script>alert(1)</script>\n  ```",
    "<a href='https://example.com' onclick=alert(1)>x</a>",
    "[x](https://example.com \"' onmouseover=alert(1) '\")",
]


def html_of(text: str) -> str:
    return "".join(piece.html for piece in read_article(text).pieces)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_markup_of_the_text_reaches_the_page(text):
    html = html_of(text)
    tags = set(re.findall(r"<\s*([a-z0-9]+)", html.lower()))
    assert tags <= {"p", "a", "h2", "h3", "span", "ul", "li", "pre", "code"}
    attributes = set(re.findall(r"<[a-z0-9]+ ([a-z]+)=", html.lower()))
    assert attributes <= {"href", "id", "class", "title", "rel"}
    assert "javascript:" not in html.lower().replace("(javascript:", "")
    assert "data:" not in re.sub(r"[^<]*\(data:[^<]*", "", html)


@given(st.text(max_size=300))
def test_any_text_is_read_and_has_no_script(text):
    assert "<script" not in html_of(text).lower()


def test_sections_have_anchors_of_their_own_and_the_pages_title_stays_the_only_first_heading():
    article = read_article("# Start\n\n## Start\n\n### Näher *hin*\n\n#### Deep\n\n## !!!")
    assert [(heading.anchor, heading.level) for heading in article.headings] == [
        ("section-start", 2),
        ("section-start-2", 2),
        ("section-naher-hin", 3),
        ("section-x", 2),
    ]
    html = article.pieces[0].html
    assert '<h2 id="section-start">Start</h2>' in html
    assert "<h1" not in html


def test_a_heading_in_a_quote_is_no_section():
    assert read_article("> ## Quoted").headings == []


def test_code_is_a_piece_with_its_language_and_its_words_marked():
    pieces = read_article("Before.\n\n```python\ndef bake(): ...\n```\n\nAfter.").pieces
    assert [piece.is_code for piece in pieces] == [False, True, False]
    assert pieces[1].language == "Python"
    assert '<span class="k">def</span>' in pieces[1].html


@pytest.mark.parametrize("info", ["", "no-such-language", "p" * 5000])
def test_code_of_no_known_language_is_shown_as_it_is(info):
    piece = read_article(f"```{info}\nif a < b:\n```").pieces[0]
    assert (piece.html, piece.language) == ("if a &lt; b:\n", "")


def test_very_long_code_is_not_read_through():
    piece = read_article(f"```python\n{'x = 1 ' * (MAX_CODE // 5)}\n```").pieces[0]
    assert "<span" not in piece.html


def test_an_address_alone_in_a_paragraph_is_embedded_and_within_words_it_is_not():
    article = read_article("/model/7/\n\nSee /model/8/ too.\n\n> /model/9/\n\n/model/7/", embed=EMBED)
    assert [piece.embedded for piece in article.pieces] == ["7", "", "7"]
    assert article.embedded == ["7"]
