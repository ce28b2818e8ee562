"""What the search field offers: never what is not public, always in a few queries, whatever is typed."""

from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import UserFactory
from core.ratelimit import ratelimit
from marketplace.models import Model3D, SearchSuggestion
from marketplace.search import popular
from marketplace.search.popular import renew_suggestions
from marketplace.search.suggestions import suggestions_for
from marketplace.search.words import refresh_words
from marketplace.tests.factories import CategoryFactory, Model3DFactory
from marketplace.views.suggestions import LIMIT

pytestmark = pytest.mark.django_db

PAGE = "/search/suggestions/"
# Tags, words, titles, their models, creators; and for whom limits count.
MOST_QUERIES = 6
ODD = [
    *(
        "%",
        "_",
        "\\",
        "%%",
        "'",
        '"',
        "<script>alert(1)</script>",
        "\x00",
        "a\x00",
        "\ud7ff",
        "🪑",
        "x" * 10_000,
    ),
    *("oak " * 2500, "()|&:*!", "\t", "\u202e", "é"),
]


def labels(text):
    return [str(suggestion.label) for suggestion in suggestions_for(text)]


def get(client, text):
    return client.get(f"{PAGE}?{urlencode({'q': text})}")


# Refused


def test_what_is_not_public_or_mature_is_offered_to_nobody():
    Model3DFactory(pending=True, title="Walnut draft", tags=["walnutdraft"])
    Model3DFactory(listed=True, visibility="unlisted", title="Walnut unlisted")
    Model3DFactory(listed=True, is_mature=True, title="Walnut mature", tags=["walnutmature"])
    CategoryFactory(name="Walnut shelf", enabled=False)
    UserFactory(username="walnut", is_active=False, creator=True, total_models=3)
    UserFactory(username="walnut_buyer")
    renew_suggestions()
    assert labels("walnut") == []


def test_what_is_withdrawn_is_gone_before_the_table_is_renewed():
    model = Model3DFactory(listed=True, title="Walnut chair")
    renew_suggestions()
    assert labels("waln") == ["<mark>Waln</mark>ut chair"]
    Model3D.objects.filter(pk=model.pk).update(is_published=False)
    assert labels("waln") == []
    renew_suggestions()
    assert not SearchSuggestion.objects.exists()


@pytest.mark.parametrize("text", ODD)
def test_no_text_breaks_it(client, text):
    Model3DFactory(listed=True, title="100 % oak_wood \\ '", tags=["a_b"])
    renew_suggestions()
    answer = get(client, text)
    assert answer.status_code == 200
    assert "<script" not in answer.content.decode()


def test_wildcards_are_letters_like_others():
    Model3DFactory(listed=True, title="Plain chair")
    renew_suggestions()
    assert labels("p_ain") == labels("%") == []


def test_nobody_asks_without_end(client):
    person = UserFactory()
    client.force_login(person)
    assert get(client, "walnut").status_code == 200
    for _ in range(LIMIT - 1):
        ratelimit(f"suggestions:user:{person.pk}", LIMIT, 60)
    assert get(client, "walnut").status_code == 429


# Offered


def test_words_categories_models_and_creators_are_offered_with_what_was_typed_marked(client):
    category = CategoryFactory(name="Chairs & Ölbilder", slug="chairs", icon="armchair")
    creator = UserFactory(username="chairman", full_name="Chairo <Mai>", creator=True)
    model = Model3DFactory(
        listed=True, title="Oak chair", tags=["chair", "wood"], category=category, creator=creator
    )
    cache.clear()
    renew_suggestions()
    found = suggestions_for("chai")
    assert [(str(line.label), line.icon, line.url) for line in found] == [
        ("<mark>chai</mark>r", "search", "/marketplace/?q=chair"),
        ("<mark>Chai</mark>rs &amp; Ölbilder", "armchair", "/marketplace/?category=chairs"),
        ("Oak <mark>chai</mark>r", "box", model.get_absolute_url()),
        ("<mark>Chai</mark>ro &lt;Mai&gt;", "user", creator.get_absolute_url()),
    ]
    page = get(client, "chai").content.decode()
    assert page.count('role="option"') == 5
    assert 'data-url="/search/?q=chai"' in page


