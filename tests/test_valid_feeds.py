"""Every feed against the grammar of Atom (RFC 4287), and what it says beyond the grammar."""

from pathlib import Path

import pytest
from django.conf import settings
from lxml import etree

from accounts.tests.factories import UserFactory
from blog.tests.factories import BlogPostFactory
from marketplace.tests.factories import CategoryFactory, Model3DFactory

pytestmark = pytest.mark.django_db

GRAMMAR = etree.RelaxNG(etree.parse(Path(settings.BASE_DIR) / "tests" / "schemas" / "atom.rng"))
ATOM = {"a": "http://www.w3.org/2005/Atom"}
HOSTILE = "<script>&amp; ]]> \u202e “Oak” \ufffe\x0b"


def valid(client, address: str):
    response = client.get(address)
    assert response.status_code == 200
    feed = etree.fromstring(response.content)
    assert GRAMMAR.validate(feed), f"{address}: {GRAMMAR.error_log}"
    return feed


def test_the_grammar_refuses_an_entry_without_a_title():
    feed = f'<feed xmlns="{ATOM["a"]}"><id>a</id><title>A</title><updated>2026-01-01T00:00:00Z</updated>%s</feed>'
    entry = "<entry><id>b</id><updated>2026-01-01T00:00:00Z</updated></entry>"
    assert GRAMMAR.validate(etree.fromstring(feed % ""))
    assert not GRAMMAR.validate(etree.fromstring(feed % entry))


@pytest.mark.parametrize("words", ["Oak chair", HOSTILE])
@pytest.mark.parametrize("many", [0, 3])
def test_every_feed_is_valid_atom(client, words, many):
    category, creator = CategoryFactory(slug="chairs"), UserFactory(username="ana", full_name=words[:40])
    for _ in range(many):
        Model3DFactory(listed=True, title=words, category=category, creator=creator)
        BlogPostFactory(published=True, title=words, excerpt=words, category="news", author=creator)
    addresses = (
        "/feeds/models/",
        "/feeds/models/chairs/",
        "/profile/ana/feed/",
        "/blog/feed/",
        "/blog/feed/news/",
    )
    for address in addresses:
        feed = valid(client, address)
        ids = feed.xpath("a:entry/a:id/text()", namespaces=ATOM)
        assert len(ids) == len(set(ids)) == many
        assert len(feed.xpath("a:entry/a:author", namespaces=ATOM)) == many
        (itself,) = feed.xpath("a:link[@rel='self']/@href", namespaces=ATOM)
        assert itself.endswith(address)
