"""The search over everything: what nobody may find, what each kind shows, and what a page costs."""

import re
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Follow
from accounts.tests.factories import UserFactory
from blog.tests.factories import BlogPostFactory, CourseFactory
from community.tests.factories import CommunityFactory
from config.search import kinds
from marketplace.actions import collections
from marketplace.search.words import refresh_words
from marketplace.tests.factories import CollectionFactory, Model3DFactory
from support.tests.factories import HelpArticleFactory

pytestmark = pytest.mark.django_db

SEARCH = "/search/"
MOST_QUERIES = 20
ODD = [
    *(
        "%",
        "_",
        "\\",
        "'",
        '"',
        "''",
        '"oak',
        "-oak",
        "or",
        "oak or",
        "<script>",
        "()|&:*!",
        "\x00",
        "a\x00b",
    ),
    *(
        "\x1b[31m",
        "\u202e",
        "\ud7ff",
        "🪑",
        "é" * 300,
        "x" * 10_000,
        "oak " * 2500,
        "\t\n\r",
        "{{ 7|add:7 }}",
    ),
]


def get(client, **parameters):
    answer = client.get(f"{SEARCH}?{urlencode(parameters)}" if parameters else SEARCH)
    assert answer.status_code == 200
    return answer.content.decode()


def tabs(text):
    """Label and count of each tab."""
    row = re.search(r'<nav class="tab-row" aria-label="What was found">(.*?)</nav>', text, re.DOTALL)[1]
    return re.findall(r">([A-Z]\w+)(?: <span[^>]*>([\d.k]+)</span>)?</a>", row)


def collection_of(*models, **fields):
    made = CollectionFactory(**fields)
    for model in models:
        collections.add(collection=made, model=model)
    return made


# Refused


def test_what_is_not_public_is_found_by_nobody(client):
    Model3DFactory(pending=True, title="Secret walnut")
    Model3DFactory(listed=True, visibility="unlisted", title="Unlisted walnut")
    listed = Model3DFactory(listed=True, title="Lamp")
    collection_of(listed, name="Private walnut", is_public=False)
    CollectionFactory(name="Empty walnut")
    UserFactory(username="walnut_person", is_active=False)
    shown = get(client, q="walnut")
    assert "Nothing found for “walnut”" in shown
    assert tabs(shown) == [
        ("All", ""),
        ("Models", "0"),
        ("People", "0"),
        ("Collections", "0"),
        ("Communities", "0"),
        ("Discussions", "0"),
        ("Courses", "0"),
        ("Articles", "0"),
        ("Help", "0"),
    ]


def test_who_hides_mature_models_does_not_find_them(client):
    Model3DFactory(listed=True, is_mature=True, title="Walnut figure")
    assert "is-mature-hidden" in get(client, q="walnut")
    client.force_login(UserFactory(mature_content="show"))
    assert "is-mature-hidden" not in get(client, q="walnut")
    client.force_login(UserFactory(mature_content="hide"))
    assert "Nothing found" in get(client, q="walnut")


def test_nothing_that_somebody_wrote_becomes_markup(client):
    model = Model3DFactory(
        listed=True,
        title="<b>Walnut</b>",
        description="**Walnut** <img src=x onerror=alert(1)> \ue000wood\ue001",
    )
    collection_of(model, name="<i>Walnut</i>", description="Walnut <script>alert(1)</script>")
    UserFactory(username="walnut", full_name="<u>Walnut</u>")
    shown = get(client, q="walnut")
    for tag in ("<b>Walnut", "<b><mark>", "<i>", "<u>", "<img src=x", "<script>alert"):
        assert tag not in shown.replace("<b>&lt;", "")
    assert "&lt;b&gt;<mark>Walnut</mark>&lt;/b&gt;" in shown
    assert "&lt;u&gt;<mark>Walnut</mark>&lt;/u&gt;" in shown
    assert "&lt;i&gt;<mark>Walnut</mark>&lt;/i&gt;" in shown
    assert '"><script>' not in get(client, q='"><script>alert(1)</script>')


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("kind", ["", "people", "collections", "communities", "courses", "posts", "help"])
def test_no_text_breaks_the_page(client, text, kind):
    collection_of(Model3DFactory(listed=True), name="Oak % _ \\ '")
    get(client, q=text, kind=kind)


