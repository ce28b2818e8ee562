import re
from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.tests.factories import UserFactory
from marketplace.actions import review
from marketplace.models import Model3D, SearchWord
from marketplace.search import FACETS, LAST_PAGE, PAGE_SIZE
from marketplace.tests.factories import CategoryFactory, Model3DFactory

pytestmark = pytest.mark.django_db

GRID = "/marketplace/"


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if tag in ("a", "link"):
            self.found.append(dict(attrs))

    def with_rel(self, rel):
        return [link["href"] for link in self.found if link.get("rel") == rel]


def get(client, path=GRID, **parameters):
    response = client.get(f"{path}?{urlencode(parameters, doseq=True)}" if parameters else path)
    return response, response.content.decode()


def fill(count, **fields):
    """Listed models without files of their own: they share one."""
    first = Model3DFactory(listed=True, **fields)
    copies = [
        Model3D(
            creator=first.creator,
            category=first.category,
            title=f"Model {number}",
            price=first.price,
            status=first.status,
            submitted_at=first.submitted_at,
            published_at=first.published_at,
            current_file=first.current_file,
        )
        for number in range(count - 1)
    ]
    Model3D.objects.bulk_create(copies)
    return first


@pytest.mark.parametrize("page", ["2", str(LAST_PAGE), str(LAST_PAGE + 1), "9" * 30, "00000000000000002"])
def test_a_page_beyond_the_last_is_not_found(client, page):
    Model3DFactory(listed=True)
    assert get(client, page=page)[0].status_code == 404


@pytest.mark.parametrize("page", ["", "0", "-1", "x", "1.5", "²", "١", "1"])
def test_a_page_that_is_no_number_is_the_first(client, page):
    Model3DFactory(listed=True, title="Oak chair")
    response, text = get(client, page=page)
    assert response.status_code == 200
    assert "Oak chair" in text


def test_only_reading_is_allowed(client):
    assert client.post(GRID).status_code == 405


def test_every_page_has_a_real_link_to_the_next_that_keeps_what_is_asked(client):
    fill(PAGE_SIZE * 2 + 1, price=Decimal(5))
    address, seen = f"{GRID}?price_min=5&sort=price_up", 0
    for _ in range(3):
        response, text = get(client, address)
        assert response.status_code == 200
        seen += text.count("data-model-card")
        following = Links(text).with_rel("next")
        address = GRID + following[-1] if following else ""
        assert not following or "price_min=5&sort=price_up&page=" in following[-1]
    assert address == ""
    assert seen == PAGE_SIZE * 2 + 1


def test_the_button_brings_cards_alone(client):
    fill(PAGE_SIZE + 1)
    response = client.get(f"{GRID}?page=2", headers={"HX-Request": "true", "HX-Target": "load-more"})
    text = response.content.decode()
    assert text.count("data-model-card") == 1
    assert "<html" not in text


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"price_min": "abc"}, "Enter an amount, such as 15 or 12.50."),
        ({"price_min": "-1"}, "A price is not negative."),
        ({"price_max": "NaN"}, "Enter an amount"),
        ({"price_max": "1e999"}, "Prices end at"),
        ({"price_max": "9" * 400}, "Prices end at"),
        ({"price_min": "1.001"}, "At most two decimals."),
        ({"price_min": "10", "price_max": "5"}, "This is less than"),
    ],
)
def test_a_wrong_price_is_said_beside_its_field_and_otherwise_ignored(client, parameters, message):
    Model3DFactory(listed=True, title="Oak chair")
    response, text = get(client, **parameters)
    assert response.status_code == 200
    assert message in text
    assert "Oak chair" in text
    assert 'aria-invalid="true"' in text


def test_values_that_do_not_exist_are_ignored(client):
    Model3DFactory(listed=True, title="Oak chair")
    unknown = {
        facet.name: ["nothing", "0", "x" * 5000]
        for facet in FACETS
        if facet.name not in ("triangles", "size")
    }
    response, text = get(
        client, category=["nothing", "x" * 5000], sort="best", free="maybe", ai="2", other="1", **unknown
    )
    assert response.status_code == 200
    assert "Oak chair" in text


