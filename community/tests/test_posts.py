"""Posts of communities: who may do what, and what follows from it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Activity, Notification
from accounts.tests.factories import UserFactory
from community.actions import founding, posts, team
from community.events import forget_old
from community.exceptions import CommunityRefused
from community.models import (
    Community,
    CommunityEvent,
    CommunityMembership,
    CommunityPost,
    PostImage,
    PostReaction,
    Role,
)
from community.models.post import MAX_IMAGES
from community.posting.pictures import prepared
from community.tests.factories import CommunityFactory, PostFactory, member_of
from community.tests.posting import edited, picture_file, posted
from core.models import AuditEntry, OutgoingMail
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db

Kind = PostReaction.Kind


@pytest.fixture
def community():
    return CommunityFactory()


def kinds(community) -> list[str]:
    return list(community.events.order_by("number").values_list("kind", flat=True))


def told(user) -> list[str]:
    return [row.sentence for row in Notification.objects.filter(user=user).order_by("pk")]


# Refused


def outsiders(community) -> list:
    banned = member_of(community).user
    team.ban(community=community, user=banned, reason="Spam.", by=community.owner)
    return [UserFactory(), banned, UserFactory(staff=True, permissions=["community.moderate_community"])]


def test_who_is_not_in_it_writes_and_reacts_nowhere(community):
    post = posted(community)
    for person in outsiders(community):
        with pytest.raises(CommunityRefused):
            posted(community, person)
        with pytest.raises(CommunityRefused):
            posts.react(post=post, by=person, kind=Kind.LIKE)
    assert CommunityPost.objects.count() == 1
    assert not PostReaction.objects.exists()


@pytest.mark.parametrize("state", ["pending", "suspended"])
def test_nobody_writes_where_nothing_is_open(state):
    closed = CommunityFactory(state=state)
    with pytest.raises(CommunityRefused):
        posted(closed)


def test_a_post_of_nothing_is_refused(community):
    with pytest.raises(CommunityRefused):
        posted(community, body="")
    post = posted(community)
    with pytest.raises(CommunityRefused):
        edited(post, "")


def test_nobody_changes_or_deletes_what_others_wrote(community):
    post = posted(community, member_of(community).user)
    for person in (member_of(community).user, community.owner, UserFactory()):
        with pytest.raises(CommunityRefused):
            posts.edit(post=post, by=person, change=posts.Change(body="Mine now."))
        with pytest.raises(CommunityRefused):
            posts.delete(post=post, by=person)


def test_who_has_left_may_delete_but_not_change(community):
    member = member_of(community)
    post = posted(community, member.user)
    member.delete()
    with pytest.raises(CommunityRefused):
        edited(post, "Something else.")
    assert posts.delete(post=post, by=member.user)


def test_members_keep_no_order_and_moderators_none_above_themselves(community):
    by_owner, by_member = posted(community), posted(community, member_of(community).user, "Mine.")
    for person in (member_of(community).user, UserFactory(), UserFactory(staff=True)):
        for deed in (posts.pin, posts.unpin):
            with pytest.raises(CommunityRefused):
                deed(post=by_member, by=person)
        with pytest.raises(CommunityRefused):
            posts.take_down(post=by_member, by=person, reason="Off topic.")
        with pytest.raises(CommunityRefused):
            posts.put_back(post=by_member, by=person)
    moderator = member_of(community, Role.MODERATOR).user
    with pytest.raises(CommunityRefused):
        posts.take_down(post=by_owner, by=moderator, reason="Off topic.")
    assert posts.take_down(post=by_member, by=moderator, reason="Off topic.")


def test_three_posts_are_pinned_at_most(community):
    for number in range(3):
        assert posts.pin(post=posted(community, body=f"Pinned {number}"), by=community.owner)
    fourth = posted(community, body="One too many")
    with pytest.raises(CommunityRefused):
        posts.pin(post=fourth, by=community.owner)


def test_a_gone_post_takes_no_reaction_pin_or_words(community):
    post = posted(community)
    posts.delete(post=post, by=community.owner)
    for deed in (
        lambda: posts.react(post=post, by=community.owner, kind=Kind.FIRE),
        lambda: posts.pin(post=post, by=community.owner),
        lambda: edited(post, "Back?"),
    ):
        with pytest.raises(CommunityRefused):
            deed()


def test_six_pictures_are_the_most_also_by_editing(community):
    post = posted(community, pictures=4)
    with pytest.raises(CommunityRefused):
        edited(post, "More.", pictures=[prepared(picture_file()) for _ in range(MAX_IMAGES - 3)])
    assert post.images.count() == 4


# Writing


def test_a_post_counts_is_an_event_and_is_shown_to_followers(community):
    first, second = posted(community), posted(community, body="Another.")
    community.refresh_from_db()
    assert (community.posts_count, community.last_post_at) == (2, second.created_at)
    assert kinds(community) == ["posted", "posted"]
    activity = Activity.objects.about(community).get(verb=Activity.Verb.POSTED)
    assert activity.link == second.get_absolute_url() != first.get_absolute_url()


def test_the_same_form_sent_twice_is_one_post(community):
    assert posted(community).pk == posted(community).pk
    assert CommunityPost.objects.count() == 1


def test_no_feed_tells_of_a_private_community():
    posted(CommunityFactory(private=True))
    assert not Activity.objects.exists()


def test_ones_own_post_is_not_new_to_oneself_but_what_one_has_not_seen_is(community):
    member = member_of(community)
    posted(community, member.user)
    community.refresh_from_db()
    member.refresh_from_db()
    assert member.last_read_at >= community.last_post_at
    other = member_of(community)
    posted(community, other.user, "From somebody else.")
    posted(community, member.user, "Again.")
    member.refresh_from_db()
    assert member.last_read_at < community.posts.get(body="From somebody else.").created_at


def test_whoever_is_mentioned_and_may_read_it_is_told_once(community):
    ana, stranger = UserFactory(username="ana"), UserFactory(username="eve")
    post = posted(community, body="@ana and @ana, look. So does @eve.")
    edited(post, "@ana, look again. And @eve.")
    for person in (ana, stranger):
        assert told(person) == [f"{community.owner.display_name} mentioned you in “{community.name}”"]
    assert OutgoingMail.objects.filter(recipient=ana).count() <= 1
    closed = CommunityFactory(private=True)
    member_of(closed, user=ana)
    posted(closed, body="@ana and @eve: between us.")
    assert (len(told(ana)), len(told(stranger))) == (2, 1)


def test_what_a_post_said_before_stays(community):
    post = posted(community, body="Teh chair")
    edited(post, "The chair")
    edited(post, "The chair")
    edited(post, "The chair, again")
    post.refresh_from_db()
    said = post.revisions.order_by("created_at").values_list("body", flat=True)
    assert (post.body, list(said)) == ("The chair, again", ["Teh chair", "The chair"])
    assert post.edited_at is not None


def test_pictures_are_described_removed_and_added(community):
    post = posted(community, pictures=2)
    first, second = post.images.order_by("order")
    storage, name = first.image.storage, first.image.name
    edited(
        post,
        post.body,
        descriptions={second.pk: "Wires of the seat"},
        removed=frozenset({first.pk}),
        pictures=[prepared(picture_file())],
    )
    rows = list(post.images.order_by("order").values_list("order", "alt"))
    assert rows == [(1, "Wires of the seat"), (2, "")]
    assert storage.exists(name)


@pytest.mark.django_db(transaction=True)
def test_a_deleted_post_leaves_nothing_of_what_it_said_or_showed(community):
    post = posted(community, pictures=1, model=Model3DFactory(listed=True))
    edited(post, "Other words.")
    posts.pin(post=post, by=community.owner)
    stored = post.images.get().image
    storage, name = stored.storage, stored.name
    assert posts.delete(post=post, by=community.owner)
    assert not posts.delete(post=post, by=community.owner)
    post.refresh_from_db()
    community.refresh_from_db()
    assert (post.body, post.model, post.is_pinned, post.is_standing) == ("", None, False, False)
    assert not post.revisions.exists()
    assert not PostImage.objects.exists()
    assert not storage.exists(name)
    assert (community.posts_count, community.last_post_at) == (0, None)
    assert kinds(community)[-1] == "post_gone"
    assert not Activity.objects.about(community).filter(verb=Activity.Verb.POSTED).exists()


# Keeping order


def test_a_post_is_taken_down_for_a_reason_that_its_author_reads_and_put_back(community):
    author = member_of(community).user
    post = posted(community, author, "Buy cheap watches.")
    moderator = member_of(community, Role.MODERATOR).user
    assert posts.take_down(post=post, by=moderator, reason="This is an advertisement.")
    assert not posts.take_down(post=post, by=moderator, reason="Again.")
    notification = Notification.objects.get(user=author)
    assert notification.message == "This is an advertisement."
    community.refresh_from_db()
    assert (community.posts_count, community.last_post_at) == (0, None)
    assert posts.put_back(post=post, by=moderator)
    assert not posts.put_back(post=post, by=moderator)
    community.refresh_from_db()
    assert (community.posts_count, community.last_post_at) == (1, post.created_at)
    assert kinds(community) == ["posted", "post_gone", "posted"]
    actions = AuditEntry.objects.filter(actor=moderator).order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["community_post.take_down", "community_post.put_back"]


def test_the_sites_moderators_take_down_what_they_see_wherever_it_is():
    closed = CommunityFactory(private=True)
    post = posted(closed)
    moderator = UserFactory(staff=True, permissions=["community.moderate_community"])
    assert posts.take_down(post=post, by=moderator, reason="Stolen.")


def test_what_was_taken_down_and_then_deleted_is_counted_once(community):
    author = member_of(community).user
    post = posted(community, author)
    posts.take_down(post=post, by=community.owner, reason="No.")
    assert posts.delete(post=post, by=author)
    assert not posts.put_back(post=post, by=community.owner)
    community.refresh_from_db()
    assert community.posts_count == 0


def test_pinning_and_unpinning_twice_is_once(community):
    post = posted(community)
    assert posts.pin(post=post, by=community.owner)
    assert not posts.pin(post=post, by=community.owner)
    assert posts.unpin(post=post, by=community.owner)
    assert not posts.unpin(post=post, by=community.owner)
    assert kinds(community) == ["posted", "post_changed", "post_changed"]


# Reactions and shares


def counts(post) -> tuple[int, ...]:
    post.refresh_from_db()
    return tuple(getattr(post, kind.counter) for kind in Kind)


def test_a_reaction_is_one_a_person_and_can_be_changed_and_taken_back(community):
    post, fan = posted(community), member_of(community).user
    assert posts.react(post=post, by=fan, kind=Kind.LIKE)
    assert not posts.react(post=post, by=fan, kind=Kind.LIKE)
    assert counts(post) == (1, 0, 0, 0)
    assert posts.react(post=post, by=fan, kind=Kind.FIRE)
    assert counts(post) == (0, 0, 0, 1)
    assert told(community.owner) == [f"{fan.display_name} reacted to your post in “{community.name}”"]
    assert posts.unreact(post=post, by=fan)
    assert not posts.unreact(post=post, by=fan)
    assert counts(post) == (0, 0, 0, 0)


@pytest.mark.django_db(transaction=True)
def test_racing_reactions_of_one_person_are_one_row_with_the_right_counts(community):
    post, fan = posted(community), member_of(community).user

    def press(number: int) -> None:
        try:
            posts.react(post=post, by=fan, kind=list(Kind)[number % 4])
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(press, range(18)))
    assert sum(counts(post)) == 1
    assert getattr(post, Kind(post.reactions.get().kind).counter) == 1
    numbers = list(community.events.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))


def test_each_person_shares_once(community):
    post, fan = posted(community), UserFactory()
    assert posts.share(post=post, by=fan)
    assert not posts.share(post=post, by=fan)
    post.refresh_from_db()
    assert post.shares == 1


# Reading


def test_reading_goes_forward_only_and_never_into_the_future(community):
    member = member_of(community)
    before = member.last_read_at
    assert not posts.mark_read(membership=member, until=before - timedelta(hours=1))
    assert posts.mark_read(membership=member, until=timezone.now() + timedelta(days=1))
    member.refresh_from_db()
    assert before < member.last_read_at <= timezone.now()


def test_becoming_private_takes_its_posts_out_of_every_feed(community):
    posted(community)
    fields = ("name", "description", "category", "icon", "banner", "rules")
    same = {name: getattr(community, name) for name in fields}
    founding.change(community=community, by=community.owner, policy=Community.Policy.PRIVATE, **same)
    assert not Activity.objects.exists()


def test_old_events_are_forgotten_and_new_ones_are_not(community):
    posted(community)
    posted(community, body="Another.")
    CommunityEvent.objects.filter(number=1).update(created_at=timezone.now() - timedelta(days=8))
    assert forget_old() == 1
    assert list(community.events.values_list("number", flat=True)) == [2]


def test_lists_of_posts_and_the_post_agree_on_which_stand(community):
    now = timezone.now()
    PostFactory(community=community, deleted_at=now)
    PostFactory(community=community, removed_at=now)
    PostFactory(community=community)
    for post in CommunityPost.objects.all():
        assert CommunityPost.objects.standing().filter(pk=post.pk).exists() == post.is_standing
    assert CommunityMembership.objects.count() == 1
