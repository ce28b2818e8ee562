"""The demo's blog: what it links to is there, everything happens after the post came, and once."""

import re

import pytest
from django.utils import timezone

from blog.models import BlogComment, BlogPost, Testimonial
from config.demo import blog
from config.demo.accounts import ensure_creator, ensure_demo_accounts, ensure_member
from config.demo.catalogue import CATALOGUE, CREATORS
from config.demo.catalogue.society import MEMBERS
from config.demo.catalogue.writing import POSTS, POSTS_FOLDER, TESTIMONIALS
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    ensure_demo_accounts()
    for creator in CREATORS:
        ensure_creator(creator.username, full_name=creator.full_name, profile={})
    for member in MEMBERS:
        ensure_member(member)


def test_nobody_speaks_who_is_not_there_and_nothing_is_shown_that_is_not_there():
    slugs, members = {entry.slug for entry in CATALOGUE}, {member.username for member in MEMBERS}
    names = members | {creator.username for creator in CREATORS} | {"moderator"}
    for post in POSTS:
        assert {*post.models, *re.findall(r"\{\{model:(.+?)\}\}", post.text)} <= slugs
        speakers = [
            name for said in post.remarks for name in (said.author, *(who for who, _ in said.answers))
        ]
        assert {post.author, *speakers} <= names
    assert {said.author for said in TESTIMONIALS} <= names
    assert {path.stem for path in POSTS_FOLDER.glob("*.md")} == {post.slug for post in POSTS}


def test_posts_are_there_without_models_and_name_none(people):
    blog.write(CATALOGUE)
    assert BlogPost.objects.published().count() == len(POSTS)
    assert not BlogPost.objects.filter(content__contains="{{").exists()
    assert not BlogPost.objects.exclude(picture_large="").exists()
    assert Testimonial.objects.shown().count() == len(TESTIMONIALS)


def test_everything_happens_after_the_post_came_and_a_second_time_changes_nothing(people, client):
    entry = next(entry for entry in CATALOGUE if entry.slug == "desk-lamp-rigged")
    creator = ensure_creator(entry.creator, full_name="Maker", profile={})
    model = Model3DFactory(listed=True, creator=creator, title=entry.title)
    blog.write([entry])
    blog.write([entry])
    assert BlogPost.objects.count() == len(POSTS)
    for post in BlogPost.objects.all():
        assert post.published_at < timezone.now()
        assert post.likes == post.like_rows.count() > 0
        assert post.comments_count == post.comments.count()
        for row in [*post.like_rows.all(), *post.comments.all()]:
            assert post.published_at <= row.created_at <= timezone.now()
    assert BlogComment.objects.exists()
    shown = client.get("/blog/rigging-a-lamp-in-four-bones/").content.decode()
    assert f"/model/{model.pk}/" in shown
    assert "is not on the site any more" not in shown
