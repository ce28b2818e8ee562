"""Taking a person out of what communities wrote: each step by itself, and again where it was interrupted."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from accounts.models import User
from community.actions import comments
from community.models import (
    CommunityPost,
    PostComment,
    PostCommentLike,
    PostReaction,
    PostRevision,
    PostShare,
)
from marketplace.erasing import forget_mentions


def erase_posts(user: User) -> None:
    """Reactions, likes and shares go; posts and comments stay, with nothing in them that tells whose they were."""
    for reaction in user.post_reactions.order_by("pk"):
        _uncount(reaction, PostReaction.Kind(reaction.kind).counter)
    for share in user.post_shares.order_by("pk"):
        _uncount(share, "shares")
    for like in PostCommentLike.objects.filter(user=user).select_related("comment"):
        comments.unlike(comment=like.comment, by=user)
    PostRevision.objects.filter(post__author=user).delete()
    for kind in (PostComment, CommunityPost, PostRevision):
        forget_mentions(user, kind)


def _uncount(row: PostReaction | PostShare, counter: str) -> None:
    with transaction.atomic():
        deleted, _ = type(row).objects.filter(pk=row.pk).delete()
        if deleted:
            posts = CommunityPost.objects.filter(pk=row.post_id)
            posts.update(**{counter: Greatest(F(counter) - 1, 0)})
