"""Who sees which community: each list rule together with its twin on the community."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.tests.factories import UserFactory
from community.models import Community, CommunityBan, CommunityInvite, CommunityPost, Role
from community.standing import standing_of
from community.tests.factories import CommunityFactory, PostFactory, member_of

pytestmark = pytest.mark.django_db

STATES = ["pending", "active", "suspended"]
POLICIES = ["open", "approval", "private"]


def people(community: Community) -> dict:
    """Everybody who may stand in some relation to it."""
    member, invited, once_invited, banned = (UserFactory() for _ in range(4))
    member_of(community, user=member)
    CommunityInvite.objects.create(community=community, user=invited, invited_by=community.owner)
    CommunityInvite.objects.create(
        community=community, user=once_invited, state="declined", decided_at=community.created_at
    )
    CommunityBan.objects.create(community=community, user=banned, reason="Spam.", banned_by=community.owner)
    return {
        "visitor": AnonymousUser(),
        "stranger": UserFactory(),
        "banned": banned,
        "once_invited": once_invited,
        "invited": invited,
        "member": member,
        "owner": community.owner,
        "staff": UserFactory(staff=True),
        "site_moderator": UserFactory(staff=True, permissions=["community.moderate_community"]),
    }


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("policy", POLICIES)
def test_lists_and_pages_agree_on_who_sees_a_community(state, policy):
    community = CommunityFactory(state=state, policy=policy)
    for name, person in people(community).items():
        for rule in ("visible_to", "readable_by"):
            listed = getattr(Community.objects, rule)(person).filter(pk=community.pk).exists()
            assert listed == getattr(community, f"is_{rule}")(person), (name, rule)
        standing = standing_of(person, community)
        assert standing.may_read == community.is_readable_by(person), name
    assert Community.objects.listed().exists() == community.is_listed
    assert Community.objects.active().exists() == community.is_active


@pytest.mark.parametrize(
    ("state", "policy", "seen_by", "read_by"),
    [
        ("pending", "open", {"owner", "site_moderator"}, {"owner", "site_moderator"}),
        ("suspended", "open", {"owner", "site_moderator"}, {"owner", "site_moderator"}),
        (
            "active",
            "private",
            {"invited", "member", "owner", "site_moderator"},
            {"member", "owner", "site_moderator"},
        ),
    ],
)
def test_who_sees_what_is_not_for_everybody(state, policy, seen_by, read_by):
    community = CommunityFactory(state=state, policy=policy)
    everybody = people(community)
    assert {name for name, person in everybody.items() if community.is_visible_to(person)} == seen_by
    assert {name for name, person in everybody.items() if community.is_readable_by(person)} == read_by


@pytest.mark.parametrize("policy", ["open", "approval"])
def test_everybody_reads_what_is_not_private(policy):
    community = CommunityFactory(policy=policy)
    assert all(community.is_readable_by(person) for person in people(community).values())


def test_posts_of_a_private_community_are_for_its_members():
    post = PostFactory(community=CommunityFactory(private=True))
    everybody = people(post.community)
    seen = {name for name, person in everybody.items() if CommunityPost.objects.readable_by(person).exists()}
    assert seen == {"member", "owner", "site_moderator"}


def test_nobody_outside_may_do_anything_and_each_role_a_little_more():
    community = CommunityFactory()
    moderator, admin = member_of(community, Role.MODERATOR), member_of(community, Role.ADMIN)
    everybody = people(community) | {"moderator": moderator.user, "admin": admin.user}
    standings = {name: standing_of(person, community) for name, person in everybody.items()}

    def those_who(right: str) -> set[str]:
        return {name for name, standing in standings.items() if getattr(standing, right)}

    inside = {"member", "moderator", "admin", "owner"}
    assert those_who("may_take_part") == inside
    assert those_who("may_join") == set(everybody) - inside - {"banned"}
    assert those_who("may_moderate") == {"moderator", "admin", "owner"}
    assert those_who("may_take_down") == {"moderator", "admin", "owner", "site_moderator"}
    assert those_who("may_manage") == {"admin", "owner"}
    assert those_who("may_leave") == {"member", "moderator", "admin"}
    assert not standings["moderator"].may_act_on(moderator)
    assert not standings["moderator"].may_act_on(admin)
    assert not standings["admin"].may_act_on(admin)
    assert standings["admin"].may_act_on(moderator)
    assert standings["owner"].may_act_on(admin)
    assert standings["moderator"].roles_for(member_of(community)) == []
    assert standings["admin"].roles_for(moderator) == [Role.MEMBER]
    assert standings["owner"].roles_for(admin) == [Role.MEMBER, Role.MODERATOR]


@pytest.mark.parametrize("state", ["pending", "suspended"])
def test_in_a_community_that_is_not_open_nobody_takes_part(state):
    community = CommunityFactory(state=state)
    for person in people(community).values():
        standing = standing_of(person, community)
        assert not standing.may_take_part
        assert not standing.may_join
        assert not standing.may_moderate
    assert standing_of(community.owner, community).may_manage
