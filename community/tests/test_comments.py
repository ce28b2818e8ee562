"""Comments on posts: who may write, like and take down, who is told, and what those who look on hear."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Notification, NotificationPreference, UserBlock
from accounts.tests.factories import UserFactory
from community.actions import comments, team
from community.models import Community, CommunityEvent, CommunityPost, PostComment, Role
from community.tests.factories import CommunityFactory, PostCommentFactory, PostFactory, member_of
from core.models import AuditEntry, OutgoingMail
from marketplace.exceptions import CommentRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def community():
    return CommunityFactory(name="Hard surface")


@pytest.fixture
def post(community):
    return PostFactory(community=community, author=member_of(community).user)


@pytest.fixture
def member(community):
    return member_of(community).user


def told() -> list[tuple]:
    return [(row.user, row.kind) for row in Notification.objects.order_by("user")]


def events(community) -> list[tuple]:
    return list(community.events.order_by("number").values_list("number", "kind", "comment_pk"))


# Refused


def test_who_is_no_member_writes_and_likes_nothing(community, post, member):
    stranger, comment = UserFactory(), PostCommentFactory(post=post)
    for person in (stranger, UserFactory(staff=True, permissions=["community.moderate_community"])):
        with pytest.raises(CommentRefused, match="Join the community"):
            comments.comment_on(post=post, author=person, body="Hello.")
        with pytest.raises(CommentRefused):
            comments.like(comment=comment, by=person)
    own = comments.comment_on(post=post, author=member, body="Hello.")
    team.ban(community=community, user=member, reason="Spam.", by=community.owner)
    with pytest.raises(CommentRefused, match="banned"):
        comments.comment_on(post=post, author=member, body="Hello again.")
    with pytest.raises(CommentRefused, match="banned"):
        comments.edit(comment=own, body="Buy my watches.")
    assert PostComment.objects.count() == 2


@pytest.mark.parametrize("field", ["deleted_at", "removed_at"])
def test_a_post_that_is_gone_takes_no_comments_whatever_its_page_showed(post, member, field):
    CommunityPost.objects.filter(pk=post.pk).update(**{field: timezone.now()})
    with pytest.raises(CommentRefused, match="no comments any more"):
        comments.comment_on(post=post, author=member, body="Hello.")


def test_nothing_is_written_while_the_community_is_suspended(community, post, member):
    Community.objects.filter(pk=community.pk).update(state=Community.State.SUSPENDED)
    with pytest.raises(CommentRefused):
        comments.comment_on(post=post, author=member, body="Hello.")


def test_nobody_answers_those_who_have_blocked_them(post, member):
    answered = PostCommentFactory(post=post)
    UserBlock.objects.create(blocker=answered.author, blocked=member)
    with pytest.raises(CommentRefused, match="cannot answer this person"):
        comments.comment_on(post=post, author=member, body="Hello.", parent=answered)
    UserBlock.objects.create(blocker=post.author, blocked=member)
    with pytest.raises(CommentRefused, match="cannot comment on this person"):
        comments.comment_on(post=post, author=member, body="Hello.")


def test_only_those_who_run_it_take_comments_down_and_say_why(community, post, member):
    comment = PostCommentFactory(post=post)
    for person in (UserFactory(), member, post.author):
        for deed in (comments.take_down, comments.put_back):
            with pytest.raises(CommentRefused):
                deed(comment=comment, by=person, **({"reason": "x"} if deed is comments.take_down else {}))
    with pytest.raises(CommentRefused, match="Say why"):
        comments.take_down(comment=comment, by=community.owner, reason=" ")
    comment.refresh_from_db()
    assert comment.is_standing


# Written


def test_a_comment_is_counted_numbered_and_told_once_to_each_by_the_nearest_reason(community, post, member):
    first = comments.comment_on(post=post, author=member, body="Which bevel?")
    other = member_of(community, user=UserFactory(username="ben")).user
    body = f"Two segments, @{member.username}, @ben and @{post.author.username}."
    second = comments.comment_on(post=post, author=community.owner, body=body, parent=first)
    post.refresh_from_db()
    assert (post.comments_count, post.score) == (2, 4)
    assert events(community) == [(1, "commented", first.pk), (2, "commented", second.pk)]
    assert sorted(told(), key=lambda row: (row[0].pk, row[1])) == sorted(
        [(post.author, "comment"), (post.author, "comment"), (member, "answer"), (other, "mention")],
        key=lambda row: (row[0].pk, row[1]),
    )
    mails = OutgoingMail.objects.order_by("pk")
    assert {mail.kind for mail in mails} == {
        "marketplace/comment",
        "marketplace/answer",
        "marketplace/mention",
    }
    assert all(
        f"/community/{community.pk}/posts/{post.pk}/comments/{first.pk}/" in mail.text for mail in mails
    )


def test_who_wants_no_mails_or_may_not_read_a_private_community_gets_none(member):
    community = CommunityFactory(private=True)
    author, outsider = member_of(community).user, UserFactory(username="ben")
    post = PostFactory(community=community, author=community.owner)
    NotificationPreference.objects.create(user=post.author, kind="comment", on_site=True, by_mail=False)
    comments.comment_on(post=post, author=author, body=f"Look, @{outsider.username}!")
    assert told() == [(post.author, "comment")]
    assert not OutgoingMail.objects.exists()


def test_other_words_and_the_end_of_a_comment_are_events_too(community, post, member):
    comment = comments.comment_on(post=post, author=member, body="Which bevel?")
    comments.edit(comment=comment, body="Which bevel?")
    comments.edit(comment=comment, body="Which bevel, and why?")
    pk = comment.pk
    comments.delete(comment=comment)
    comments.delete(comment=comment)
    assert [row[1:] for row in events(community)] == [
        ("commented", pk),
        ("comment_changed", pk),
        ("comment_gone", pk),
    ]
    post.refresh_from_db()
    assert post.comments_count == 0
    assert not PostComment.objects.exists()


def test_what_is_deleted_while_it_is_edited_stays_without_words(post, member):
    comment = comments.comment_on(post=post, author=member, body="Which bevel?")
    comments.comment_on(post=post, author=post.author, body="Two.", parent=comment)
    comments.delete(comment=PostComment.objects.get(pk=comment.pk))
    comments.edit(comment=comment, body="Which bevel, and why?")
    comment.refresh_from_db()
    assert (comment.body, comment.edited_at) == ("", None)


def test_members_like_a_comment_once(post, member):
    comment = PostCommentFactory(post=post)
    assert comments.like(comment=comment, by=member)
    assert not comments.like(comment=comment, by=member)
    comment.refresh_from_db()
    assert comment.likes == 1
    assert comments.unlike(comment=comment, by=member)
    assert not comments.unlike(comment=comment, by=member)
    comment.refresh_from_db()
    assert comment.likes == 0


# Taken down


@pytest.mark.parametrize("who", ["moderator", "owner", "staff"])
def test_those_who_run_it_and_the_sites_moderators_take_it_down_and_put_it_back(community, post, member, who):
    by = {
        "moderator": member_of(community, Role.MODERATOR).user,
        "owner": community.owner,
        "staff": UserFactory(staff=True, permissions=["community.moderate_community"]),
    }[who]
    comment = comments.comment_on(post=post, author=member, body="Buy my watches.")
    assert comments.take_down(comment=comment, by=by, reason="Advertising.")
    assert not comments.take_down(comment=comment, by=by, reason="Advertising.")
    post.refresh_from_db()
    comment.refresh_from_db()
    assert (post.comments_count, comment.removed_by, comment.removal_reason) == (0, by, "Advertising.")
    told = Notification.objects.get(user=member)
    assert (told.kind, told.message) == ("community", "Advertising.") and "taken down" in told.title
    assert comments.put_back(comment=comment, by=by)
    assert not comments.put_back(comment=comment, by=by)
    post.refresh_from_db()
    assert post.comments_count == 1
    kinds = list(CommunityEvent.objects.order_by("number").values_list("kind", flat=True))
    assert kinds == ["commented", "comment_gone", "comment_changed"]
    actions = AuditEntry.objects.filter(actor=by).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["post_comment.take_down", "post_comment.put_back"]


# At once


@pytest.mark.full
@pytest.mark.django_db(transaction=True)
def test_members_who_comment_on_each_other_at_once_are_all_counted_numbered_and_told(community, post):
    people = [member_of(community, user=UserFactory(username=f"maker{place}")).user for place in range(6)]
    names = " ".join(f"@{person.username}" for person in people)
    first = comments.comment_on(post=post, author=post.author, body="Which bevel?")

    def write(person):
        comments.comment_on(post=post, author=person, body=f"Two, {names}.", parent=first)
        comments.like(comment=first, by=person)
        connection.close()

    with ThreadPoolExecutor(len(people)) as pool:
        list(pool.map(write, people))
    post.refresh_from_db()
    first.refresh_from_db()
    assert (post.comments_count, first.likes) == (7, 6)
    assert [number for number, _, _ in events(community)] == list(range(1, 8))
    assert Notification.objects.filter(kind="mention").count() == 6 * 5
