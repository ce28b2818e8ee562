"""Taking a person out of what communities wrote: each step by itself, and again where it was interrupted."""

import re

from django.db import transaction
from django.db.models import F, Model
from django.db.models.functions import Greatest

from accounts.models import User
from community.models import (
    CommunityPost,
    PostComment,
    PostCommentLike,
    PostReaction,
    PostRevision,
    PostShare,
)
from core.mentions import MENTION
from marketplace import commenting
from marketplace.erasing import NOBODY, forget_mentions


def erase_posts(user: User) -> None:
    """Reactions, likes and shares go; posts and comments stay, with nothing in them that tells whose they were."""
    for reaction in user.post_reactions.order_by("pk"):
        _uncount(reaction, PostReaction.Kind(reaction.kind).counter)
    for share in user.post_shares.order_by("pk"):
        _uncount(share, "shares")
    for like in PostCommentLike.objects.filter(user=user).select_related("comment"):
        commenting.unlike(PostCommentLike, comment=like.comment, by=user)
    PostRevision.objects.filter(post__author=user).delete()
    forget_mentions(user, PostComment)
    for kind in (CommunityPost, PostRevision):
        _forget_mentions(user, kind)


def _uncount(row: PostReaction | PostShare, counter: str) -> None:
    with transaction.atomic():
        deleted, _ = type(row).objects.filter(pk=row.pk).delete()
        if deleted:
            posts = CommunityPost.objects.filter(pk=row.post_id)
            posts.update(**{counter: Greatest(F(counter) - 1, 0)})


def _forget_mentions(user: User, kind: type[Model]) -> None:
    """As for comments: nobody is mentioned any more where this person was."""
    mention = rf"(?<!\w)@{re.escape(user.username)}(?!\w)"
    for row in kind.objects.filter(body__iregex=mention).iterator(chunk_size=500):
        body = MENTION.sub(
            lambda found: NOBODY if found[1].lower() == user.username.lower() else found[0], row.body
        )
        if body != row.body:
            kind.objects.filter(pk=row.pk).update(body=body)