ANYTHING = st.text(max_size=80)
ADDRESSES = st.fixed_dictionaries(
    {},
    optional={
        name: st.one_of(
            ANYTHING,
            st.sampled_from(["\x00", "'", '"', "1e400", "0e999999999", "-0", "٣", "😀", "a" * 10_240, "%"]),
        )
        for name in (
            *("q", "category", "price_min", "price_max", "free", "sort", "page", "after", "before", "order"),
            *("ai", "verbatim", *(facet.name for facet in FACETS)),
        )
    },
)


@given(parameters=ADDRESSES)
@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_address_breaks_the_page(client, parameters):
    encoded = urlencode({name: value.encode("utf-8", "surrogatepass") for name, value in parameters.items()})
    assert client.get(f"{GRID}?{encoded}").status_code in (200, 404)


def test_what_was_searched_for_is_shown_as_text(client):
    _, text = get(client, q='"><script>alert(1)</script>')
    assert "<script>alert(1)" not in text


def test_active_filters_can_be_taken_away_one_by_one(client):
    shelf = CategoryFactory(name="Furniture", slug="furniture")
    Model3DFactory(listed=True, category=shelf)
    _, text = get(client, q="oak", category="furniture", price_min=4, price_max=60, free=1)
    addresses = [link["href"] for link in Links(text).found if "chip-on" in link.get("class", "")]
    assert addresses == [
        "?category=furniture&price_min=4&price_max=60&free=1",
        "?q=oak&price_min=4&price_max=60&free=1",
        "?q=oak&category=furniture&free=1",
        "?q=oak&category=furniture&price_min=4&price_max=60",
    ]


def test_counts_are_said_exactly_and_in_the_singular(client):
    Model3DFactory(listed=True)
    assert "1 model<" in get(client)[1]
    fill(1)
    assert "2 models<" in get(client)[1]


def test_nothing_found_offers_ways_on(client):
    Model3DFactory(listed=True, title="Oak chair")
    _, text = get(client, q="zeppelin", free=1)
    assert "No model matches all of this" in text
    assert "?q=zeppelin" in [link["href"] for link in Links(text).found if link.get("href")]
    assert "Oak chair" in text


def test_an_empty_marketplace_says_so(client):
    _, text = get(client)
    assert "No models yet" in text
    assert 'id="filters"' not in text
    assert 'id="filters"' in get(client, free=1)[1]


def test_search_engines_are_told_which_addresses_count(client):
    shelf = CategoryFactory(slug="furniture")
    Model3DFactory(listed=True, category=shelf)
    _, text = get(client, category="furniture")
    assert Links(text).with_rel("canonical")[0].endswith("/marketplace/?category=furniture")
    assert "noindex" not in text
    assert "noindex" in get(client, category="furniture", sort="price_up")[1]


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"q": "oak"},
        {"category": "furniture", "price_min": "1", "q": "oak chair"},
        {
            "format": ["glb", "fbx"],
            "with": ["uv", "rigged"],
            "triangles": "0",
            "licence": "cc0",
            "rating": "4",
        },
        {"sort": "price_up", "page": "2"},
    ],
)
def test_a_page_costs_the_same_few_queries_however_many_models(
    client, parameters, django_assert_max_num_queries
):
    shelf = CategoryFactory(slug="furniture")
    fill(PAGE_SIZE + 5, category=shelf, title="Oak chair")
    get(client, **parameters)
    cache.clear()
    with django_assert_max_num_queries(9):
        get(client, **parameters)
    with django_assert_max_num_queries(5):
        get(client, **parameters)


def test_a_zero_of_any_size_is_zero(client):
    for zero in ("0", "-0", "0e99999999999999999"):
        response, text = get(client, price_min=zero, price_max="5")
        assert response.status_code == 200
        assert "?price_min=0&amp;price_max=5" in text