def test_words_may_come_in_any_order_and_without_their_accents():
    Model3DFactory(listed=True, title="Café table, small")
    renew_suggestions()
    assert labels("tab cafe") == ["<mark>Café</mark> <mark>tab</mark>le, small"]
    assert labels("able") == []


def test_words_that_are_no_tags_complete_what_is_begun():
    Model3DFactory(listed=True, title="Oak cupboard", tags=["cup"])
    Model3DFactory(listed=True, title="Cupola", description="")
    renew_suggestions()
    refresh_words()
    offered = [(str(line.label), line.url) for line in suggestions_for("cup") if line.icon == "search"]
    assert offered[0] == ("<mark>cup</mark>", "/marketplace/?q=cup")
    assert ("<mark>cup</mark>ola", "/marketplace/?q=cupola") in offered
    assert "/marketplace/?q=oak+cupboard" in [line.url for line in suggestions_for("oak cupb")]


def test_one_sign_that_is_several_words_changes_nothing_of_what_their_first_word_offers():
    UserFactory(full_name="1st", creator=True, total_models=1)
    cache.clear()
    assert labels("¼") == []
    assert labels("1") == ["<mark>1</mark>st"]


def test_mistyped_words_offer_what_was_meant():
    model = Model3DFactory(listed=True, title="Walnut cabinet")
    renew_suggestions()
    refresh_words()
    assert [line.url for line in suggestions_for("cabinte")][-1] == model.get_absolute_url()


def test_one_title_is_offered_once_with_the_model_that_is_most_popular():
    models = [Model3DFactory(listed=True, title=title) for title in ("Oak chair", "oak  Chair!", "Oak chair")]
    Model3D.objects.filter(pk=models[1].pk).update(likes=5)
    renew_suggestions()
    assert [line.url for line in suggestions_for("oak ch")] == [models[1].get_absolute_url()]


def test_the_most_popular_come_first_and_only_so_many(monkeypatch):
    for number in range(8):
        model = Model3DFactory(listed=True, title=f"Oak chair {number}")
        Model3D.objects.filter(pk=model.pk).update(downloads=number, trending_score=number)
    renew_suggestions()
    assert labels("chair") == [f"Oak <mark>chair</mark> {number}" for number in (7, 6, 5, 4)]
    monkeypatch.setattr(popular, "MOST", 2)
    renew_suggestions()
    # The two that trend most are the two that are downloaded most and the newest.
    assert SearchSuggestion.objects.count() == 2


def test_renewing_again_writes_nothing():
    Model3DFactory(listed=True, title="Oak chair", tags=["oak"])
    renew_suggestions()
    before = list(SearchSuggestion.objects.order_by("pk").values())
    renew_suggestions()
    assert list(SearchSuggestion.objects.order_by("pk").values()) == before


def test_an_empty_field_offers_nothing(client):
    answer = get(client, "  ")
    assert answer.content.decode().strip() == ""
    assert answer.headers["Cache-Control"] == "private, max-age=30"


def test_the_number_of_queries_does_not_grow(client):
    client.force_login(UserFactory())

    def queries():
        get(client, "walnut")
        with CaptureQueriesContext(connection) as context:
            get(client, "walnut")
        return len(context)

    def fill():
        UserFactory(username=f"walnut{Model3D.objects.count()}", creator=True, total_models=1)
        Model3DFactory(listed=True, title=f"Walnut {Model3D.objects.count()}", tags=["walnut"])
        renew_suggestions()

    fill()
    first = queries()
    for _ in range(6):
        fill()
    assert queries() == first <= MOST_QUERIES
