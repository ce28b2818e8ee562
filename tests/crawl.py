"""A visitor that follows every link it is shown, and says what is wrong with what it finds there."""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.urls import Resolver404, resolve

HOSTS = {"", "testserver", "localhost"}
# Pages that are shown with this status: who may not open the lesson reads how they can.
REFUSALS = {"blog:lesson": 403}
# Of one kind of page, so many are looked at: with the same names in the query, and altogether.
ALIKE, OF_ONE_VIEW = 2, 10


@dataclass(frozen=True)
class Complaint:
    """`address` was linked from `linked_from`, which is empty where the crawl began there."""

    address: str
    linked_from: str
    what: str


class Page(HTMLParser):
    """What a page says of itself, and where it leads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.headings = 0
        self.title = ""
        self.description = ""
        self._in_title = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.ids.add(values["id"])
        if tag == "a" and values.get("href") is not None:
            self.links.append(values["href"])
        elif tag == "h1":
            self.headings += 1
        elif tag == "title" and not self.title:
            self._in_title = True
        elif tag == "meta" and values.get("name") == "description":
            self.description = (values.get("content") or "").strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data.strip()


def faults_of(page: Page, *, is_console: bool) -> Iterator[str]:
    """Every page has one heading, a title, and but for the console a description; its own anchors are there."""
    if page.headings != 1:
        yield f"{page.headings} headings of the first order"
    if not page.title:
        yield "no title"
    if not page.description and not is_console:
        yield "no description"
    for link in page.links:
        if link.startswith("#") and len(link) > 1 and link[1:] not in page.ids:
            yield f"an anchor that is not there: {link}"


def kind_of(address: str) -> tuple[str, frozenset[str]]:
    """The view that answers, and what it is asked for: pages of one kind differ in their subject alone."""
    parts = urlsplit(address)
    try:
        found = resolve(parts.path)
    except Resolver404:
        return parts.path, frozenset()
    return found.view_name or found.route, frozenset(name for name, _ in parse_qsl(parts.query))


def crawl(client: Client, starts: Iterable[str]) -> tuple[list[Complaint], Counter]:
    """Follow every link from `starts` on: what is wrong, and how many pages were looked at, by their view."""
    complaints, seen = [], set()
    alike, looked_at = Counter(), Counter()
    waiting = deque((address, "") for address in starts)
    signed_in = client.session.get(SESSION_KEY)
    while waiting:
        address, linked_from = waiting.popleft()
        kind = kind_of(address)
        is_enough = alike[kind] >= ALIKE or looked_at[kind[0]] >= OF_ONE_VIEW
        if address in seen or (linked_from and is_enough):
            continue
        seen.add(address)
        alike[kind] += 1
        looked_at[kind[0]] += 1
        for what, link in visited(client, address):
            if what:
                complaints.append(Complaint(address, linked_from, what))
            if link:
                waiting.append((link, address))
        if client.session.get(SESSION_KEY) != signed_in:
            complaints.append(Complaint(address, linked_from, "to look at it signs out"))
            break
    return complaints, looked_at


def visited(client: Client, address: str) -> Iterator[tuple[str, str]]:
    """What is wrong with the page at an address, and the links of the site on it; one of the two is empty."""
    answer = client.get(address, follow=True, HTTP_SEC_FETCH_SITE="same-origin")
    here = answer.redirect_chain[-1][0] if answer.redirect_chain else address
    if urlsplit(here).hostname not in {None, *HOSTS}:
        return
    if answer.status_code not in (200, REFUSALS.get(kind_of(here)[0])):
        yield f"answered by {answer.status_code}", ""
        return
    if not answer.headers.get("Content-Type", "").startswith("text/html") or answer.streaming:
        answer.close()
        return
    text = answer.content.decode()
    page = Page(text)
    # What is fetched into a page, such as the console's dialogs, is no page.
    if "<html" in text[:2000]:
        for what in faults_of(page, is_console=urlsplit(here).path.startswith("/admin/")):
            yield what, ""
    for link in page.links:
        there = urlsplit(urldefrag(urljoin(f"http://testserver{here}", link))[0])
        if there.scheme in ("http", "https") and there.hostname in HOSTS:
            yield "", f"{there.path}?{there.query}" if there.query else there.path
