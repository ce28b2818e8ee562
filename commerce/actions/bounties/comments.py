"""Comments on bounties: written, changed, deleted, liked; with their count and those who are told of them."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from accounts.models import User
from commerce.models import Bounty, BountyComment, BountyCommentLike
from marketplace import commenting
from marketplace.exceptions import CommentRefused


def post(*, bounty: Bounty, author: User, body: str, parent: BountyComment | None = None) -> BountyComment:
    """A comment on `bounty`, or an answer to `parent`; tells the poster, whom it answers, and whom it mentions.

    Raises:
        CommentRefused: the bounty takes no comments from this person, or what is answered is gone.
    """
    with transaction.atomic():
        check_may_comment(bounty, author)
        comment = BountyComment(bounty=bounty, author=author, body=body)
        if parent is not None:
            commenting.answer(comment, parent)
        comment.save()
        Bounty.objects.filter(pk=bounty.pk).update(comments_count=F("comments_count") + 1)
        commenting.tell(comment)
    return comment


def check_may_comment(bounty: Bounty, author: User) -> None:
    """
    Raises:
        CommentRefused: nobody but its poster sees the bounty, or they have blocked `author`.
    """
    if not bounty.is_open_to_all:
        raise CommentRefused("Comments open when the bounty is paid.")
    _refuse_blocked(bounty, author)


def _refuse_blocked(bounty: Bounty, author: User) -> None:
    if commenting.has_blocked(bounty.creator, author):
        raise CommentRefused("You cannot comment on this person’s bounties.")


def edit(*, comment: BountyComment, body: str) -> None:
    """Other words for it; says that and when it was edited, where they differ.

    Raises:
        CommentRefused: its author has been blocked since, by the poster or by whom it answers.
    """
    _refuse_blocked(comment.bounty, comment.author)
    commenting.change(comment, body)


def delete(*, comment: BountyComment) -> None:
    """Its words are gone for good; its place stays for as long as something answers it. Idempotent."""
    with transaction.atomic():
        row = commenting.strike(comment)
        if row is not None and row.is_standing:
            Bounty.objects.filter(pk=row.bounty_id).update(
                comments_count=Greatest(F("comments_count") - 1, 0)
            )


def like(*, comment: BountyComment, by: User) -> bool:
    """False where they liked it already."""
    return commenting.like(BountyCommentLike, comment=comment, by=by)


def unlike(*, comment: BountyComment, by: User) -> bool:
    """False where there was no like."""
    return commenting.unlike(BountyCommentLike, comment=comment, by=by)