@pytest.mark.parametrize("page", ["0", "-1", "9" * 400, "abc", "\x00", "1.5", "٣", ""])
def test_no_page_number_breaks_the_page(client, page):
    UserFactory(username="walnut")
    assert "walnut" in get(client, q="walnut", kind="people", page=page)


@pytest.mark.parametrize("kind", ["nonsense", "\x00", "x" * 10_000])
def test_an_unknown_kind_is_the_tab_of_everything(client, kind):
    UserFactory(username="walnut")
    assert "found-people" in get(client, q="walnut", kind=kind)


# Found


def test_without_words_the_page_is_a_place_to_begin(client):
    shown = get(client)
    assert "Search everything" in shown
    assert "Search by shape" in shown
    assert "tab-row" not in shown
    assert "noindex" not in shown


def test_each_kind_shows_its_first_and_how_many_there_are(client):
    models = [Model3DFactory(listed=True, title=f"Walnut chair {number}") for number in range(9)]
    for number in range(5):
        collection_of(models[0], name=f"Walnut shelf {number}")
    UserFactory(username="walnut")
    shown = get(client, q="walnut")
    assert tabs(shown) == [
        ("All", ""),
        ("Models", "9"),
        ("People", "1"),
        ("Collections", "5"),
        ("Communities", "0"),
        ("Discussions", "0"),
        ("Courses", "0"),
        ("Articles", "0"),
        ("Help", "0"),
    ]
    assert shown.count("data-model-card") == 8
    assert 'href="/marketplace/?q=walnut">See all 9<span' in shown
    assert 'href="/search/?q=walnut&amp;kind=collections">See all 5<span' in shown
    assert "See all 1<" not in shown
    assert "noindex" in shown


def test_models_have_their_own_page_with_filters(client):
    assert client.get(SEARCH, {"q": "oak & elm", "kind": "models"}).url == "/marketplace/?q=oak+%26+elm"


def test_what_matches_is_marked_in_every_form_of_the_word(client):
    Model3DFactory(listed=True, title="Two tables", description="Of *walnut*, and a small table as well.")
    shown = get(client, q="table walnut")
    assert "Two <mark>tables</mark>" in shown
    assert "Of <mark>walnut</mark>, and a small <mark>table</mark>" in shown


def test_people_are_found_and_can_be_followed(client):
    viewer, other = UserFactory(), UserFactory(username="nadia", full_name="Nadia Okoro")
    Follow.objects.create(follower=viewer, followed=other)
    UserFactory(username="okoro_two", full_name="")
    client.force_login(viewer)
    shown = get(client, q="okoro", kind="people")
    assert "Nadia <mark>Okoro</mark>" in shown
    assert "<mark>okoro</mark>_two" in shown
    assert shown.count("Following<span") == 1
    assert shown.count("Follow<span") == 1


def test_a_name_with_a_slip_in_it_finds_what_is_close(client):
    UserFactory(username="nadia", full_name="Nadia Okoro")
    collection_of(Model3DFactory(listed=True), name="Walnut shelf")
    shown = get(client, q="nadai")
    assert "these come close" in shown
    assert "Nadia Okoro" in shown
    shown = get(client, q="walnt", kind="collections")
    assert "Nothing matches “walnt” exactly" in shown
    assert "Walnut shelf" in shown


def test_mistyped_words_find_the_models_that_were_meant_or_some_that_are_near(client):
    Model3DFactory(listed=True, title="Walnut cabinet")
    refresh_words()
    shown = get(client, q="walnit cabinet")
    assert "This is for <b>walnut cabinet</b>" in shown
    assert "<mark>Walnut</mark> <mark>cabinet</mark>" in shown
    shown = get(client, q="walnut spaceship")
    assert "these come close" in shown
    assert "data-model-card" in shown


def test_collections_are_found_by_their_descriptions_too(client):
    collection_of(Model3DFactory(listed=True), name="For the studio", description="Armchairs of walnut")
    shown = get(client, q="armchair", kind="collections")
    assert "For the studio" in shown
    assert "<mark>Armchairs</mark> of walnut" in shown


