"""Likes of comments; `comment.likes` is written with their rows."""

from django.db import transaction
from django.db.models import F, Model
from django.db.models.functions import Greatest

from accounts.models import Notification, User
from accounts.notifications import notify
from core.models import ThreadedComment


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
