"""The pages of comments on posts: threads of any length, what bad input gets, what moderators do there."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Report
from accounts.tests.factories import UserFactory
from community.actions import comments
from community.models import PostComment, Role
from community.tests.factories import CommunityFactory, PostCommentFactory, PostFactory, member_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
A_COMMENT = 'class="comment"'


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def address(post, name="comments", *rest) -> str:
    return reverse(f"community:{name}", args=[post.community_id, post.pk, *rest])


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def post(community):
    return PostFactory(community=community)


@pytest.fixture
def member(community, client):
    person = member_of(community).user
    client.force_login(person)
    return person


def many(post, number: int, **fields) -> list[PostComment]:
    author = UserFactory()
    return PostComment.objects.bulk_create(
        [
            PostComment(post=post, author=author, body=f"Number {place}, @bob.", **fields)
            for place in range(number)
        ]
    )


# Refused


def test_a_private_communitys_comments_are_not_there_for_those_outside(client):
    comment = PostCommentFactory(post=PostFactory(community=CommunityFactory(private=True)), body="Secret")
    post = comment.post
    inside = client_of(post.community.owner).get(address(post))
    assert "Secret" in inside.text and "no-store" in inside["Cache-Control"]
    outsider = client_of(UserFactory())
    for asked in (client, outsider):
        for name, rest in (("comments", []), ("comment", [comment.pk])):
            assert asked.get(address(post, name, *rest)).status_code == 404
    assert outsider.post(address(post), {"body": "Hello"}).status_code == 404
    assert outsider.post(address(post, "like_comment", comment.pk)).status_code == 404
    # Nor through the number of a community that they may see.
    open_one = CommunityFactory(owner=UserFactory())
    assert outsider.get(reverse("community:comments", args=[open_one.pk, post.pk])).status_code == 404


def test_who_looks_on_is_told_that_only_members_write(client, post):
    comment = PostCommentFactory(post=post)
    assert "Log in" in client.get(address(post)).text
    assert client.post(address(post), {"body": "Hello"}).url.startswith(reverse("account_login"))
    stranger = client_of(UserFactory())
    assert "Only members write here." in stranger.get(address(post)).text
    assert stranger.post(address(post), {"body": "Hello"}).status_code == 422
    assert stranger.post(address(post, "like_comment", comment.pk)).status_code == 403
    assert stranger.get(address(post, "edit_comment", comment.pk)).status_code == 403
    assert PostComment.objects.count() == 1


@pytest.mark.parametrize("body", ["", " ", "x" * 100_000])
def test_words_that_are_none_or_too_many_are_told_beside_the_field(client, post, member, body):
    answer = client.post(address(post), {"body": body})
    assert answer.status_code == 422
    assert "field-error" in answer.text


@pytest.mark.parametrize("parent", ["999999", "x", "-1", str(10**30)])
def test_an_answer_to_no_comment_of_this_post_is_refused(client, post, member, parent):
    assert client.post(address(post), {"body": "Hello.", "parent": parent}).status_code in (404, 422)
    elsewhere = PostCommentFactory()
    assert client.post(address(post), {"body": "Hello.", "parent": elsewhere.pk}).status_code == 404


def test_members_and_authors_take_down_nothing(client, post, member):
    comment = PostCommentFactory(post=post, author=member)
    place = address(post, "comment_removal", comment.pk)
    assert "Take down" not in client.get(address(post)).text
    for answer in (client.get(place), client.post(place, {"reason": "x"}), client.delete(place)):
        assert answer.status_code == 403
    comment.refresh_from_db()
    assert comment.is_standing


# Written


def test_a_comment_is_posted_answered_liked_changed_reported_and_deleted(client, post, member):
    client.post(address(post), {"body": "Which **bevel**?"})
    first = PostComment.objects.get()
    author = client_of(post.author)
    assert author.post(address(post), {"body": "Two segments.", "parent": first.pk}).status_code == 302
    button = author.post(first.get_like_url(), headers=HTMX).text
    assert 'aria-pressed="true"' in button and "<html" not in button
    client.post(first.get_own_url(), {"body": "Which bevel, and why?"})
    page = client.get(address(post)).text
    assert "Which bevel, and why?" in page and "edited" in page and "Author</span>" in page
    assert client.get(first.get_edit_url()).status_code == 200
    author.post(reverse("accounts:report", args=["post-comment", first.pk]), {"reason": "spam"})
    assert Report.objects.get().snapshot == "Which bevel, and why?"
    client.post(first.get_own_url(), {"_method": "delete"})
    page = client.get(first.get_own_url()).text
    assert "deleted by its author" in page and "Two segments." in page


def test_a_moderator_takes_it_down_from_the_thread_and_puts_it_back(client, community, post, member):
    comment = comments.comment_on(post=post, author=member, body="Buy my watches.")
    moderator = client_of(member_of(community, Role.MODERATOR).user)
    place = address(post, "comment_removal", comment.pk)
    assert place in moderator.get(address(post)).text
    assert "Buy my watches." in moderator.get(place).text
    assert "This field is required." in moderator.post(place, {"reason": " "}).text
    assert moderator.post(place, {"reason": "Advertising."}).status_code == 302
    for reader in (client, moderator):
        page = reader.get(comment.get_own_url()).text
        assert "Buy my watches." not in page and "taken down by the moderators" in page
    assert "Advertising." in moderator.get(place).text
    assert moderator.post(place, {"_method": "delete"}).status_code == 302
    assert "Buy my watches." in client.get(address(post)).text


# However many


def test_a_thread_of_ten_thousand_answers_is_a_bounded_page_that_can_be_continued(client, post, member):
    first = PostCommentFactory(post=post, body="Which bevel?")
    many(post, 10_000, parent=first, root=first, depth=1)
    page = client.get(address(post)).text
    assert page.count(A_COMMENT) == 6
    assert f'href="{first.get_own_url()}">Continue this thread' in page
    thread = client.get(first.get_own_url()).text
    assert thread.count(A_COMMENT) == 51
    assert "Number 49," in thread and "Number 50," not in thread
    last = client.get(first.get_own_url(), {"page": "last"}).text
    assert last.count(A_COMMENT) <= 51
    # Each answering the one before: the thread is no deeper than a page can show.
    deep = first
    for place in range(6):
        deep = comments.comment_on(post=post, author=member, body=f"Deeper {place}", parent=deep)
    assert deep.depth == 3


def test_the_pages_ask_the_same_number_of_queries_however_many_comments_there_are(client, post, member):
    def asked(place: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(place).status_code == 200
        return len(queries)

    first = PostCommentFactory(post=post, body="@bob?")
    places = [address(post), address(post, "comment", first.pk)]
    counts = []
    for total in (1, 24, 100):
        roots, answers = many(post, total), many(post, total, parent=first, root=first, depth=1)
        assert len(roots) == len(answers) == total
        [client.get(place) for place in places]
        counts.append([asked(place) for place in places])
    assert counts[0] == counts[1] == counts[2]
    assert max(counts[0]) <= 20