def test_the_part_of_load_more_is_not_kept_for_the_page_of_the_same_address(client):
    fill(PAGE_SIZE + 1)
    part = client.get("/marketplace/?page=2", headers={"HX-Request": "true", "HX-Target": "load-more"})
    page = client.get("/marketplace/?page=2")
    assert "<html" not in part.content.decode()
    assert "<html" in page.content.decode()
    assert "HX-Target" in part["Vary"] and "HX-Target" in page["Vary"]


def test_a_visitor_without_cookies_costs_no_session(client, django_assert_num_queries):
    fill(3)
    get(client)
    with django_assert_num_queries(3):
        response, _ = get(client)
    assert "sessionid" not in response.cookies


CORPUS = [
    "q=" + "a" * 10_240,
    "q=%00%01%02%1f%7f",
    "q=%22%27%60%28%29%26%7C%21%3A%2A%3C%3E",
    "q=%ff%fe%80",
    "q=%F0%9F%98%80&q=second",
    "page=-1",
    "page=" + "9" * 5_000,
    "page=2&after=1.1&before=2.2&order=abcdefghijkl",
    "page=2&after=99999999999999999.999999999999999999",
    "page=2&sort=price_up&order=%00" + "x" * 500,
    "sort=trending&page=2&order=aaaaaaaaaaaa",
    "category=" + "&category=".join(map(str, range(450))),
    "&".join(f"with=x{number}" for number in range(450)),
    "triangles=0&triangles=1&triangles=2&triangles=3&triangles=4&triangles=-1",
    "rating=4&rating=3&rating=2",
    "format=glb&format=GLB&format[]=glb&format=",
    "price_min=1&price_min=x&price_max=%00",
    "=&=&&&;;q",
    "%",
    "verbatim",
    "q=chiar&verbatim=1&page=2",
]


@pytest.mark.parametrize("query", CORPUS)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "load-more"}])
def test_no_query_string_breaks_the_page(client, query, headers):
    fill(2)
    assert client.get(f"{GRID}?{query}", headers=headers).status_code in (200, 404)


def test_more_parameters_than_any_form_has_are_refused_with_a_page(client):
    response = client.get(GRID + "?" + "&".join(f"with=x{number}" for number in range(900)))
    assert response.status_code == 400
    assert "<h1" in response.content.decode()


def test_every_filter_is_in_the_address_and_can_be_taken_away(client):
    Model3DFactory(listed=True)
    asked = {
        "with": ["pbr", "rigged"], "for": "print", "triangles": "1", "format": "fbx", "licence": "cc0", "size": "2",
        "rating": "4", "ai": "1",
    }  # fmt: skip
    _, text = get(client, **asked)
    chips = [link["href"] for link in Links(text).found if "chip-on" in link.get("class", "")]
    assert len(chips) == 9
    whole = "?with=pbr&with=rigged&for=print&triangles=1&format=fbx&licence=cc0&size=2&rating=4&ai=1"
    for part, chip in zip(whole[1:].split("&"), chips, strict=True):
        assert chip == whole.replace(f"&{part}", "").replace(f"?{part}&", "?")
    assert text.count(" checked") == 9


def test_ratings_are_offered_once_there_are_any(client):
    model = Model3DFactory(listed=True)
    _, text = get(client)
    assert "Best rated" not in text
    assert 'name="rating"' not in text
    Model3D.objects.filter(pk=model.pk).update(rating=Decimal("4.5"), rating_count=2, rating_score=4)
    cache.clear()
    _, text = get(client)
    assert "Best rated" in text
    assert 'name="rating"' in text
    assert "Best rated" in get(client, rating=4)[1]


def test_more_than_eight_choices_are_folded_unless_one_of_them_is_chosen(client):
    shelves = [CategoryFactory(name=f"Shelf {number:02}", slug=f"shelf-{number}") for number in range(10)]
    Model3DFactory(listed=True, category=shelves[0])
    _, text = get(client)
    assert "Show all 10" in text
    assert 'id="facet-category-more">' in text
    assert 'id="facet-category-more" open>' in get(client, category="shelf-9")[1]


