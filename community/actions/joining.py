"""Into a community and out of it: by oneself, by request, by invitation."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts import activities
from accounts.models import Activity, User, UserBlock
from community import telling
from community.events import member_changed, record
from community.exceptions import CommunityRefused
from community.locks import locked
from community.models import (
    Community,
    CommunityEvent,
    CommunityInvite,
    CommunityMembership,
    JoinRequest,
)
from community.standing import Standing, standing_of

# So many people may wait at the door of one community: all of them come in at once when it opens.
MAX_REQUESTS = 500
# So many invitations of one community may wait for an answer.
MAX_INVITES = 200


def join(*, community: Community, user: User, message: str = "") -> CommunityMembership | JoinRequest:
    """In at once where the community is open or has invited them; where it asks for approval, a request.

    Whoever is in, or has asked, gets what is there: pressing twice is pressing once.

    Raises:
        CommunityRefused: it is not open to anybody, they are banned, or it is by invitation only.
    """
    with transaction.atomic():
        row = locked(community)
        standing = _may_come_in(standing_of(user, row))
        if standing.membership is not None:
            return standing.membership
        if row.policy == Community.Policy.OPEN or standing.invite is not None:
            return _let_in(row, user)
        if row.policy == Community.Policy.PRIVATE:
            raise CommunityRefused("One comes in by invitation only.")
        if standing.request is not None:
            return standing.request
        if row.join_requests.open().count() >= MAX_REQUESTS:
            raise CommunityRefused("Too many people wait for an answer. Ask again in some days.")
        request = JoinRequest.objects.create(community=row, user=user, message=message)
        telling.tell_asked(request)
        return request


def withdraw(*, community: Community, user: User) -> bool:
    """The request is taken back; False where there is none."""
    return bool(
        community.join_requests.open()
        .filter(user=user)
        .update(state=JoinRequest.State.WITHDRAWN, decided_at=timezone.now())
    )


def accept(*, request: JoinRequest, by: User) -> bool:
    """Who asked is in; False where the request was answered or taken back before.

    Raises:
        CommunityRefused: they were banned meanwhile, or the community is not open.
    """
    with transaction.atomic():
        row = locked(request.community_id)
        request = row.join_requests.open().filter(pk=request.pk).select_related("user").first()
        if request is None:
            return False
        standing = _may_come_in(standing_of(request.user, row))
        request.decided_by = by
        if standing.membership is None:
            _let_in(row, request.user)
        _answer(request, JoinRequest.State.ACCEPTED)
        telling.tell_accepted(request)
    return True


def decline(*, request: JoinRequest, by: User) -> bool:
    """Who asked stays outside, and may ask again; False where the request was answered or taken back before."""
    with transaction.atomic():
        row = locked(request.community_id)
        request = row.join_requests.open().filter(pk=request.pk).select_related("user", "community").first()
        if request is None:
            return False
        request.decided_by = by
        _answer(request, JoinRequest.State.DECLINED)
        telling.tell_declined(request)
    return True


def let_all_in(*, community: Community, by: User) -> int:
    """The community has opened: nobody has to wait. Under its lock; returns how many came in."""
    waiting = list(community.join_requests.open().oldest_first().select_related("user", "community"))
    for request in waiting:
        request.decided_by = by
        if not community.memberships.filter(user=request.user).exists():
            _let_in(community, request.user)
        _answer(request, JoinRequest.State.ACCEPTED)
    for request in sorted(waiting, key=lambda request: request.user_id):
        telling.tell_accepted(request)
    return len(waiting)


def invite(*, community: Community, user: User, by: User) -> CommunityInvite:
    """The person is asked in; a second invitation is the first one.

    Raises:
        CommunityRefused: they are in already, are banned, have blocked who invites, or too many wait for an answer.
    """
    with transaction.atomic():
        row = locked(community)
        standing = standing_of(user, row)
        if not row.is_active:
            raise CommunityRefused("The community is not open.")
        if standing.is_member:
            raise CommunityRefused(f"{user.display_name} is a member already.")
        if standing.is_banned:
            raise CommunityRefused(f"{user.display_name} is banned. Lift the ban first.")
        # Not that they have blocked somebody, which is theirs to tell.
        if not user.is_active or UserBlock.objects.between(user, by).exists():
            raise CommunityRefused(f"{user.display_name} cannot be invited.")
        if standing.invite is not None:
            return standing.invite
        if row.invites.open().count() >= MAX_INVITES:
            raise CommunityRefused(
                f"{MAX_INVITES} invitations wait for an answer. Take some of them back first."
            )
        made = CommunityInvite.objects.create(community=row, user=user, invited_by=by)
        telling.tell_invited(made)
    return made


def refuse_invite(*, community: Community, user: User) -> bool:
    """The person does not want to; False where they are not invited."""
    return _close_invites(community.invites.filter(user=user), CommunityInvite.State.DECLINED)


def withdraw_invite(*, invite: CommunityInvite) -> bool:
    """The team has thought again; False where it was answered before."""
    return _close_invites(CommunityInvite.objects.filter(pk=invite.pk), CommunityInvite.State.WITHDRAWN)


def leave(*, community: Community, user: User) -> bool:
    """False where they are not in.

    Raises:
        CommunityRefused: it is theirs.
    """
    with transaction.atomic():
        row = locked(community)
        if row.owner_id == user.pk:
            raise CommunityRefused("This community is yours: hand it on before you leave.")
        return let_go(row, user)


def let_go(row: Community, user: User) -> bool:
    """Somebody is out, whoever wanted it. Under the community's lock; False where they were not in."""
    deleted, _ = row.memberships.filter(user=user).delete()
    if not deleted:
        return False
    Community.objects.filter(pk=row.pk).update(members_count=Greatest(F("members_count") - 1, 0))
    activities.retract(actor=user, verb=Activity.Verb.JOINED_COMMUNITY, target=row)
    member_changed(row, user.pk)
    return True


def _may_come_in(standing: Standing) -> Standing:
    """
    Raises:
        CommunityRefused: nobody can come in, or this person cannot.
    """
    if not standing.community.is_active:
        raise CommunityRefused("The community is not open.")
    if standing.is_banned:
        raise CommunityRefused("You are banned from this community.")
    return standing


def _let_in(row: Community, user: User) -> CommunityMembership:
    """Under the community's lock, which is why nobody comes in twice."""
    made = CommunityMembership.objects.create(community=row, user=user)
    Community.objects.filter(pk=row.pk).update(members_count=F("members_count") + 1)
    now = timezone.now()
    row.join_requests.open().filter(user=user).update(state=JoinRequest.State.ACCEPTED, decided_at=now)
    _close_invites(row.invites.filter(user=user), CommunityInvite.State.ACCEPTED)
    if row.is_listed:
        activities.record(
            actor=user,
            verb=Activity.Verb.JOINED_COMMUNITY,
            target=row,
            title=row.name,
            link=row.get_absolute_url(),
        )
    record(row, CommunityEvent.Kind.MEMBERS)
    return made


def _answer(request: JoinRequest, state: str) -> None:
    request.state, request.decided_at = state, timezone.now()
    request.save(update_fields=["state", "decided_by", "decided_at"])


def _close_invites(invites, state: str) -> bool:
    return bool(invites.open().update(state=state, decided_at=timezone.now()))
