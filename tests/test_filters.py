"""Words that moderators keep out, wherever people write: refused beside what they wrote, and nothing is stored."""

import pytest
from django.core.cache import cache

from accounts.tests.factories import UserFactory
from blog.actions import comments as blog_comments
from blog.tests.factories import BlogPostFactory
from community.actions import comments as answers
from community.actions import posts
from community.actions.messages.writing import Letter, write_to
from community.actions.posts.writing import Draft
from community.exceptions import CommunityRefused
from community.messaging.exceptions import MessageRefused
from community.tests.factories import CommunityFactory, PostFactory
from core.models import TextFilter
from marketplace.actions import comments
from marketplace.exceptions import CommentRefused
from marketplace.forms.edit import ModelForm
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db
WORDS = "Buy grabzilla now"


@pytest.fixture(autouse=True)
def _kept_out():
    cache.clear()
    TextFilter.objects.create(kind="word", pattern="grabzilla")
    yield
    cache.clear()


def test_comments_posts_and_messages_are_refused():
    author, model = UserFactory(), Model3DFactory(listed=True)
    community = CommunityFactory(owner=author)
    post = PostFactory(community=community, author=author)
    first = comments.post(model=model, author=author, body="Fine.")
    for refused, call in (
        (CommentRefused, lambda: comments.post(model=model, author=author, body=WORDS)),
        (CommentRefused, lambda: comments.edit(comment=first, body=WORDS)),
        (
            CommentRefused,
            lambda: blog_comments.post_comment(
                post=BlogPostFactory(published=True), author=author, body=WORDS
            ),
        ),
        (CommentRefused, lambda: answers.comment_on(post=post, author=author, body=WORDS)),
        (
            CommunityRefused,
            lambda: posts.publish(community=community, author=author, draft=Draft(body=WORDS)),
        ),
        (
            MessageRefused,
            lambda: write_to(sender=author, recipient=UserFactory(), letter=Letter(body=WORDS)),
        ),
    ):
        with pytest.raises(refused, match="“grabzilla” is not taken here"):
            call()
    assert model.comments.count() == 1
    assert community.posts.count() == 1


def test_texts_of_models_are_refused_beside_the_field():
    model = Model3DFactory(with_file=True)
    form = ModelForm({"title": WORDS, "description": f"It is {WORDS}.", "pricing": "free"}, instance=model)
    assert not form.is_valid()
    assert form.errors["title"] == form.errors["description"] == ["“grabzilla” is not taken here."]
