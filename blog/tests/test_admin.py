"""The blog in the console: who may write, what the preview shows, what the buttons do."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.tests.factories import UserFactory
from blog.admin.testimonials import SEEN
from blog.models import BlogPost, BlogTag, Testimonial
from blog.tests.factories import BlogCommentFactory, BlogPostFactory, TestimonialFactory
from marketplace.tests.factories import Model3DFactory, picture_bytes

pytestmark = pytest.mark.django_db

PREVIEW = "/admin/blog/blogpost/preview/"


def signed_in(client, role: str):
    user = UserFactory(staff=True)
    user.groups.add(Group.objects.get(name=role))
    client.force_login(user)
    return user


def press(client, button: str, row, **data):
    address = reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_{button}", args=[row.pk])
    return client.post(address, {"_form_submitted": "1", **data})


def test_a_moderator_does_not_write_and_an_editor_does_not_moderate(client):
    post, said = BlogPostFactory(), TestimonialFactory()
    signed_in(client, "Moderators")
    assert client.get(reverse("admin:blog_blogpost_changelist")).status_code == 403
    assert client.post(PREVIEW, {"text": "x"}).status_code == 403
    assert press(client, "publish", post).status_code == 403
    signed_in(client, "Editors")
    assert client.get(reverse("admin:blog_testimonial_changelist")).status_code == 403
    assert press(client, "approve", said).status_code == 403
    post.refresh_from_db()
    said.refresh_from_db()
    assert (post.status, said.status) == ("draft", "pending")


def test_the_preview_is_what_readers_will_see(client):
    signed_in(client, "Editors")
    assert client.get(PREVIEW).status_code == 405
    model = Model3DFactory(listed=True, title="Oak chair")
    shown = client.post(PREVIEW, {"text": f"## One\n\n<script>x</script>\n\n/model/{model.pk}/\0"})
    page = shown.content.decode()
    assert '<h2 id="section-one">One</h2>' in page
    assert "<script" not in page
    model_page = client.post(PREVIEW, {"text": f"/model/{model.pk}/"}).content.decode()
    assert "Oak chair" in model_page


def test_a_post_is_written_pictured_changed_and_deleted(client):
    editor = signed_in(client, "Editors")
    tag = BlogTag.objects.create(name="uv", slug="uv")
    fields = {
        "title": "Baking",
        "slug": "baking",
        "category": "tutorials",
        "tags": [tag.pk],
        "author": editor.pk,
        "content": "How it goes.",
    }
    add = reverse("admin:blog_blogpost_add")
    assert b"data-markdown-preview" in client.get(add).content
    small = SimpleUploadedFile("a.png", picture_bytes(100, 100))
    answer = client.post(add, {**fields, "picture": small})
    assert "at least" in answer.content.decode()
    assert b"meaning of its own" in client.post(add, {**fields, "slug": "feed"}).content
    assert not BlogPost.objects.exists()
    client.post(add, {**fields, "picture": SimpleUploadedFile("a.png", picture_bytes(1600, 900))})
    post = BlogPost.objects.get()
    assert (post.author, post.status, post.tags.get()) == (editor, "draft", tag)
    assert post.picture_small.width == 480
    change = reverse("admin:blog_blogpost_change", args=[post.pk])
    assert client.get(change).status_code == 200
    client.post(change, {**fields, "title": "Baking well", "without_picture": "on"})
    post.refresh_from_db()
    assert (post.title, post.picture_small.name) == ("Baking well", "")
    client.post(reverse("admin:blog_blogpost_delete", args=[post.pk]), {"post": "yes"})
    assert not BlogPost.objects.exists()


def test_the_author_of_a_post_stays_though_they_work_here_no_more(client):
    post = BlogPostFactory()
    signed_in(client, "Editors")
    fields = {"title": "New", "slug": post.slug, "category": "news", "content": "x", "author": post.author_id}
    client.post(reverse("admin:blog_blogpost_change", args=[post.pk]), fields)
    post.refresh_from_db()
    assert post.title == "New"
    stranger = UserFactory()
    answer = client.post(
        reverse("admin:blog_blogpost_change", args=[post.pk]), {**fields, "author": stranger.pk}
    )
    assert b"Select a valid choice" in answer.content


def test_a_post_is_published_taken_back_and_scheduled_by_buttons(client):
    post = BlogPostFactory()
    signed_in(client, "Editors")
    press(client, "publish", post)
    post.refresh_from_db()
    assert post.is_published
    press(client, "take_back", post)
    press(client, "schedule", post, when="2020-01-01T10:00")
    post.refresh_from_db()
    assert post.status == "draft"
    tomorrow = timezone.now() + timedelta(days=1)
    press(client, "schedule", post, when=f"{tomorrow:%Y-%m-%d}T10:00")
    post.refresh_from_db()
    assert post.published_at == datetime(tomorrow.year, tomorrow.month, tomorrow.day, 10, tzinfo=UTC)
    assert client.get(reverse("admin:blog_blogpost_changelist")).status_code == 200


def test_testimonials_are_decided_by_buttons_that_know_what_was_read(client):
    said = TestimonialFactory()
    signed_in(client, "Moderators")
    dialog = client.get(reverse("admin:blog_testimonial_approve", args=[said.pk]))
    assert said.text in dialog.content.decode()
    seen = said.submitted_at.strftime(SEEN)
    stale = (said.submitted_at - timedelta(seconds=1)).strftime(SEEN)
    press(client, "approve", said, seen=stale)
    assert Testimonial.objects.get().is_waiting
    press(client, "approve", said, seen=seen)
    press(client, "feature", said, seen=seen)
    assert Testimonial.objects.get().is_featured
    press(client, "unfeature", said, seen=seen)
    press(client, "reject", said, seen=seen, reason="Changed our mind.")
    assert Testimonial.objects.get().reason == "Changed our mind."
    assert client.get(reverse("admin:blog_testimonial_changelist")).status_code == 200
    assert client.get(reverse("admin:blog_testimonial_change", args=[said.pk])).status_code == 200


def test_a_moderator_takes_a_comment_down_and_an_editor_does_not(client):
    comment = BlogCommentFactory(body="Buy my watches.")
    BlogPost.objects.filter(pk=comment.post_id).update(comments_count=1)
    signed_in(client, "Editors")
    assert client.get(reverse("admin:blog_blogcomment_changelist")).status_code == 403
    assert press(client, "take_down", comment, reason="Advertising.").status_code == 403
    signed_in(client, "Moderators")
    assert "Buy my watches." in client.get(reverse("admin:blog_blogcomment_changelist")).text
    press(client, "take_down", comment, reason="Advertising.")
    comment.refresh_from_db()
    assert (comment.is_removed, comment.post.comments_count) == (True, 0)
    page = client.get(comment.post.get_absolute_url()).text
    assert "Buy my watches." not in page and "taken down by the moderators" in page
    press(client, "put_back", comment)
    assert "Buy my watches." in client.get(comment.post.get_absolute_url()).text
