"""How comments hang together: one answers another, gets other words, and goes."""

from django.utils import timezone

from accounts.models import User, UserBlock
from core.models import ThreadedComment
from core.models.comment import MAX_DEPTH
from marketplace.exceptions import CommentRefused


def has_blocked(blocker: User, person: User) -> bool:
    return UserBlock.objects.filter(blocker=blocker, blocked=person).exists()


def answer(comment: ThreadedComment, parent: ThreadedComment) -> None:
    """Put a comment that is not saved yet below the one that it answers.

    Raises:
        CommentRefused: what is answered is gone, or its author has blocked this one's.
    """
    # Locked, so that it is not deleted while it is answered.
    rows = type(comment).objects.standing().select_for_update(of=("self",))
    parent = rows.filter(pk=parent.pk).first()
    if parent is None:
        raise CommentRefused("The comment that you answer was deleted meanwhile.")
    _refuse_blocked_by(parent.author, comment.author)
    if parent.depth >= MAX_DEPTH:
        parent = parent.parent
    comment.parent, comment.root, comment.depth = parent, parent.root or parent, parent.depth + 1


def change(comment: ThreadedComment, body: str) -> bool:
    """Other words for it, which says that and when it was edited; False where they are the same, or it is gone.

    Raises:
        CommentRefused: whom it answers has blocked its author since.
    """
    if comment.parent is not None:
        _refuse_blocked_by(comment.parent.author, comment.author)
    if body == comment.body:
        return False
    now = timezone.now()
    # What its author deletes meanwhile stays without words.
    rows = type(comment).objects.standing().filter(pk=comment.pk)
    return bool(rows.update(body=body, edited_at=now, updated_at=now))


def _refuse_blocked_by(answered: User, author: User) -> None:
    if has_blocked(answered, author):
        raise CommentRefused("You cannot answer this person.")


def strike(comment: ThreadedComment) -> ThreadedComment | None:
    """Its words are gone for good; its place stays for as long as something answers it. Inside a transaction.

    The row as it was; None where it had been deleted before.
    """
    rows = type(comment).objects.select_for_update(of=("self",))
    row = rows.filter(pk=comment.pk, deleted_at__isnull=True).first()
    if row is not None:
        type(comment).objects.filter(pk=row.pk).update(deleted_at=timezone.now(), body="")
        _clear_away(row)
    return row


def _clear_away(comment: ThreadedComment | None) -> None:
    """Deleted comments that nothing answers leave the table, from the leaf up."""
    while comment is not None and not comment.children.exists():
        parent = comment.parent
        comment.delete()
        comment = parent if parent is not None and parent.deleted_at is not None else None
