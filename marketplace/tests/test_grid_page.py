from decimal import Decimal
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from marketplace.models import Model3D
from marketplace.search import LAST_PAGE, PAGE_SIZE
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
    response, text = get(client, category=["nothing", "x" * 5000], sort="best", free="maybe", other="1")
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
        for name in ("q", "category", "price_min", "price_max", "free", "sort", "page")
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
    cache.clear()
    assert "2 models<" in get(client)[1]


def test_nothing_found_offers_ways_on(client):
    Model3DFactory(listed=True, title="Oak chair")
    _, text = get(client, q="zeppelin", free=1)
    assert "No model matches all of this" in text
    assert "?q=zeppelin" in [link["href"] for link in Links(text).found if link.get("href")]
    assert "Oak chair" in text


def test_an_empty_marketplace_says_so(client):
    assert "No models yet" in get(client)[1]


def test_search_engines_are_told_which_addresses_count(client):
    shelf = CategoryFactory(slug="furniture")
    Model3DFactory(listed=True, category=shelf)
    _, text = get(client, category="furniture")
    assert Links(text).with_rel("canonical")[0].endswith("/marketplace/?category=furniture")
    assert "noindex" not in text
    assert "noindex" in get(client, category="furniture", sort="price_up")[1]


@pytest.mark.parametrize(
    "parameters", [{}, {"q": "oak"}, {"category": "furniture", "price_min": "1", "q": "oak chair"}]
)
def test_a_page_costs_the_same_few_queries_however_many_models(
    client, parameters, django_assert_max_num_queries
):
    shelf = CategoryFactory(slug="furniture")
    fill(PAGE_SIZE + 5, category=shelf, title="Oak chair")
    with django_assert_max_num_queries(8):
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
    with django_assert_num_queries(2):
        response, _ = get(client)
    assert "sessionid" not in response.cookies
