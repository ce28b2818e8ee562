"""What those who run a community do about its members."""

import pytest

from accounts.tests.factories import UserFactory
from community import keeper
from community.actions import joining, team
from community.exceptions import CommunityRefused
from community.models import CommunityBan, CommunityMembership, Role
from community.tests.factories import CommunityFactory, member_of

pytestmark = pytest.mark.django_db


def staffed():
    """A community with its owner and one of each role."""
    community = CommunityFactory()
    return community, {role: member_of(community, role) for role in Role}


def test_nobody_acts_on_those_beside_or_above_them():
    community, people = staffed()
    moderator, admin = people[Role.MODERATOR], people[Role.ADMIN]
    owners = community.memberships.get(user=community.owner)
    for actor, target in ((moderator, moderator), (moderator, admin), (admin, admin), (admin, owners)):
        with pytest.raises(CommunityRefused):
            team.remove(member=target, by=actor.user)
        with pytest.raises(CommunityRefused):
            team.ban(community=community, user=target.user, reason="No.", by=actor.user)
        with pytest.raises(CommunityRefused):
            team.give_role(member=target, role=Role.MEMBER, by=actor.user)
    assert community.memberships.count() == 4


def test_a_member_and_a_stranger_act_on_nobody():
    community, people = staffed()
    other = member_of(community)
    for actor in (people[Role.MEMBER].user, UserFactory()):
        with pytest.raises(CommunityRefused):
            team.remove(member=other, by=actor)
        with pytest.raises(CommunityRefused):
            team.ban(community=community, user=other.user, reason="No.", by=actor)
        with pytest.raises(CommunityRefused):
            team.give_role(member=other, role=Role.MODERATOR, by=actor)


def test_an_admin_names_moderators_and_no_admins():
    _community, people = staffed()
    member, admin = people[Role.MEMBER], people[Role.ADMIN]
    with pytest.raises(CommunityRefused):
        team.give_role(member=member, role=Role.ADMIN, by=admin.user)
    assert team.give_role(member=member, role=Role.MODERATOR, by=admin.user)
    assert not team.give_role(member=member, role=Role.MODERATOR, by=admin.user)
    assert "made you a moderator" in member.user.notifications.get().title


def test_who_was_removed_may_come_back_and_who_was_banned_may_not():
    community, people = staffed()
    member, moderator = people[Role.MEMBER], people[Role.MODERATOR].user
    assert team.remove(member=member, by=moderator)
    assert not team.remove(member=member, by=moderator)
    joining.join(community=community, user=member.user)
    ban = team.ban(community=community, user=member.user, reason="Spam.", by=moderator)
    assert team.ban(community=community, user=member.user, reason="Again.", by=moderator) == ban
    assert member.user.notifications.newest_first().first().message == "Spam."
    with pytest.raises(CommunityRefused, match="banned"):
        joining.join(community=community, user=member.user)
    assert team.lift_ban(ban=ban, by=moderator)
    assert not team.lift_ban(ban=ban, by=moderator)
    joining.join(community=community, user=member.user)
    community.refresh_from_db()
    assert community.members_count == community.memberships.count() == 4


def test_a_ban_closes_every_other_way_in():
    community, person = CommunityFactory(approval=True), UserFactory()
    joining.join(community=community, user=person)
    joining.invite(community=community, user=person, by=community.owner)
    team.ban(community=community, user=person, reason="Spam.", by=community.owner)
    assert not community.join_requests.open().exists()
    assert not community.invites.open().exists()


def test_a_community_is_handed_on_by_its_owner_to_a_member_alone():
    community, people = staffed()
    owner, heir = community.owner, people[Role.MEMBER].user
    for to, by in ((heir, people[Role.ADMIN].user), (UserFactory(), owner), (owner, owner)):
        with pytest.raises(CommunityRefused):
            team.hand_on(community=community, to=to, by=by)
    team.hand_on(community=community, to=heir, by=owner)
    assert community.owner == heir
    assert community.memberships.get(user=heir).role == Role.ADMIN
    assert "handed" in heir.notifications.get().sentence
    assert joining.leave(community=community, user=owner)


def test_the_community_of_a_deleted_person_goes_to_the_highest_of_the_others():
    community, people = staffed()
    gone = community.owner
    keeper.erase(gone)
    keeper.erase(gone)
    community.refresh_from_db()
    assert community.owner == people[Role.ADMIN].user
    assert community.is_active
    assert not CommunityMembership.objects.filter(user=gone).exists()
    assert community.members_count == community.memberships.count() == 3


def test_a_community_with_nobody_left_closes():
    community, waiting = CommunityFactory(), CommunityFactory(pending=True)
    for left in (community, waiting):
        keeper.erase(left.owner)
        left.refresh_from_db()
        assert left.state == "suspended"
        assert left.last_decision.note == "Nobody is left to run it."
        assert not left.owner.notifications.exists()
    assert CommunityBan.objects.count() == 0
