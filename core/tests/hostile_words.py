"""Words that want to be markup, and what of a page would run or be fetched because of them."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</title><svg onload=alert(1)>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus=alert(1) autofocus='",
    "<svg/onload=alert(1)>",
    "<math><mtext><script>alert(1)</script></mtext></math>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='vbscript:x'>x</a>",
    "<a href='https://example.com' onclick=alert(1)>x</a>",
    "<form action='https://evil.example'><button>x</button></form>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<style>*{display:none}</style>",
    "<!--><script>alert(1)</script-->",
    "[click](javascript:alert(1))",
    "[click](JaVaScRiPt:alert(1))",
    "[click](java\tscript:alert(1))",
    "[click](&#106;avascript:alert(1))",
    "[click](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    '[x](https://a.example "\\"onmouseover=alert(1)")',
    '[a](https://example.com"onmouseover=alert(1))',
    "<javascript:alert(1)>",
    "![x](https://evil.example/track.png)",
    "![x](x){onerror=alert(1)}",
    "## <svg onload=alert(1)>",
    "`<svg/onload=alert(1)>`",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "```<script>\nalert(1)\n```",
    "{{ 7|add:7 }}{% now 'Y' %}{% load x %}",
    "\u202e<script>alert(1)</script>\u2028",
]
_ADDRESSES = {"href", "src", "action", "formaction", "poster", "data", "xlink:href"}
_RUNNING = {"javascript", "vbscript", "data"}
# What none of our pages has: it can come from outside alone.
_FOREIGN = {"base", "object", "embed", "math", "style"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag, attributes):
        given = {name: value or "" for name, value in attributes}
        if tag in _FOREIGN or (tag == "iframe" and "srcdoc" in given):
            self._note(tag, given)
        if tag == "script" and "src" not in given and not given.get("type", "").startswith("application/"):
            self._note(tag, given)
        if tag == "meta" and given.get("http-equiv", "").lower() == "refresh":
            self._note(tag, given)
        if any(_is_obeyed(name, value) for name, value in given.items()):
            self._note(tag, given)

    def _note(self, tag, given) -> None:
        self.found.append(f"<{tag} {given}>")


def _is_obeyed(name: str, value: str) -> bool:
    address = re.sub(r"[\x00-\x20]", "", value)
    if name.startswith("on") or name == "style":
        return True
    if name not in _ADDRESSES:
        return False
    # Links may lead to others; nothing is fetched from them, or sent to them, unasked.
    return _scheme(address) in _RUNNING or (name != "href" and "evil.example" in address)


def _scheme(address: str) -> str:
    try:
        return urlsplit(address).scheme.lower()
    except ValueError:
        return ""


def what_runs(html: str) -> list[str]:
    """The tags that a browser would obey though no page of ours has them."""
    reader = _Reader()
    reader.feed(html)
    return reader.found
