"""What every public page says of itself to search engines and to sites that link to it."""

import html
import json
import re

import pytest
from django.urls import reverse

from accounts.tests.factories import UserFactory
from marketplace.actions import collections
from marketplace.tests.factories import CollectionFactory, Model3DFactory

pytestmark = pytest.mark.django_db

SITE = "https://lathe.example"
STATIC = (
    "home",
    "marketplace:grid",
    "marketplace:collections",
    "about",
    "licences",
    "terms",
    "privacy",
    "contact",
)
TYPES = {
    "model": {"Product", "BreadcrumbList"},
    "collection": {"CollectionPage", "BreadcrumbList"},
    "category": {"CollectionPage", "BreadcrumbList"},
    "profile": {"ProfilePage"},
    "home": {"WebSite"},
}


@pytest.fixture(autouse=True)
def site_url(settings):
    settings.SITE_URL = SITE


@pytest.fixture
def places():
    """A page of each kind that everybody may see, by name, with the address that stands for it."""
    model = Model3DFactory(listed=True, title='Oak & "ash" <chair>')
    collection = CollectionFactory(name="Oak & ash")
    collections.add(collection=collection, model=model)
    return {
        **{name: reverse(name) for name in STATIC},
        "category": model.category.get_absolute_url(),
        "model": model.get_absolute_url(),
        "licence": model.licence.get_absolute_url(),
        "collection": collection.get_absolute_url(),
        "profile": model.creator.get_absolute_url(),
        "followers": reverse("accounts:followers", args=[model.creator.username]),
    }


def metas(page: str) -> dict[str, str]:
    """The content of each `<meta>` by its name or property."""
    found = re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)"', page)
    assert len({name for name, _ in found}) == len(found), "said twice"
    return {name: html.unescape(content) for name, content in found}


def page_of(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content.decode()


def test_a_page_says_once_where_it_is_what_it_is_and_what_it_looks_like(client, places):
    for name, path in places.items():
        page = page_of(client, path)
        head = metas(page.split("</head>")[0])
        canonical = re.findall(r'<link rel="canonical" href="([^"]+)"', page)
        assert canonical == [f"{SITE}{path}"], name
        assert len(re.findall("<title>", page.split("</head>")[0])) == 1, name
        assert len(head["description"]) >= 20, name
        assert head["og:url"] in {canonical[0], canonical[0].split("?")[0]}, name
        assert head["og:title"], name
        assert head["og:image"].startswith("https://"), name
        assert head["og:image"] == head["twitter:image"], name
        assert head["og:image:alt"], name
        assert head["twitter:card"] == "summary_large_image", name


def test_the_pictures_of_models_stand_for_models_and_collections(client, places):
    pictures = {
        name: metas(page_of(client, places[name]))["og:image"] for name in ("model", "collection", "about")
    }
    assert "/renders/" in pictures["model"]
    assert pictures["collection"] == pictures["model"]
    assert "social" in pictures["about"]


def test_structured_data_is_valid_and_of_the_right_kind(client, places):
    for name, kinds in TYPES.items():
        texts = re.findall(
            r'<script type="application/ld\+json">(.*?)</script>', page_of(client, places[name]), re.DOTALL
        )
        data = json.loads(texts[0])
        assert len(texts) == 1, name
        assert data["@context"] == "https://schema.org"
        assert {thing["@type"] for thing in data.get("@graph", [data])} == kinds, name


def test_the_search_of_the_site_is_described_where_the_site_is(client):
    (text,) = re.findall(r'ld\+json">(.*?)</script>', page_of(client, "/"))
    action = json.loads(text)["potentialAction"]
    assert action["@type"] == "SearchAction"
    assert client.get(action["target"].format(search_term_string="oak").removeprefix(SITE)).status_code == 200


def test_pages_that_belong_to_one_person_are_not_to_be_listed(client):
    person = UserFactory()
    client.force_login(person)
    model = Model3DFactory(listed=True)
    private = CollectionFactory(owner=person, is_public=False)
    for path in (
        reverse("marketplace:likes"),
        reverse("marketplace:new_collection"),
        reverse("marketplace:collect", args=[model.pk]),
        reverse("marketplace:comments", args=[model.pk]),
        reverse("marketplace:sheet", args=[model.pk]),
        private.get_absolute_url(),
        reverse("marketplace:edit_collection", args=[private.pk]),
    ):
        assert metas(page_of(client, path))["robots"].startswith("noindex"), path