def test_mistyped_words_show_what_they_were_meant_to_be_and_the_way_back(client):
    Model3DFactory(listed=True, title="Oak chair")
    SearchWord.objects.create(word="chair", model_count=1)
    _, text = get(client, q="chiar", sort="price_up")
    assert "Showing results for <b>chair</b>" in text
    assert "Oak chair" in text
    assert "?q=chiar&amp;sort=price_up&amp;verbatim=1" in text
    _, text = get(client, q="chiar", verbatim=1)
    assert "Showing results for" not in text
    assert "No model matches all of this" in text


def test_near_matches_come_before_what_merely_trends(client):
    Model3DFactory(listed=True, title="Oak chair")
    Model3DFactory(listed=True, title="Brass lamp", description="")
    _, text = get(client, q="oak zeppelin")
    assert "Near matches" in text
    assert "Oak chair" in text
    assert "Brass lamp" not in text
    assert "Trending now" in get(client, q="zeppelin")[1]


@pytest.mark.parametrize(
    ("wish", "is_there", "is_blurred"),
    [(None, True, True), ("hide", False, False), ("blur", True, True), ("show", True, False)],
)
def test_mature_models_are_shown_as_the_viewer_wishes(client, wish, is_there, is_blurred):
    model = Model3DFactory(listed=True, title="Bare statue", is_mature=True)
    Model3DFactory(listed=True, title="Oak chair")
    if wish:
        client.force_login(UserFactory(mature_content=wish))
    # Kept cards and counts of others must not be taken for one's own.
    for other in ("hide", "show", wish or "blur"):
        viewer = type(client)()
        viewer.force_login(UserFactory(mature_content=other))
        get(viewer)
    for parameters in ({}, {"q": "statue"}, {"sort": "trending"}):
        _, text = get(client, **parameters)
        assert ("Bare statue" in text) is is_there, parameters
        assert ("is-mature-hidden" in text) is is_blurred, parameters
    assert ("2 models<" in get(client)[1]) is is_there
    assert client.get(model.get_absolute_url()).status_code == 200


def test_a_model_is_found_as_soon_as_it_is_approved(client):
    model = Model3DFactory(pending=True, title="Zeppelin hangar")
    assert "Zeppelin hangar" not in get(client)[1]
    assert "No model matches" in get(client, q="hangar")[1]
    review.approve(model=model, by=UserFactory(moderator=True))
    assert "Zeppelin hangar" in get(client)[1]
    assert "Zeppelin hangar" in get(client, q="zeppelin han")[1]
    assert "Zeppelin hangar" in get(client, category=model.category.slug, **{"with": "uv"})[1]


@pytest.mark.parametrize("sort", ["trending", "downloads", "price_up", "price_down", "newest"])
def test_pages_of_every_order_are_led_to_by_links_that_keep_their_place(client, sort):
    fill(PAGE_SIZE * 2 + 1)
    address, seen = f"{GRID}?sort={sort}", []
    while address:
        text = get(client, address)[1]
        seen += [
            link["href"] for link in Links(text).found if re.fullmatch(r"/model/\d+/", link.get("href", ""))
        ]
        following = Links(text).with_rel("next")
        address = GRID + following[-1] if following else ""
        # Somebody else publishes meanwhile.
        fill(1)
    assert len(seen) == len(set(seen)) >= PAGE_SIZE * 2 + 1


def test_the_form_works_without_scripts(client):
    Model3DFactory(listed=True)
    _, text = get(client, q="oak", sort="price_up")
    form = text[text.index('<form class="filters-form"') : text.index("</form>", text.index("filters-form"))]
    assert 'method="get"' in form
    assert 'type="submit"' in form
    assert '<input type="hidden" name="q" value="oak">' in form
    for name in (
        "category",
        "price_min",
        "price_max",
        "free",
        "with",
        "for",
        "triangles",
        "format",
        "licence",
        "size",
        "ai",
    ):
        assert f'name="{name}"' in form, name
