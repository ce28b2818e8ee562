"""Comments on posts: who may, who is told, what is counted."""

import pytest
from django.urls import reverse

from accounts import reporting
from accounts.models import Activity, Notification, UserBlock
from accounts.tests.factories import UserFactory
from blog.actions import comments
from blog.models import BlogComment
from blog.tests.factories import BlogCommentFactory, BlogPostFactory
from marketplace.exceptions import CommentRefused

pytestmark = pytest.mark.django_db


def address_of(post) -> str:
    return reverse("blog:comments", args=[post.slug])


def test_nobody_comments_on_a_draft_or_on_posts_of_who_has_blocked_them():
    post = BlogPostFactory()
    with pytest.raises(CommentRefused, match="published"):
        comments.post_comment(post=post, author=post.author, body="First!")
    shown, person = BlogPostFactory(published=True), UserFactory()
    UserBlock.objects.create(blocker=shown.author, blocked=person)
    with pytest.raises(CommentRefused, match="this author"):
        comments.post_comment(post=shown, author=person, body="Hello.")
    assert not BlogComment.objects.exists()


@pytest.mark.parametrize("body", ["", " ", "x" * 10_001])
def test_words_that_are_none_or_too_many_are_told_beside_the_field(client, body):
    post = BlogPostFactory(published=True)
    client.force_login(UserFactory())
    answer = client.post(address_of(post), {"body": body})
    assert answer.status_code == 422
    assert b"field-error" in answer.content


def test_an_answer_to_another_posts_comment_is_not_there(client):
    elsewhere = BlogCommentFactory()
    post = BlogPostFactory(published=True)
    client.force_login(UserFactory())
    answer = client.post(address_of(post), {"body": "Hello.", "parent": elsewhere.pk})
    assert answer.status_code == 404


def test_a_comment_is_posted_answered_changed_and_deleted(client):
    post, reader = BlogPostFactory(published=True), UserFactory(username="ada")
    client.force_login(reader)
    client.post(address_of(post), {"body": "Which cage?"})
    first = BlogComment.objects.get()
    client.force_login(post.author)
    assert client.post(address_of(post), {"body": "Any, @ada.", "parent": first.pk}).status_code == 302
    told = [(row.user, row.kind) for row in Notification.objects.order_by("pk")]
    assert told == [(post.author, "comment"), (reader, "answer")]
    post.refresh_from_db()
    assert post.comments_count == 2
    client.force_login(reader)
    client.post(first.get_own_url(), {"body": "Which cage, and why?"})
    page = client.get(post.get_absolute_url()).content.decode()
    assert "Which cage, and why?" in page
    assert "Author</span>" in page
    client.post(first.get_own_url(), {"_method": "delete"})
    post.refresh_from_db()
    first.refresh_from_db()
    assert (post.comments_count, first.body) == (1, "")
    assert Activity.objects.filter(actor=reader).count() == 0


def test_nobody_changes_the_words_of_others(client):
    comment = BlogCommentFactory()
    client.force_login(UserFactory())
    assert client.post(comment.get_own_url(), {"body": "Mine."}).status_code == 403
    assert client.get(comment.get_edit_url()).status_code == 403


def test_comments_are_liked_and_reported(client):
    comment, fan = BlogCommentFactory(), UserFactory()
    client.force_login(fan)
    for _ in range(2):
        client.post(comment.get_like_url())
    comment.refresh_from_db()
    assert comment.likes == 1
    assert reporting.find("blog-comment", str(comment.pk), user=fan).owner == comment.author
    hidden = BlogCommentFactory(post=BlogPostFactory())
    for nothing in (str(hidden.pk), "x", "9" * 30):
        assert reporting.find("blog-comment", nothing, user=fan) is None
