"""What comments on anything have in common: who may answer, who is told, how one goes, and likes.

A kind of comment is a `core.models.ThreadedComment` with a property `subject` (what is commented on: it has a `creator`
and a `title`) and a table of likes. Apps above use these calls with kinds of their own.
"""

from collections.abc import Iterator

from django.db import transaction
from django.db.models import F, Model
from django.db.models.functions import Greatest, Lower
from django.utils import timezone

from accounts.models import Notification, User, UserBlock
from accounts.notifications import notify
from core.mail import send
from core.markdown import plain_text
from core.mentions import mentioned_names
from core.models import ThreadedComment
from core.models.comment import MAX_DEPTH
from marketplace.exceptions import CommentRefused

EXCERPT = 200
# So many people of one comment are told that they are mentioned.
MAX_MENTIONS = 10


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


def change(comment: ThreadedComment, body: str) -> None:
    """Other words for it; says that and when it was edited, where they differ.

    Raises:
        CommentRefused: whom it answers has blocked its author since.
    """
    if comment.parent is not None:
        _refuse_blocked_by(comment.parent.author, comment.author)
    if body != comment.body:
        now = timezone.now()
        type(comment).objects.filter(pk=comment.pk).update(body=body, edited_at=now, updated_at=now)


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


def tell(comment: ThreadedComment) -> None:
    """Tell whom it answers, whose thing it is about, and whom it mentions: each once, by the nearest reason."""
    title = comment.subject.title
    for person, kind, what in _people_to_tell(comment):
        _notify(comment, person, kind, f"{what} on “{title}”")


def _people_to_tell(comment: ThreadedComment) -> Iterator[tuple[User, Notification.Kind, str]]:
    told = {comment.author_id}
    if comment.parent is not None and comment.parent.author_id not in told:
        told.add(comment.parent.author_id)
        yield comment.parent.author, Notification.Kind.ANSWER, "answered you"
    owner = comment.subject.creator
    if owner.pk not in told:
        told.add(owner.pk)
        yield owner, Notification.Kind.COMMENT, "commented"
    names = mentioned_names(comment.body)[:MAX_MENTIONS]
    people = User.objects.active().alias(lower=Lower("username"))
    people = people.filter(lower__in=[name.lower() for name in names]).exclude(pk__in=told)
    for person in people.order_by("pk"):
        yield person, Notification.Kind.MENTION, "mentioned you"


def _notify(comment: ThreadedComment, person: User, kind: Notification.Kind, title: str) -> None:
    excerpt = plain_text(comment.body, length=EXCERPT)
    notify(
        user=person,
        kind=kind,
        title=title,
        message=excerpt,
        link=comment.get_absolute_url(),
        actor=comment.author,
        mail=lambda: send(
            kind=f"marketplace/{kind.value}",
            to=person,
            context={
                "actor": comment.author,
                "title": comment.subject.title,
                "text": excerpt,
                "url": comment.get_absolute_url(),
            },
            dedupe_key=f"{comment.event_name(kind.value)}:{person.pk}",
        ),
    )


def like(likes: type[Model], *, comment: ThreadedComment, by: User) -> bool:
    """A row in the table `likes` of this kind; False where they liked it already."""
    with transaction.atomic():
        _, is_new = likes.objects.get_or_create(comment=comment, user=by)
        if is_new:
            type(comment).objects.filter(pk=comment.pk).update(likes=F("likes") + 1)
            notify(
                user=comment.author,
                kind=Notification.Kind.LIKE,
                title=f"liked your comment on “{comment.subject.title}”",
                link=comment.get_absolute_url(),
                actor=by,
                group=comment.event_name("like"),
            )
    return is_new


def unlike(likes: type[Model], *, comment: ThreadedComment, by: User) -> bool:
    """False where there was no like."""
    with transaction.atomic():
        deleted, _ = likes.objects.filter(comment=comment, user=by).delete()
        if deleted:
            type(comment).objects.filter(pk=comment.pk).update(likes=Greatest(F("likes") - 1, 0))
    return bool(deleted)
