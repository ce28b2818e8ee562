"""The page of all categories: what stands on it, and what it costs."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import UserFactory
from marketplace.models import Model3D
from marketplace.tests.factories import CategoryFactory, Model3DFactory

pytestmark = pytest.mark.django_db

PAGE = "/categories/"
# One query for all categories and their samples.
QUERIES = 1


def page(client):
    return client.get(PAGE).content.decode()


def poster(model):
    return model.current_file.poster_small.url


def test_a_disabled_category_is_not_shown(client):
    CategoryFactory(name="Hidden shelf", enabled=False)
    assert "Hidden shelf" not in page(client)


def test_what_is_not_listed_is_no_sample(client):
    hidden = [Model3DFactory(pending=True), Model3DFactory(listed=True, visibility="unlisted")]
    shown = page(client)
    assert not any(poster(model) in shown for model in hidden)


def test_mature_samples_are_for_those_who_want_them_shown(client):
    mature = Model3DFactory(listed=True, is_mature=True)
    assert poster(mature) not in page(client)
    client.force_login(UserFactory(mature_content="blur"))
    assert poster(mature) not in page(client)
    client.force_login(UserFactory(mature_content="show"))
    assert poster(mature) in page(client)


def test_categories_come_in_their_order_with_exact_counts(client):
    CategoryFactory(name="Second", order=2, model_count=12_345)
    CategoryFactory(name="First", order=1, model_count=1)
    shown = page(client)
    assert shown.index(">First</a>") < shown.index(">Second</a>")
    assert "12,345 models" in shown
    assert "1 model<" in shown


def test_the_three_that_trend_most_are_the_samples(client):
    category = CategoryFactory()
    models = [Model3DFactory(listed=True, category=category) for _ in range(4)]
    for score, model in enumerate(models):
        Model3D.objects.filter(pk=model.pk).update(trending_score=score)
    shown = page(client)
    assert [poster(model) in shown for model in models] == [False, True, True, True]
    assert shown.index(poster(models[3])) < shown.index(poster(models[1]))


def test_an_empty_category_shows_its_icon(client):
    CategoryFactory(name="Bare shelf", icon="armchair")
    shown = page(client)
    assert "mosaic-0" in shown
    assert "#armchair" in shown


def test_a_site_without_categories_says_so(client):
    assert "No categories yet" in page(client)


def test_the_header_and_the_footer_lead_here(client):
    CategoryFactory()
    assert client.get("/about/").content.decode().count(f'href="{PAGE}"') == 2


def test_the_number_of_queries_does_not_grow(client):
    def queries():
        cache.clear()
        client.get("/about/")
        with CaptureQueriesContext(
            connection,
        ) as context:
            client.get(PAGE)
        return len(context)

    Model3DFactory(listed=True)
    assert queries() == QUERIES
    for _ in range(3):
        category = CategoryFactory()
        for _ in range(2):
            Model3DFactory(listed=True, category=category)
    assert queries() == QUERIES
