"""What one person is in one community, and what they may do there."""

from dataclasses import dataclass

from accounts.models import User
from community.models import Community, CommunityBan, CommunityInvite, CommunityMembership, JoinRequest, Role
from community.models.community import may_see_all


@dataclass(frozen=True)
class Standing:
    """Read once for a page or a socket. `user` may be nobody who is signed in."""

    community: Community
    user: User
    membership: CommunityMembership | None = None
    ban: CommunityBan | None = None
    request: JoinRequest | None = None
    invite: CommunityInvite | None = None

    @property
    def role(self) -> Role | None:
        return Role(self.membership.role) if self.membership is not None else None

    @property
    def rank(self) -> int:
        """How much of a say: -1 outside, then as `Role.rank`, and the owner above all."""
        if self.is_owner:
            return len(Role)
        return self.role.rank if self.role is not None else -1

    @property
    def is_member(self) -> bool:
        return self.membership is not None

    @property
    def has_unread(self) -> bool:
        """Whether somebody has posted since they looked."""
        last = self.community.last_post_at
        return self.membership is not None and last is not None and last > self.membership.last_read_at

    @property
    def is_owner(self) -> bool:
        return self.user.is_authenticated and self.user.pk == self.community.owner_id

    @property
    def is_banned(self) -> bool:
        return self.ban is not None

    @property
    def is_site_moderator(self) -> bool:
        return may_see_all(self.user)

    @property
    def may_read(self) -> bool:
        """Posts and members: as `Community.is_readable_by`, without asking the database again."""
        community = self.community
        if community.is_listed or self.is_site_moderator or self.is_owner:
            return True
        return community.is_active and self.is_member

    @property
    def may_look_on(self) -> bool:
        """Be told live of what happens: whoever is banned is not, though they may read an open one like everybody."""
        return self.may_read and not self.is_banned

    @property
    def may_take_part(self) -> bool:
        """Post, comment and react."""
        return self.community.is_active and self.is_member

    @property
    def may_join(self) -> bool:
        """Come in now, or ask to, or accept an invitation."""
        return self.community.is_active and not self.is_member and not self.is_banned

    @property
    def may_moderate(self) -> bool:
        """Take posts down, pin them, let people in, keep them out, invite."""
        return self.community.is_active and self.rank >= Role.MODERATOR.rank

    @property
    def may_take_down(self) -> bool:
        """The site's moderators take down what they see, wherever it is."""
        return self.may_moderate or self.is_site_moderator

    @property
    def may_manage(self) -> bool:
        """Change what the community is, and who is a moderator. Its owner may before it is approved."""
        return self.is_owner or (self.community.is_active and self.rank >= Role.ADMIN.rank)

    @property
    def may_leave(self) -> bool:
        """Its owner hands it on first."""
        return self.is_member and not self.is_owner

    def may_act_on(self, member: CommunityMembership) -> bool:
        """Remove or ban somebody of the members: those below oneself only."""
        return self.may_moderate and self.rank > rank_of(member, self.community)

    def roles_for(self, member: CommunityMembership) -> list[Role]:
        """The roles that this person may give to `member`, without the one they have."""
        if not (self.community.is_active and self.may_manage and self.rank > rank_of(member, self.community)):
            return []
        return [role for role in Role if role.rank < self.rank and role != member.role]


def rank_of(member: CommunityMembership, community: Community) -> int:
    """See `Standing.rank`."""
    return len(Role) if member.user_id == community.owner_id else Role(member.role).rank


def standing_of(user, community: Community) -> Standing:
    """Four small look-ups; none for a visitor."""
    if not user.is_authenticated:
        return Standing(community, user)
    return Standing(
        community,
        user,
        membership=community.memberships.filter(user=user).first(),
        ban=community.bans.standing().filter(user=user).first(),
        request=community.join_requests.open().filter(user=user).first(),
        invite=community.invites.open().filter(user=user).select_related("invited_by").first(),
    )
