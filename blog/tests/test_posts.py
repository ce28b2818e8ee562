"""Posts: who sees them, when they are shown, what the database refuses."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Activity
from accounts.tests.factories import UserFactory
from blog.actions import likes, posts
from blog.actions.pictures import set_picture
from blog.exceptions import PublishingRefused
from blog.models import BlogPost
from blog.models.post import RESERVED, reading_minutes
from blog.pictures import post_webps
from blog.tasks import publish_scheduled_posts
from blog.tests.factories import BlogPostFactory
from core.models import AuditEntry
from marketplace.tests.factories import picture_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return UserFactory(staff=True, permissions=["blog.view_blogpost", "blog.change_blogpost"])


def test_a_draft_is_seen_by_its_author_and_who_works_on_the_blog_and_by_nobody_else(editor):
    post = BlogPostFactory()
    assert not BlogPost.objects.visible_to(UserFactory()).exists()
    assert not BlogPost.objects.visible_to(UserFactory(moderator=True)).exists()
    assert not BlogPost.objects.published().exists()
    assert BlogPost.objects.visible_to(post.author).get() == post
    assert BlogPost.objects.visible_to(editor).get() == post


@pytest.mark.parametrize(
    "fields",
    [
        {"status": "published", "published_at": None},
        {"status": "scheduled", "published_at": None},
        {"status": "shown", "published_at": timezone.now()},
        {"category": "gossip"},
        {"read_time": 0},
        {"picture_large": "blog/a.webp"},
        *({"slug": word} for word in RESERVED),
    ],
)
def test_the_database_refuses_what_no_post_can_be(fields):
    post = BlogPostFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        BlogPost.objects.filter(pk=post.pk).update(**fields)


@pytest.mark.parametrize("word", RESERVED)
def test_a_slug_that_means_something_else_is_told_beside_its_field(word):
    with pytest.raises(ValidationError, match="a meaning of its own"):
        BlogPostFactory.build(author=UserFactory(), slug=word).full_clean()


@given(st.text(alphabet="ab \n", max_size=3000))
def test_reading_takes_a_minute_at_least_and_longer_texts_no_less(text):
    assert 1 <= reading_minutes(text) <= reading_minutes(f"{text} {text}")


def test_the_reading_time_follows_the_text():
    post = BlogPostFactory(content="word " * 2200)
    assert post.read_time == 10
    post.content = "Short."
    post.save(update_fields=["content"])
    post.refresh_from_db()
    assert post.read_time == 1


def test_a_published_post_is_told_to_followers_and_is_in_the_log(editor):
    post = BlogPostFactory()
    posts.publish(post=post, by=editor)
    post.refresh_from_db()
    assert post.is_published
    assert abs(timezone.now() - post.published_at) < timedelta(minutes=1)
    assert Activity.objects.get().title == post.title
    assert AuditEntry.objects.get().action == "blog_post.publish"
    with pytest.raises(PublishingRefused):
        posts.publish(post=post, by=editor)


@pytest.mark.parametrize("minutes", [0, -1])
def test_an_hour_that_has_passed_is_refused(editor, minutes):
    post = BlogPostFactory()
    with pytest.raises(PublishingRefused, match="still to come"):
        posts.schedule(post=post, when=timezone.now() + timedelta(minutes=minutes), by=editor)


def test_a_scheduled_post_is_shown_at_its_hour_and_once(editor):
    post = BlogPostFactory()
    when = timezone.now() + timedelta(hours=1)
    posts.schedule(post=post, when=when, by=editor)
    assert posts.publish_due() == 0
    assert posts.publish_due(when + timedelta(seconds=30)) == 1
    assert posts.publish_due(when + timedelta(seconds=30)) == 0
    post.refresh_from_db()
    assert (post.is_published, post.published_at) == (True, when)
    assert Activity.objects.count() == 1


def test_beat_shows_what_is_due():
    post = BlogPostFactory(status="scheduled", published_at=timezone.now() - timedelta(seconds=5))
    publish_scheduled_posts()
    post.refresh_from_db()
    assert post.is_published


def test_a_post_published_before_its_hour_gives_the_hour_up(editor):
    post = BlogPostFactory(status="scheduled", published_at=timezone.now() + timedelta(days=5))
    posts.publish(post=post, by=editor)
    post.refresh_from_db()
    assert post.published_at <= timezone.now()


def test_a_post_taken_back_is_nobodys_news_any_more_and_keeps_its_likes(editor):
    post = BlogPostFactory()
    posts.publish(post=post, by=editor)
    likes.like(post=post, by=editor)
    posts.take_back(post=post, by=editor)
    post.refresh_from_db()
    assert (post.status, post.published_at, post.likes) == ("draft", None, 1)
    assert not Activity.objects.exists()
    with pytest.raises(PublishingRefused):
        posts.take_back(post=post, by=editor)


# Pictures


def test_a_picture_that_is_too_small_or_none_is_refused():
    for upload in (ContentFile(picture_bytes(959, 540), "a.png"), ContentFile(b"<svg/>", "a.svg")):
        with pytest.raises(ValidationError):
            post_webps(upload)


def test_a_picture_comes_in_three_sizes_and_leaves_with_its_post(editor, django_capture_on_commit_callbacks):
    post = BlogPostFactory()
    set_picture(subject=post, pictures=post_webps(ContentFile(picture_bytes(1200, 1200), "a.png")))
    post.refresh_from_db()
    sizes = [
        (image.width, image.height) for image in (post.picture_large, post.picture_medium, post.picture_small)
    ]
    assert sizes == [(1600, 900), (960, 540), (480, 270)]
    first = post.picture_large.name
    with django_capture_on_commit_callbacks(execute=True):
        set_picture(subject=post, pictures=post_webps(ContentFile(picture_bytes(1000, 800), "b.png")))
    assert not default_storage.exists(first)
    post.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        posts.delete(post=post, by=editor)
    assert not default_storage.exists(post.picture_large.name)


# Likes


def test_liking_twice_counts_once_and_taking_it_back_twice_too():
    post, fan = BlogPostFactory(published=True), UserFactory()
    assert [likes.like(post=post, by=fan) for _ in range(2)] == [True, False]
    post.refresh_from_db()
    assert post.likes == 1
    assert [likes.unlike(post=post, by=fan) for _ in range(2)] == [True, False]
    post.refresh_from_db()
    assert post.likes == 0