def test_a_kind_comes_in_pages(client, monkeypatch):
    for number in range(30):
        UserFactory(username=f"walnut{number}", full_name="")
    first, second = get(client, q="walnut", kind="people"), get(client, q="walnut", kind="people", page=2)
    assert first.count('class="tile"') == 24
    assert second.count('class="tile"') == 6
    assert 'rel="next"' in first
    monkeypatch.setattr(kinds, "MAX_FOUND", 25)
    last = get(client, q="walnut", kind="people", page=99)
    assert last.count('class="tile"') == 1
    assert "Add a word to see others" in last


def test_the_search_field_keeps_the_kind_and_works_as_a_plain_form(client):
    shown = get(client, q="walnut", kind="people")
    assert '<input type="hidden" name="kind" value="people">' in shown
    assert 'value="walnut"' in shown


def test_the_marketplace_leads_here_with_the_same_words(client):
    page = client.get("/marketplace/", {"q": "oak & elm"}).content.decode()
    assert 'href="/search/?q=oak%20%26%20elm"' in page


@pytest.mark.parametrize("kind", ["", "people", "collections", "communities", "courses", "posts", "help"])
@pytest.mark.parametrize("text", ["walnut", "walnit"])
def test_the_number_of_queries_does_not_grow(client, kind, text):
    client.force_login(UserFactory())

    def queries():
        get(client, q=text, kind=kind)
        with CaptureQueriesContext(connection) as context:
            get(client, q=text, kind=kind)
        return len(context)

    def fill(start, count):
        for number in range(start, start + count):
            model = Model3DFactory(listed=True, title="Walnut")
            collection_of(model, name=f"Walnut {number}")
            UserFactory(username=f"walnut{number}")
            CommunityFactory(name=f"Walnut workers {number}")
            BlogPostFactory(published=True, title=f"Walnut {number}")
            HelpArticleFactory(published=True, title=f"Where is walnut {number}?")
            CourseFactory(published=True, title=f"Walnut {number}")

    fill(0, 2)
    first = queries()
    fill(2, 6)
    assert queries() == first <= MOST_QUERIES


def test_communities_are_found_by_words_and_nearly_right_names_and_private_ones_never(client):
    CommunityFactory(name="Walnut workers", description="Grain and **varnish**.")
    CommunityFactory(name="Walnut secrets", private=True)
    CommunityFactory(name="Walnut drafts", pending=True)
    assert "<mark>varnish</mark>" in get(client, q="varnish", kind="communities")
    near = get(client, q="walnit", kind="communities").replace("<mark>", "").replace("</mark>", "")
    assert "Walnut workers" in near
    assert "secrets" not in near + get(client, q="walnut")
    assert "drafts" not in near + get(client, q="walnut")


def test_posts_are_found_by_their_words_and_by_nearly_right_titles_and_drafts_never(client):
    BlogPostFactory(published=True, title="Walnut in renders", content="Grain and **varnish**.")
    BlogPostFactory(title="Walnut, not yet")
    shown = get(client, q="varnish", kind="posts")
    assert "Walnut in renders" in shown
    assert "<mark>varnish</mark>" in shown
    near = get(client, q="walnit", kind="posts")
    assert "Walnut in renders" in near.replace("<mark>", "").replace("</mark>", "")
    assert "not yet" not in near + get(client, q="walnut")


def test_help_is_found_by_its_words_with_the_figures_that_hold_and_drafts_never(client):
    HelpArticleFactory(
        published=True, title="How is walnut returned?", content="Within {{refund_days}} **days**."
    )
    HelpArticleFactory(title="How is walnut hidden?")
    shown = get(client, q="days", kind="help")
    assert "How is walnut returned?" in shown
    assert "Within 14 <mark>days</mark>" in shown
    near = get(client, q="walnit", kind="help")
    assert "returned?" in near
    assert "hidden?" not in near + get(client, q="walnut")


def test_courses_are_found_by_their_words_and_by_nearly_right_titles_and_drafts_never(client):
    CourseFactory(published=True, title="Walnut in renders", description="Grain and **varnish**.")
    CourseFactory(title="Walnut, not yet")
    shown = get(client, q="varnish", kind="courses")
    assert "Walnut in renders" in shown
    assert "<mark>varnish</mark>" in shown
    near = get(client, q="walnit", kind="courses")
    assert "Walnut in renders" in near.replace("<mark>", "").replace("</mark>", "")
    assert "not yet" not in near + get(client, q="walnut")
