import re
from decimal import Decimal

import pytest

from blog.tests.factories import BlogPostFactory, CourseFactory, TestimonialFactory
from marketplace.models import Category, Model3D
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


def home(client):
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def test_nothing_that_is_not_listed_or_mature_is_on_the_front_page(client):
    Model3DFactory(pending=True, title="In review still")
    Model3DFactory(listed=True, visibility="unlisted", title="Unlisted one")
    Model3DFactory(listed=True, is_mature=True, is_featured=True, title="Mature one")
    page = home(client)
    for title in ("In review still", "Unlisted one", "Mature one"):
        assert title not in page


def test_an_empty_marketplace_invites_the_first_model(client):
    page = home(client)
    assert "No models yet" in page
    assert "Trending this week" not in page
    assert "data-model-viewer" not in page


def test_a_featured_model_can_be_turned(client):
    Model3DFactory(listed=True, title="Plain one")
    featured = Model3DFactory(listed=True, is_featured=True, title="Featured one")
    page = home(client)
    assert f'data-alt="{featured.title}"' in page
    assert "/preview/" in page


def test_a_model_of_pictures_only_is_not_the_one_to_turn(client):
    Model3DFactory(listed=True, is_featured=True, preview_mode="pictures")
    assert "data-model-viewer" not in home(client)


def test_trending_and_new_models_have_their_rows(client):
    model = Model3DFactory(listed=True)
    assert "Trending this week" not in home(client)
    Model3D.objects.filter(pk=model.pk).update(trending_score=3)
    page = home(client)
    assert "Trending this week" in page
    assert "New models" in page


def test_figures_are_counted_and_the_share_follows_the_fee(client, settings):
    model = Model3DFactory(listed=True)
    type(model.creator).objects.filter(pk=model.creator_id).update(total_models=1)
    settings.PLATFORM_FEE_PERCENT = Decimal("7.50")
    page = home(client)
    assert "92.5 %" in page
    assert "<dt>model</dt><dd>1</dd>" in page
    assert "<dt>creator</dt><dd>1</dd>" in page


def test_a_suspended_creator_is_gone_at_once(client):
    model = Model3DFactory(listed=True)
    assert model.creator.get_absolute_url() in home(client)
    type(model.creator).objects.filter(pk=model.creator_id).update(is_active=False)
    page = home(client)
    assert model.creator.get_absolute_url() not in page


def test_categories_without_models_are_left_out(client):
    Category.objects.create(name="Full shelf", slug="full", model_count=2)
    Category.objects.create(name="Empty shelf", slug="empty")
    tiles = re.findall(r'category-tile".*?<b>(.*?)</b>', home(client), re.DOTALL)
    assert tiles == ["Full shelf"]


def test_the_front_page_costs_the_same_few_queries_however_many_models(client, django_assert_max_num_queries):
    for _ in range(10):
        model = Model3DFactory(listed=True, is_featured=True)
        Model3D.objects.filter(pk=model.pk).update(trending_score=1)
    home(client)
    with django_assert_max_num_queries(9):
        home(client)


def test_posts_and_chosen_testimonials_stand_on_the_front_page_and_nothing_else_of_them(client):
    assert "From the blog" not in home(client)
    for number in range(4):
        BlogPostFactory(published=True, title=f"Post {number}")
    BlogPostFactory(title="A draft")
    TestimonialFactory(approved=True, is_featured=True, text="Chosen words that stand on the front page.")
    TestimonialFactory(approved=True, text="Words that were not chosen for the front page.")
    page = home(client)
    assert re.findall(r"Post \d", page) == ["Post 3", "Post 2", "Post 1"]
    assert "Chosen words" in page
    assert "A draft" not in page
    assert "not chosen" not in page


def test_the_newest_courses_stand_on_the_front_page_and_drafts_do_not(client):
    assert "Learn to make them" not in home(client)
    for number in range(4):
        CourseFactory(published=True, title=f"Course {number}")
    CourseFactory(title="Being written")
    page = home(client)
    assert re.findall(r">(Course \d)<", page) == ["Course 3", "Course 2", "Course 1"]
    assert "Being written" not in page
