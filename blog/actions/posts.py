"""Posts: shown, scheduled, taken back, deleted; each change of what everybody sees is in the audit log."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts import activities
from accounts.models import Activity, User
from blog.exceptions import PublishingRefused
from blog.models import BlogPost
from blog.pictures import SIZES
from core.models import AuditEntry
from marketplace.actions.storing import delete_stored_on_commit

AT_A_TIME = 100


def publish(*, post: BlogPost, by: User) -> None:
    """Everybody sees it from now on.

    Raises:
        PublishingRefused: it is shown already.
    """
    with transaction.atomic():
        row = _locked(post)
        if row.is_published:
            raise PublishingRefused("This post is published already.")
        # Its own hour is given up for this one.
        row.take_back()
        row.publish()
        _show(row)
        AuditEntry.record(actor=by, action="blog_post.publish", target=row)


def schedule(*, post: BlogPost, when: datetime, by: User) -> None:
    """Everybody sees it from `when` on.

    Raises:
        PublishingRefused: it is shown already, or the hour has passed.
    """
    with transaction.atomic():
        row = _locked(post)
        if row.is_published:
            raise PublishingRefused("This post is published already: take it back first.")
        if when <= timezone.now():
            raise PublishingRefused("Choose an hour that is still to come.")
        row.schedule(when)
        row.save(update_fields=["status", "published_at", "updated_at"])
        AuditEntry.record(actor=by, action="blog_post.schedule", target=row, when=when.isoformat())


def take_back(*, post: BlogPost, by: User) -> None:
    """A draft again, with its comments and likes.

    Raises:
        PublishingRefused: it is a draft.
    """
    with transaction.atomic():
        row = _locked(post)
        if row.status == BlogPost.Status.DRAFT:
            raise PublishingRefused("This post is a draft already.")
        row.take_back()
        row.save(update_fields=["status", "published_at", "updated_at"])
        activities.forget(row)
        AuditEntry.record(actor=by, action="blog_post.take_back", target=row)


def publish_due(now: datetime | None = None) -> int:
    """Show the posts whose hour has come; how many those were. Safe to run twice at once."""
    count = 0
    for pk in (
        BlogPost.objects.due(now).order_by("published_at", "pk").values_list("pk", flat=True)[:AT_A_TIME]
    ):
        with transaction.atomic():
            row = BlogPost.objects.select_for_update(of=("self",)).due(now).filter(pk=pk).first()
            # Another run has shown it, or it was taken back.
            if row is None:
                continue
            row.publish()
            _show(row)
            AuditEntry.record(actor=None, action="blog_post.publish_scheduled", target=row)
            count += 1
    return count


def delete(*, post: BlogPost, by: User) -> None:
    """For good, with its comments, likes and pictures."""
    with transaction.atomic():
        row = _locked(post)
        AuditEntry.record(actor=by, action="blog_post.delete", target=row)
        activities.forget(row)
        delete_stored_on_commit([getattr(row, field) for field in SIZES if getattr(row, field)])
        row.delete()


def _locked(post: BlogPost) -> BlogPost:
    return BlogPost.objects.select_for_update(of=("self",)).select_related("author").get(pk=post.pk)


def _show(row: BlogPost) -> None:
    row.save(update_fields=["status", "published_at", "updated_at"])
    activities.record(
        actor=row.author,
        verb=Activity.Verb.PUBLISHED,
        target=row,
        title=row.title,
        link=row.get_absolute_url(),
        picture=row.picture_small.name,
    )
