"""Reactions and shares with their counts, and up to where somebody has read."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts import live
from accounts.models import User
from community.actions.posts.locking import check_stands, locked_post, taking_part
from community.events import record
from community.models import CommunityEvent, CommunityMembership, CommunityPost, PostReaction, PostShare
from community.posting import telling


def react(*, post: CommunityPost, by: User, kind: PostReaction.Kind) -> bool:
    """This is what `by` thinks of it, instead of what they thought before; False where they thought so already.

    Raises:
        CommunityRefused: they are not in the community, or the post is gone.
    """
    with transaction.atomic():
        row = locked_post(post)
        taking_part(row.community, by)
        check_stands(row)
        before = row.reactions.filter(user=by).first()
        if before is not None and before.kind == kind:
            return False
        counts = {kind.counter: F(kind.counter) + 1}
        if before is None:
            row.reactions.create(user=by, kind=kind)
        else:
            counts |= _one_less(before)
            row.reactions.filter(pk=before.pk).update(kind=kind)
        _count(row, by, counts)
        if before is None:
            telling.tell_reacted(row, by)
    return True


def unreact(*, post: CommunityPost, by: User) -> bool:
    """It is taken back, also by who has left since; False where there was none."""
    with transaction.atomic():
        row = locked_post(post)
        before = row.reactions.filter(user=by).first()
        if before is None:
            return False
        before.delete()
        _count(row, by, _one_less(before))
    return True


def _one_less(reaction: PostReaction) -> dict:
    counter = PostReaction.Kind(reaction.kind).counter
    return {counter: Greatest(F(counter) - 1, 0)}


def _count(row: CommunityPost, by: User, counts: dict) -> None:
    CommunityPost.objects.filter(pk=row.pk).update(**counts)
    record(row.community, CommunityEvent.Kind.REACTED, post=row)
    # Their own other pages show which one is theirs, of which no event tells.
    own = {"type": "post.own", "community": row.community_id, "post": row.pk}
    transaction.on_commit(lambda: live.tell(by.pk, own), robust=True)


def share(*, post: CommunityPost, by: User) -> bool:
    """`by` has passed it on; each person counts once."""
    with transaction.atomic():
        _, is_new = PostShare.objects.get_or_create(post=post, user=by)
        if is_new:
            CommunityPost.objects.filter(pk=post.pk).update(shares=F("shares") + 1)
    return is_new


def mark_read(*, membership: CommunityMembership, until: datetime | None = None) -> bool:
    """What was posted up to `until` (or now) is not new to them any more; False where nothing was."""
    until = min(until or timezone.now(), timezone.now())
    older = CommunityMembership.objects.filter(pk=membership.pk, last_read_at__lt=until)
    return bool(older.update(last_read_at=until))
