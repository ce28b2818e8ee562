"""What the database refuses, whoever forgets to."""

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from accounts.tests.factories import UserFactory
from community.models import (
    Community,
    CommunityBan,
    CommunityDecision,
    CommunityEvent,
    CommunityInvite,
    CommunityMembership,
    CommunityPost,
    JoinRequest,
    PostReaction,
    PostShare,
)
from community.models.post import MAX_LENGTH
from community.tests.factories import CommunityFactory, PostFactory

pytestmark = pytest.mark.django_db


def refused(name: str, deed) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        deed()


def test_two_communities_of_one_name_in_whatever_letters():
    CommunityFactory(name="Hard Surface")
    refused("community_name_unique", lambda: CommunityFactory(name="hard surface"))


def test_a_state_or_a_policy_that_there_is_not():
    community = Community.objects.filter(pk=CommunityFactory().pk)
    refused("community_state_known", lambda: community.update(state="closed"))
    refused("community_policy_known", lambda: community.update(policy="secret"))
    refused("community_rules_bounded", lambda: community.update(rules=["Be kind."] * 16))


def test_being_in_twice_or_in_no_role():
    community, person = CommunityFactory(), UserFactory()
    rows = CommunityMembership.objects
    rows.create(community=community, user=person)
    refused("community_membership_once", lambda: rows.create(community=community, user=person))
    refused("community_role_known", lambda: rows.update(role="king"))


def test_two_open_requests_invitations_or_bans_of_one_person():
    community, person = CommunityFactory(), UserFactory()
    who = {"community": community, "user": person}
    for rows, fields, name in (
        (JoinRequest.objects, {}, "join_request_open_once"),
        (CommunityInvite.objects, {"invited_by": community.owner}, "community_invite_open_once"),
        (
            CommunityBan.objects,
            {"reason": "Spam.", "banned_by": community.owner},
            "community_ban_standing_once",
        ),
    ):
        rows.create(**who, **fields)
        refused(name, lambda rows=rows, fields=fields: rows.create(**who, **fields))


def test_a_ban_or_a_refusal_without_a_reason():
    community, person = CommunityFactory(), UserFactory()
    refused(
        "community_ban_says_why",
        lambda: CommunityBan.objects.create(
            community=community, user=person, reason="", banned_by=community.owner
        ),
    )
    for outcome in CommunityDecision.NEEDS_NOTE:
        refused(
            "community_decision_says_why",
            lambda outcome=outcome: CommunityDecision.objects.create(community=community, outcome=outcome),
        )


def test_inviting_or_banning_oneself():
    community = CommunityFactory()
    own = {"community": community, "user": community.owner}
    refused(
        "community_invite_not_oneself",
        lambda: CommunityInvite.objects.create(**own, invited_by=community.owner),
    )
    refused(
        "community_ban_not_oneself",
        lambda: CommunityBan.objects.create(**own, reason="Spam.", banned_by=community.owner),
    )


def test_an_answer_without_its_time():
    request = JoinRequest.objects.create(community=CommunityFactory(), user=UserFactory())
    rows = JoinRequest.objects.filter(pk=request.pk)
    refused("join_request_answered_has_time", lambda: rows.update(state="accepted"))


def test_a_post_that_is_too_long_or_pinned_and_gone():
    post = CommunityPost.objects.filter(pk=PostFactory().pk)
    refused("community_post_length_bounded", lambda: post.update(body="x" * (MAX_LENGTH + 1)))
    now = timezone.now()
    refused("community_post_pinned_stands", lambda: post.update(pinned_at=now, deleted_at=now))


def test_two_reactions_or_shares_of_one_person_and_a_fifth_kind():
    post, person = PostFactory(), UserFactory()
    PostReaction.objects.create(post=post, user=person, kind="like")
    refused("post_reaction_once", lambda: PostReaction.objects.create(post=post, user=person, kind="fire"))
    refused("post_reaction_known", lambda: PostReaction.objects.update(kind="meh"))
    PostShare.objects.create(post=post, user=person)
    refused("post_share_once", lambda: PostShare.objects.create(post=post, user=person))


def test_an_event_of_a_number_that_was_given_or_without_its_post():
    community = CommunityFactory()
    rows = CommunityEvent.objects
    rows.create(community=community, number=1, kind="members")
    refused("community_event_number_once", lambda: rows.create(community=community, number=1, kind="members"))
    refused("community_event_names_post", lambda: rows.create(community=community, number=2, kind="posted"))


def test_a_counter_below_nought():
    post = CommunityPost.objects.filter(pk=PostFactory().pk)
    with pytest.raises(DatabaseError), transaction.atomic():
        post.update(likes=-1)


def test_the_score_of_a_post_follows_its_counters():
    post = PostFactory(likes=1, loves=2, wows=3, fires=4, comments_count=5)
    post.refresh_from_db()
    assert post.score == 20
