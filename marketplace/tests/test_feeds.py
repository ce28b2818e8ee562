"""Feeds of new models: what is in them, and what a reader that has them already gets."""

import xml.etree.ElementTree as ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.tests.factories import UserFactory
from marketplace.feeds import NEWEST
from marketplace.models import Model3D
from marketplace.tests.factories import CategoryFactory, Model3DFactory

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}
FEED = "/feeds/models/"


def feed(client, address=FEED):
    response = client.get(address)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def titles(client, address=FEED) -> list[str]:
    return [title.text for title in feed(client, address).iterfind("a:entry/a:title", ATOM)]


def test_what_is_not_listed_or_mature_is_in_no_feed(client):
    Model3DFactory(pending=True)
    Model3DFactory(listed=True, visibility="unlisted")
    Model3DFactory(listed=True, is_mature=True)
    assert titles(client) == []


@pytest.mark.parametrize(
    "address", ["/feeds/models/nothing/", "/profile/nobody/feed/", "/profile/a%00b/feed/"]
)
def test_there_is_no_feed_of_what_is_not_there(client, address):
    assert client.get(address).status_code == 404


def test_a_switched_off_shelf_has_no_feed(client):
    shelf = CategoryFactory(enabled=False)
    assert client.get(reverse("marketplace:category_feed", args=[shelf.slug])).status_code == 404


def test_a_feed_holds_what_atom_asks_for(client, settings):
    settings.SITE_URL = "https://lathe.example"
    model = Model3DFactory(listed=True, title="Oak & <ash>\x0b chair", description="A **fine** chair.")
    root = feed(client)
    assert root.find("a:id", ATOM).text
    assert root.find("a:updated", ATOM).text
    assert root.find("a:link[@rel='self']", ATOM).get("href") == "https://lathe.example/feeds/models/"
    entry = root.find("a:entry", ATOM)
    assert entry.find("a:title", ATOM).text == "Oak & <ash> chair"
    assert entry.find("a:id", ATOM).text == f"https://lathe.example/model/{model.pk}/"
    assert entry.find("a:author/a:name", ATOM).text == model.creator.display_name
    assert entry.find("a:category", ATOM).get("term") == model.category.name
    summary = entry.find("a:summary", ATOM)
    assert summary.get("type") == "html"
    assert "<p>A fine chair.</p>" in summary.text
    assert f'src="https://lathe.example{model.poster_url}"' in summary.text


def test_all_new_models_those_of_a_shelf_and_those_of_a_creator(client):
    first, second = (Model3DFactory(listed=True, title=title) for title in ("First", "Second"))
    assert titles(client) == ["Second", "First"]
    assert titles(client, reverse("marketplace:category_feed", args=[first.category.slug])) == ["First"]
    assert titles(client, reverse("marketplace:creator_feed", args=[second.creator.username])) == ["Second"]


def test_a_name_in_other_letters_leads_to_the_one_address(client):
    UserFactory(username="Ana")
    assert client.get("/profile/ana/feed/").headers["Location"] == "/profile/Ana/feed/"


def test_a_reader_that_has_the_newest_gets_nothing_again_until_something_comes_or_goes(client):
    models = [Model3DFactory(listed=True) for _ in range(2)]
    got = client.get(FEED)
    asked = {"HTTP_IF_NONE_MATCH": got["ETag"]}
    assert client.get(FEED, **asked).status_code == 304
    assert client.get(FEED, HTTP_IF_MODIFIED_SINCE=got["Last-Modified"]).status_code == 304
    Model3D.objects.filter(pk=models[0].pk).update(is_published=False)
    assert client.get(FEED, **asked).status_code == 200


def test_a_feed_is_bounded_and_costs_the_same_however_much_is_in_it(client, monkeypatch):
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(FEED)
        return len(asked)

    Model3DFactory(listed=True)
    few = queries()
    for _ in range(4):
        Model3DFactory(listed=True)
    assert queries() == few == 2
    monkeypatch.setattr("marketplace.feeds.NEWEST", 3)
    assert len(titles(client)) == 3
    assert NEWEST <= 50


def test_pages_lead_their_readers_to_the_feeds(client):
    model = Model3DFactory(listed=True)
    addresses = {
        "/": FEED,
        model.category.get_absolute_url(): reverse("marketplace:category_feed", args=[model.category.slug]),
        model.get_absolute_url(): reverse("marketplace:creator_feed", args=[model.creator.username]),
        model.creator.get_absolute_url(): reverse("marketplace:creator_feed", args=[model.creator.username]),
    }
    for page, address in addresses.items():
        assert f'type="application/atom+xml" href="{address}"' in client.get(page).content.decode()
