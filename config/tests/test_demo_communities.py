"""The demo's communities: everybody in them is there, they have come about as on the site, and once."""

import pytest
from django.utils import timezone

from community.models import Community, CommunityMembership, CommunityPost, JoinRequest, PostReaction
from config.demo import communities, talk
from config.demo.accounts import ensure_creator, ensure_demo_accounts, ensure_member
from config.demo.catalogue import CREATORS
from config.demo.catalogue.communities import COMMUNITIES
from config.demo.catalogue.society import MEMBERS
from config.demo.catalogue.talk import POSTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    ensure_demo_accounts()
    for creator in CREATORS:
        ensure_creator(creator.username, full_name=creator.full_name, profile={})
    for member in MEMBERS:
        ensure_member(member)


def test_nobody_is_in_them_who_is_not_there_and_all_choices_exist():
    names = {member.username for member in MEMBERS} | {creator.username for creator in CREATORS} | {"buyer"}
    for entry in COMMUNITIES:
        assert {entry.owner, *entry.moderators, *entry.creators, *entry.waiting, *entry.invited} <= names
        assert entry.category in Community.Category
        assert entry.icon in Community.Icon
        assert entry.banner in Community.Banner
        assert entry.policy in Community.Policy


def test_they_are_joined_after_they_opened_and_a_second_time_changes_nothing(people):
    communities.settle()
    communities.settle()
    assert Community.objects.count() == len(COMMUNITIES)
    assert Community.objects.waiting().get().name == "Three evenings a week"
    for community in Community.objects.all():
        assert community.members_count == community.memberships.count()
        for member in community.memberships.all():
            assert community.created_at <= member.created_at <= timezone.now()
    assert CommunityMembership.objects.team().count() > len(COMMUNITIES)
    assert JoinRequest.objects.open().count() == 2
    private = Community.objects.get(policy="private")
    assert private.invites.open().get().user.username == "buyer"


def test_they_talk_in_them_and_a_second_time_says_nothing_more(people):
    communities.settle()
    for _ in range(2):
        talk.begin()
    assert CommunityPost.objects.count() == len(POSTS)
    for community in Community.objects.active():
        assert community.posts_count == community.posts.count() > 0
        assert community.last_post_at == max(community.posts.values_list("created_at", flat=True))
        for post in community.posts.all():
            assert community.memberships.get(user=post.author).created_at < post.created_at < timezone.now()
            counted = sum(getattr(post, kind.counter) for kind in PostReaction.Kind)
            assert counted == post.reactions.count()
            assert post.comments_count == post.comments.count()
