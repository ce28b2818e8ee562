"""Communities: proposed by people, looked at by the site's moderators, and changed by those who run them."""

from django.db import transaction

from accounts import activities
from accounts.models import Activity, User
from community import telling
from community.actions.joining import let_all_in
from community.events import audience_changed, record
from community.exceptions import CommunityRefused
from community.locks import locked
from community.models import Community, CommunityDecision, CommunityEvent, CommunityMembership, Role
from core.locks import lock_until_commit
from core.models import AuditEntry

# So many of one person may wait for review at a time.
MAX_WAITING = 3
NAME_TAKEN = "There is a community of this name."
Outcome = CommunityDecision.Outcome


def found(
    *,
    owner: User,
    name: str,
    description: str,
    category: str,
    icon: str,
    banner: str,
    policy: str,
    rules: list[str],
) -> Community:
    """A new community, which its owner alone sees until a moderator has approved it.

    Raises:
        CommunityRefused: the name is taken, or too many of this person wait for review already.
    """
    with transaction.atomic():
        # Two forms sent at once are counted one after the other.
        lock_until_commit(f"community.founder:{owner.pk}")
        if owner.owned_communities.waiting().count() >= MAX_WAITING:
            raise CommunityRefused(
                f"{MAX_WAITING} communities of yours wait for review. Wait until one of them is decided."
            )
        _refuse_taken(name)
        community = Community.objects.create(
            owner=owner,
            name=name,
            description=description,
            category=category,
            icon=icon,
            banner=banner,
            policy=policy,
            rules=rules,
            members_count=1,
        )
        CommunityMembership.objects.create(community=community, user=owner, role=Role.ADMIN)
    return community


def change(
    *,
    community: Community,
    by: User,
    name: str,
    description: str,
    category: str,
    icon: str,
    banner: str,
    policy: str,
    rules: list[str],
) -> None:
    """Other words, looks or ways in. Who waits at the door of one that opens is in; one that becomes private leaves
    every feed.

    Raises:
        CommunityRefused: the name is taken.
    """
    with transaction.atomic():
        row = locked(community)
        if name.lower() != row.name.lower():
            _refuse_taken(name)
        before = row.policy
        row.name, row.description, row.category = name, description, category
        row.icon, row.banner, row.policy, row.rules = icon, banner, policy, rules
        row.save(
            update_fields=[
                *("name", "description", "category", "icon", "banner", "policy", "rules", "updated_at")
            ]
        )
        if before == policy:
            record(row, CommunityEvent.Kind.COMMUNITY)
        else:
            audience_changed(row)
        if policy == Community.Policy.OPEN and before != policy:
            let_all_in(community=row, by=by)
        if row.is_private:
            activities.forget(row)
    community.refresh_from_db()


def _refuse_taken(name: str) -> None:
    # Of two who write the same name in one moment the second one waits for the first.
    lock_until_commit(f"community.name:{name.lower()}")
    if Community.objects.named(name).exists():
        raise CommunityRefused(NAME_TAKEN)


def approve(*, community: Community, by: User) -> bool:
    """It opens; its owner's followers hear of one that everybody may see. False where it is not waiting."""
    with transaction.atomic():
        row = locked(community)
        if row.state != Community.State.PENDING:
            return False
        _decide(row, Outcome.APPROVED, Community.State.ACTIVE, by=by)
        if row.is_listed:
            activities.record(
                actor=row.owner,
                verb=Activity.Verb.STARTED_COMMUNITY,
                target=row,
                title=row.name,
                link=row.get_absolute_url(),
            )
    return True


def decline(*, community: Community, by: User | None, note: str) -> bool:
    """It does not open as it is; its owner may change it and ask again. False where it is not waiting."""
    with transaction.atomic():
        row = locked(community)
        if row.state != Community.State.PENDING:
            return False
        _decide(row, Outcome.DECLINED, Community.State.SUSPENDED, by=by, note=note)
    return True


def suspend(*, community: Community, by: User | None, note: str, quiet: bool = False) -> bool:
    """Nobody but its owner and the site's moderators sees it any longer. False where it is not open. `quiet`, here and
    below: the caller tells its owner.
    """
    with transaction.atomic():
        row = locked(community)
        if row.state != Community.State.ACTIVE:
            return False
        activities.forget(row)
        _decide(row, Outcome.SUSPENDED, Community.State.SUSPENDED, by=by, note=note, quiet=quiet)
    return True


def restore(*, community: Community, by: User, quiet: bool = False) -> bool:
    """It opens again. False where it is not suspended."""
    with transaction.atomic():
        row = locked(community)
        if row.state != Community.State.SUSPENDED:
            return False
        _decide(row, Outcome.RESTORED, Community.State.ACTIVE, by=by, quiet=quiet)
    return True


def submit_again(*, community: Community) -> bool:
    """Its owner asks for another look at one that was declined.

    False where it waits or is open already; nor can one that was open and was suspended be opened by asking.
    """
    with transaction.atomic():
        row = locked(community)
        last = row.last_decision
        if row.state != Community.State.SUSPENDED or last is None or last.outcome != Outcome.DECLINED:
            return False
        _decide(row, Outcome.SUBMITTED, Community.State.PENDING, by=row.owner)
    return True


def _decide(
    row: Community, outcome: str, state: str, *, by: User | None, note: str = "", quiet: bool = False
) -> None:
    decision = CommunityDecision.objects.create(community=row, outcome=outcome, note=note, by=by)
    row.state = state
    row.save(update_fields=["state", "updated_at"])
    audience_changed(row)
    if outcome != Outcome.SUBMITTED:
        AuditEntry.record(actor=by, action=f"community.{outcome}", target=row, note=note)
    if by is not None and outcome != Outcome.SUBMITTED and not quiet:
        telling.tell_decided(decision)
