"""What programs are told of the site: robots.txt and the sitemaps."""

import xml.etree.ElementTree as ElementTree
from datetime import datetime
from urllib.robotparser import RobotFileParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import UserProfile
from accounts.tests.factories import UserFactory
from blog.tests.factories import BlogPostFactory, CourseFactory
from commerce.tests.bounty_factories import open_bounty
from community.tests.factories import PostFactory
from config.sitemaps import SECTIONS
from config.views.discovery import TRAINING_AGENTS
from core import sitemaps
from core.sitemaps import ROWS
from marketplace.actions import collections
from marketplace.models import Collection, Model3D
from marketplace.tests.factories import CategoryFactory, CollectionFactory, Model3DFactory
from support.tests.factories import DocSectionFactory, HelpArticleFactory

pytestmark = pytest.mark.django_db

NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


@pytest.fixture(autouse=True)
def site_url(settings):
    settings.SITE_URL = "https://lathe.example"


def robots(client) -> RobotFileParser:
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    parser = RobotFileParser()
    parser.parse(response.content.decode().splitlines())
    return parser


def places(client, address: str) -> list[str]:
    """The paths that a document of the sitemap names."""
    response = client.get(address)
    assert response.status_code == 200, address
    assert response.headers["Content-Type"].startswith("application/xml")
    root = ElementTree.fromstring(response.content)
    assert all(
        datetime.fromisoformat(changed.text).tzinfo for changed in root.iterfind(".//s:lastmod", NAMESPACE)
    )
    found = [place.text for place in root.iterfind(".//s:loc", NAMESPACE)]
    assert all(place.startswith("https://lathe.example/") for place in found)
    return [place.removeprefix("https://lathe.example") for place in found]


def all_places(client) -> list[str]:
    return [place for part in places(client, "/sitemap.xml") for place in places(client, part)]


# robots.txt


def test_nobody_is_sent_where_nothing_is_to_be_read(client):
    parser = robots(client)
    for path in (
        "/admin/",
        "/accounts/login/",
        "/cart/",
        "/checkout/",
        "/dashboard/purchases/",
        "/report/model/1/",
    ):
        assert not parser.can_fetch("SomeSearchEngine", path), path


def test_what_is_in_the_sitemap_may_be_read(client):
    model = Model3DFactory(listed=True)
    collections.add(collection=CollectionFactory(), model=model)
    parser = robots(client)
    assert [place for place in all_places(client) if not parser.can_fetch("SomeSearchEngine", place)] == []
    assert parser.can_fetch("SomeSearchEngine", model.current_file.poster_large.url)
    assert parser.site_maps() == ["https://lathe.example/sitemap.xml"]


def test_programs_that_gather_what_ai_is_trained_on_stay_out_unless_the_operator_lets_them_in(
    client, settings
):
    assert not any(robots(client).can_fetch(agent, "/model/1/") for agent in TRAINING_AGENTS)
    settings.TRAINING_CRAWLERS = True
    assert all(robots(client).can_fetch(agent, "/model/1/") for agent in TRAINING_AGENTS)


def test_a_site_that_is_not_to_be_listed_says_so_everywhere(client, settings):
    settings.SEARCH_ENGINES = False
    assert not robots(client).can_fetch("SomeSearchEngine", "/about/")
    for address in ("/about/", "/nothing-here/", "/robots.txt"):
        assert client.get(address)["X-Robots-Tag"] == "noindex, nofollow"


# Sitemaps


def test_what_is_not_for_everybody_is_in_no_sitemap(client):
    hidden = [
        Model3DFactory(pending=True),
        Model3DFactory(listed=True, visibility="unlisted"),
        Model3DFactory(listed=True, category=CategoryFactory(enabled=False)),
    ]
    private = CollectionFactory(is_public=False)
    collections.add(collection=private, model=Model3DFactory(listed=True))
    empty = CollectionFactory()
    buyer = UserFactory()
    found = all_places(client)
    for thing in (*hidden, *(model.creator for model in hidden), private, empty, private.owner, buyer):
        assert thing.get_absolute_url() not in found, thing


def test_who_asked_search_engines_to_stay_away_is_left_out_with_models_and_collections(client):
    model = Model3DFactory(listed=True)
    UserProfile.objects.create(user=model.creator, is_indexed=False)
    own = CollectionFactory(owner=model.creator)
    collections.add(collection=own, model=model)
    found = all_places(client)
    for thing in (model, model.creator, own):
        assert thing.get_absolute_url() not in found, thing
        assert '<meta name="robots" content="noindex' in client.get(thing.get_absolute_url()).content.decode()


def test_pages_shelves_models_people_and_collections_are_found(client):
    model = Model3DFactory(listed=True)
    UserProfile.objects.create(user=model.creator)
    collection = CollectionFactory()
    collections.add(collection=collection, model=model)
    found = all_places(client)
    for thing in (model, model.creator, model.category, collection, model.licence):
        assert thing.get_absolute_url() in found, thing
    assert {"/", "/marketplace/", "/about/", "/collections/"} <= set(found)
    assert len(found) == len(set(found))


def test_every_page_of_the_site_itself_answers_and_may_be_listed(client):
    for place in places(client, reverse("sitemap", args=["pages", 0])):
        page = client.get(place)
        assert page.status_code == 200, place
        assert 'content="noindex' not in page.content.decode(), place


@pytest.mark.parametrize("model_or_collection", [Model3D, Collection])
def test_a_page_and_the_sitemap_agree_on_what_may_be_listed(model_or_collection):
    for state in ({"listed": True}, {"pending": True}, {"listed": True, "visibility": "unlisted"}):
        model = Model3DFactory(**state)
        collections.add(collection=CollectionFactory(is_public=bool(state.get("listed"))), model=model)
    UserProfile.objects.create(user=Model3DFactory(listed=True).creator, is_indexed=False)
    indexed = set(model_or_collection.objects.indexed())
    assert indexed
    assert {row for row in model_or_collection.objects.all() if row.is_indexed} == indexed


def test_parts_are_cut_by_key_and_an_empty_one_does_not_exist(client, monkeypatch):
    monkeypatch.setattr(sitemaps, "ROWS", 2)
    models = [Model3DFactory(listed=True) for _ in range(5)]
    parts = [place for place in places(client, "/sitemap.xml") if "/models-" in place]
    assert len(parts) in {3, 4}
    listed = [place for part in parts for place in places(client, part)]
    assert listed == [model.get_absolute_url() for model in models]
    assert all(len(places(client, part)) <= 2 for part in parts)
    for nothing in (
        "/sitemaps/models-999999.xml",
        "/sitemaps/nothing-0.xml",
        f"/sitemaps/models-{10**30}.xml",
    ):
        assert client.get(nothing).status_code == 404


def test_a_part_costs_one_query_however_much_is_in_it(client):
    def queries(section: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            part = next(iter(SECTIONS[section].parts()))
            list(SECTIONS[section].entries(part))
        return len(asked)

    for _ in range(3):
        collections.add(collection=CollectionFactory(), model=Model3DFactory(listed=True))
        open_bounty()
        BlogPostFactory(published=True)
        CourseFactory(published=True)
        PostFactory()
        HelpArticleFactory(published=True)
        DocSectionFactory(published=True)
    assert {name: queries(name) for name in SECTIONS} == {
        "pages": 0, "categories": 2, "models": 2, "collections": 2, "people": 2, "bounties": 2,
        "posts": 2, "courses": 2, "communities": 2, "community-posts": 2, "help": 2, "docs": 2,
    }  # fmt: skip
    assert queries("models") == 1
    assert ROWS <= 50_000
