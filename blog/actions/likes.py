"""Liking and sharing posts: the counts with what they count."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from accounts import activities
from accounts.models import Activity, Notification, User
from accounts.notifications import notify
from blog.models import BlogLike, BlogPost


def like(*, post: BlogPost, by: User) -> bool:
    """`by` likes the post; False where they did already. Two requests at once make one row and count once."""
    with transaction.atomic():
        _, is_new = BlogLike.objects.get_or_create(post=post, user=by)
        if is_new:
            BlogPost.objects.filter(pk=post.pk).update(likes=F("likes") + 1)
            if post.is_published:
                activities.record(
                    actor=by,
                    verb=Activity.Verb.LIKED,
                    target=post,
                    title=post.title,
                    link=post.get_absolute_url(),
                    picture=post.picture_small.name,
                )
            notify(
                user=post.author,
                kind=Notification.Kind.LIKE,
                title=f"liked “{post.title}”",
                link=post.get_absolute_url(),
                actor=by,
                group=f"like:post:{post.pk}",
            )
    return is_new


def unlike(*, post: BlogPost, by: User) -> bool:
    """Take the like back; False where there was none."""
    with transaction.atomic():
        deleted, _ = BlogLike.objects.filter(post=post, user=by).delete()
        if deleted:
            BlogPost.objects.filter(pk=post.pk).update(likes=Greatest(F("likes") - 1, 0))
            activities.retract(actor=by, verb=Activity.Verb.LIKED, target=post)
    return bool(deleted)


def count_share(*, post: BlogPost) -> None:
    """Somebody has passed it on. Who may count, and how often, is asked before."""
    BlogPost.objects.filter(pk=post.pk).update(shares=F("shares") + 1)
