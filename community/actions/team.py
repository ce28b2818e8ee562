"""What those who run a community do about its members: roles, handing on, removing, banning."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from community import telling
from community.actions.joining import let_go
from community.events import member_changed
from community.exceptions import CommunityRefused
from community.locks import locked
from community.models import (
    Community,
    CommunityBan,
    CommunityInvite,
    CommunityMembership,
    JoinRequest,
    Role,
)
from community.standing import standing_of


def give_role(*, member: CommunityMembership, role: Role, by: User) -> bool:
    """False where they have it already.

    Raises:
        CommunityRefused: who gives it has no such say (any more), or the person has left.
    """
    with transaction.atomic():
        row = locked(member.community_id)
        member = _member(row, member.user_id)
        if member.role == role:
            return False
        if role not in standing_of(by, row).roles_for(member):
            raise CommunityRefused("You cannot give this role to this person.")
        CommunityMembership.objects.filter(pk=member.pk).update(role=role)
        member_changed(row, member.user_id)
        telling.tell_role(member.user, row, role, by=by)
    return True


def hand_on(*, community: Community, to: User, by: User) -> None:
    """Somebody else of its members owns it; who did stays as an admin.

    Raises:
        CommunityRefused: it is not theirs to give, or the other is no member or has no account any more.
    """
    with transaction.atomic():
        row = locked(community)
        if row.owner_id != by.pk:
            raise CommunityRefused("Only its owner hands a community on.")
        if to.pk == by.pk:
            raise CommunityRefused("It is yours already.")
        member = _member(row, to.pk)
        if not member.user.is_active:
            raise CommunityRefused("This account is not active.")
        make_owner(row, member, by=by)
    community.refresh_from_db()


def make_owner(row: Community, member: CommunityMembership, *, by: User | None) -> None:
    """Under the community's lock; `by` is nobody where the one before has gone."""
    CommunityMembership.objects.filter(pk=member.pk).update(role=Role.ADMIN)
    Community.objects.filter(pk=row.pk).update(owner=member.user, updated_at=timezone.now())
    member_changed(row, member.user_id)
    telling.tell_owner(member.user, row, by=by)


def remove(*, member: CommunityMembership, by: User) -> bool:
    """Out, but free to come back; False where they have left already.

    Raises:
        CommunityRefused: `by` has no such say about them.
    """
    with transaction.atomic():
        row = locked(member.community_id)
        found = row.memberships.filter(user=member.user_id).select_related("user").first()
        if found is None:
            return False
        if not standing_of(by, row).may_act_on(found):
            raise CommunityRefused("You cannot remove this person.")
        let_go(row, found.user)
        telling.tell_removed(found.user, row)
    return True


def ban(*, community: Community, user: User, reason: str, by: User) -> CommunityBan:
    """Out, and kept out: no joining, asking or being invited; a second ban is the first one.

    Raises:
        CommunityRefused: `by` has no such say about them.
    """
    with transaction.atomic():
        row = locked(community)
        standing = standing_of(by, row)
        if user.pk in (by.pk, row.owner_id) or not standing.may_moderate:
            raise CommunityRefused("You cannot ban this person.")
        found = row.memberships.filter(user=user).first()
        if found is not None and not standing.may_act_on(found):
            raise CommunityRefused("You cannot ban this person.")
        made, is_new = row.bans.standing().get_or_create(
            user=user, defaults={"community": row, "reason": reason, "banned_by": by}
        )
        if not is_new:
            return made
        now = timezone.now()
        waiting = row.join_requests.open().filter(user=user)
        waiting.update(state=JoinRequest.State.DECLINED, decided_by=by, decided_at=now)
        row.invites.open().filter(user=user).update(state=CommunityInvite.State.WITHDRAWN, decided_at=now)
        if not let_go(row, user):
            # Visitors of an open community look on too.
            member_changed(row, user.pk)
        telling.tell_banned(made)
    return made


def lift_ban(*, ban: CommunityBan, by: User) -> bool:
    """They may come in again, and have to do so themselves; False where it was lifted before.

    Raises:
        CommunityRefused: `by` has no such say.
    """
    with transaction.atomic():
        row = locked(ban.community_id)
        if not standing_of(by, row).may_moderate:
            raise CommunityRefused("You cannot lift this ban.")
        lifted = row.bans.standing().filter(pk=ban.pk).update(lifted_at=timezone.now(), lifted_by=by)
        if lifted:
            member_changed(row, ban.user_id)
    return bool(lifted)


def _member(row: Community, user_id: int) -> CommunityMembership:
    """
    Raises:
        CommunityRefused: they are not in.
    """
    found = row.memberships.filter(user=user_id).select_related("user").first()
    if found is None:
        raise CommunityRefused("This person is no member any more.")
    return found
