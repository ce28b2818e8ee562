"""Pages do not shift under a reader, and any address is a page or none."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from marketplace.models import Model3D
from marketplace.search import PAGE_SIZE, Criteria, Sort, engine, page_of, paging, search
from marketplace.tests.test_grid_page import fill

pytestmark = pytest.mark.django_db

KINDS = [
    Sort.NEWEST,
    Sort.TRENDING,
    Sort.DOWNLOADS,
    Sort.RATING,
    Sort.PRICE_UP,
    Sort.PRICE_DOWN,
    Sort.RELEVANCE,
]


def criteria_of(sort):
    return Criteria(text="model", sort=sort)


def spread(count):
    """Listed models that differ in all that is sorted by."""
    fill(count, title="Model 0")
    models = list(Model3D.objects.order_by("pk"))
    for place, model in enumerate(models):
        model.trending_score = place * 7 % 31
        model.downloads = place * 5 % 17
        model.price = place * 3 % 13
        model.published_at = timezone.now() - timedelta(minutes=place // 2)
    Model3D.objects.bulk_update(models, ["trending_score", "downloads", "price", "published_at"])
    return models


def walk(criteria, *, between=lambda: None, are_few=False):
    """All pages by their links, with something happening between each two."""
    number, carried, seen = 1, {}, []
    while True:
        page = page_of(criteria, number, carried, are_few=are_few)
        seen += page.pks
        if not page.has_more:
            return seen
        between()
        carried = {name: str(value) for name, value in page.next_parameters.items()}
        number += 1


@pytest.mark.parametrize("are_few", [True, False])
@pytest.mark.parametrize("sort", KINDS)
def test_the_links_lead_through_everything_once_in_order(sort, are_few):
    spread(PAGE_SIZE * 2 + 5)
    criteria = criteria_of(sort)
    expected = list(search(criteria).values_list("pk", flat=True))
    assert walk(criteria, are_few=are_few) == expected
    assert len(expected) == PAGE_SIZE * 2 + 5


@pytest.mark.parametrize("sort", KINDS)
def test_nothing_comes_twice_and_nothing_is_missed_while_models_come_and_move(sort):
    models = spread(PAGE_SIZE * 3)
    turns = iter(range(100))

    def stir():
        # One comes in at the top of every order, and the last ones of each change places.
        turn = next(turns)
        fill(1, title=f"Model new {turn}", price=Decimal(0))
        Model3D.objects.filter(pk__in=[models[turn].pk, models[-turn - 1].pk]).update(
            trending_score=1000 + turn, downloads=1000 + turn, price=1000 + turn
        )

    seen = walk(criteria_of(sort), between=stir)
    assert len(seen) == len(set(seen))
    assert {model.pk for model in models} <= set(seen)


@pytest.mark.parametrize("sort", KINDS)
def test_the_way_back_leads_over_the_same_pages(sort):
    spread(PAGE_SIZE * 4)
    criteria = criteria_of(sort)
    pages = [page_of(criteria, 1, {}, are_few=False)]
    for number in (2, 3, 4):
        carried = {name: str(value) for name, value in pages[-1].next_parameters.items()}
        pages.append(page_of(criteria, number, carried, are_few=False))
    back = {name: str(value) for name, value in pages[3].previous_parameters.items()}
    before = page_of(criteria, 3, back, are_few=False)
    assert before.pks == pages[2].pks
    assert before.has_more
    assert pages[1].previous_parameters == {}


def test_a_number_alone_is_a_page_too():
    spread(PAGE_SIZE * 3)
    for sort in KINDS:
        criteria = criteria_of(sort)
        order = list(search(criteria).values_list("pk", flat=True))
        assert page_of(criteria, 3, {}, are_few=False).pks == order[PAGE_SIZE * 2 :]


def test_what_was_kept_and_is_gone_gives_a_plain_page():
    spread(PAGE_SIZE * 3)
    criteria = criteria_of(Sort.TRENDING)
    carried = page_of(criteria, 1, {}, are_few=False).next_parameters
    cache.clear()
    order = list(search(criteria).values_list("pk", flat=True))
    page = page_of(criteria, 2, {"order": carried["order"]}, are_few=False)
    assert page.pks == order[PAGE_SIZE : PAGE_SIZE * 2]
    assert page.next_parameters["order"] != carried["order"]


def test_what_was_kept_belongs_to_one_search():
    spread(PAGE_SIZE * 3)
    carried = page_of(criteria_of(Sort.TRENDING), 1, {}, are_few=False).next_parameters
    other = criteria_of(Sort.PRICE_UP)
    order = list(search(other).values_list("pk", flat=True))
    assert (
        page_of(other, 2, {"order": carried["order"]}, are_few=False).pks == order[PAGE_SIZE : PAGE_SIZE * 2]
    )


def test_beyond_what_is_ranked_the_most_popular_follow(monkeypatch):
    monkeypatch.setattr(engine, "MAX_RANKED", 30)
    monkeypatch.setattr(paging, "MAX_RANKED", 30)
    models = spread(PAGE_SIZE * 3)
    criteria = criteria_of(Sort.RELEVANCE)
    seen = walk(criteria)
    popular = list(Model3D.objects.order_by("-trending_score", "-pk").values_list("pk", flat=True))
    assert sorted(seen) == sorted(model.pk for model in models)
    assert set(seen[:30]) == set(popular[:30])
    assert seen[30:] == popular[30:]
    assert page_of(criteria, 3, {}, are_few=False).pks == seen[PAGE_SIZE * 2 :]


def test_what_is_kept_is_taken_in_stretches(monkeypatch):
    monkeypatch.setattr(paging, "STRETCH", PAGE_SIZE)
    spread(PAGE_SIZE * 4)
    criteria = criteria_of(Sort.PRICE_UP)
    assert walk(criteria) == list(search(criteria).values_list("pk", flat=True))


ODD = st.one_of(
    st.text(max_size=40),
    st.from_regex(r"\d{1,17}\.\d{1,18}", fullmatch=True),
    st.from_regex(r"[\w-]{12}", fullmatch=True),
    st.sampled_from(["99999999999999999.999999999999999999", "0.0", "-1.5", "1.", "x" * 10_000, "\x00"]),
)


@given(
    carried=st.dictionaries(st.sampled_from(["after", "before", "order"]), ODD),
    number=st.integers(1, paging.LAST_PAGE),
    sort=st.sampled_from(KINDS),
)
@hypothesis_settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_an_address_carries_is_a_page(carried, number, sort):
    page_of(criteria_of(sort), number, carried, are_few=False)
