"""What those who keep order do with posts: pin them, take them down with a reason, put them back."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from community.actions.comments import may_judge
from community.actions.posts.locking import check_stands, count_one_more, locked_post
from community.actions.posts.writing import withdraw
from community.events import record
from community.exceptions import CommunityRefused
from community.models import CommunityEvent, CommunityPost
from community.posting import telling
from community.standing import standing_of
from core.models import AuditEntry

# More at the top would hide what is new.
MAX_PINNED = 3


def pin(*, post: CommunityPost, by: User) -> bool:
    """It stands at the top; False where it does already.

    Raises:
        CommunityRefused: `by` has no such say, the post is gone, or too many stand there.
    """
    with transaction.atomic():
        row = _to_order(post, by)
        check_stands(row)
        if row.is_pinned:
            return False
        if row.community.posts.pinned().count() >= MAX_PINNED:
            raise CommunityRefused(
                f"{MAX_PINNED} posts are pinned. Take one of them down from the top first."
            )
        _set_pinned(row, timezone.now(), by)
    return True


def unpin(*, post: CommunityPost, by: User) -> bool:
    """It is one among the others again; False where it was.

    Raises:
        CommunityRefused: `by` has no such say.
    """
    with transaction.atomic():
        row = _to_order(post, by)
        if not row.is_pinned:
            return False
        _set_pinned(row, None, None)
    return True


def _to_order(post: CommunityPost, by: User) -> CommunityPost:
    row = locked_post(post)
    if not standing_of(by, row.community).may_moderate:
        raise CommunityRefused("You cannot pin posts here.")
    return row


def _set_pinned(row: CommunityPost, when, by: User | None) -> None:
    row.pinned_at, row.pinned_by = when, by
    row.save(update_fields=["pinned_at", "pinned_by", "updated_at"])
    record(row.community, CommunityEvent.Kind.POST_CHANGED, post=row)


def take_down(*, post: CommunityPost, by: User, reason: str, quiet: bool = False) -> bool:
    """Nobody but its author and the moderators sees it any longer; its author reads why. False where it is gone.
    `quiet`, here and below: the caller tells its author.

    Raises:
        CommunityRefused: `by` has no such say about its author.
    """
    with transaction.atomic():
        row = _to_moderate(post, by)
        if not row.is_standing:
            return False
        row.removed_at, row.removed_by, row.removal_reason = timezone.now(), by, reason
        row.pinned_at, row.pinned_by = None, None
        _save_moderation(row)
        withdraw(row)
        AuditEntry.record(actor=by, action="community_post.take_down", target=row, reason=reason)
        if not quiet:
            telling.tell_taken_down(row)
    return True


def put_back(*, post: CommunityPost, by: User, quiet: bool = False) -> bool:
    """It stands where it stood; False where it was not taken down, or was deleted since.

    Raises:
        CommunityRefused: `by` has no such say about its author.
    """
    with transaction.atomic():
        row = _to_moderate(post, by)
        if not row.is_removed or row.deleted_at is not None:
            return False
        row.removed_at, row.removed_by, row.removal_reason = None, None, ""
        _save_moderation(row)
        count_one_more(row)
        record(row.community, CommunityEvent.Kind.POSTED, post=row)
        AuditEntry.record(actor=by, action="community_post.put_back", target=row)
        if not quiet:
            telling.tell_put_back(row)
    return True


def _to_moderate(post: CommunityPost, by: User) -> CommunityPost:
    row = locked_post(post)
    author = standing_of(row.author, row.community)
    if not may_judge(standing_of(by, row.community), author.rank):
        raise CommunityRefused("You cannot take down posts of this person.")
    return row


def _save_moderation(row: CommunityPost) -> None:
    row.save(
        update_fields=[
            *("removed_at", "removed_by", "removal_reason", "pinned_at", "pinned_by", "updated_at")
        ]
    )
