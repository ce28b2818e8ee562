"""Posts by their authors: written, changed with what was before kept, deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from accounts import activities
from accounts.models import Activity, User
from accounts.writing import refusal, refusal_of_new
from community.actions.posts.locking import (
    check_stands,
    count_one_less,
    count_one_more,
    locked_post,
    taking_part,
)
from community.events import record
from community.exceptions import CommunityRefused
from community.locks import locked
from community.models import Community, CommunityEvent, CommunityPost, PostImage, PostRevision
from community.models.post import MAX_IMAGES
from community.posting import telling
from marketplace.actions.storing import delete_stored_on_commit, deleted_on_error
from marketplace.models import Model3D

# The same words again within this time are the same form, sent twice.
SENT_TWICE = timedelta(minutes=1)
NOTHING_IN_IT = "Write something, or add a picture or a model."


@dataclass(frozen=True)
class Draft:
    """What a post says and shows; `pictures` are fit to be stored."""

    body: str = ""
    model: Model3D | None = None
    pictures: Sequence[ContentFile] = ()


@dataclass(frozen=True)
class Change(Draft):
    """What it says and shows from now on: `pictures` come to those that are there, which may get other words or go."""

    descriptions: Mapping[int, str] = field(default_factory=dict)
    removed: frozenset[int] = frozenset()


def publish(*, community: Community, author: User, draft: Draft) -> CommunityPost:
    """A new post; tells those whom it mentions. The same form sent twice is one post.

    Raises:
        CommunityRefused: there is nothing in it, its words are not taken, or its author may not write there.
    """
    with deleted_on_error() as stored, transaction.atomic():
        row = locked(community)
        taking_part(row, author)
        if not (draft.body or draft.model or draft.pictures):
            raise CommunityRefused(NOTHING_IN_IT)
        sent = _sent_just_now(row, author, draft)
        if sent is not None:
            return sent
        _refuse(refusal_of_new(author, draft.body))
        post = CommunityPost.objects.create(
            community=row,
            author=author,
            body=draft.body,
            model=draft.model,
            with_model=draft.model is not None,
        )
        _store(post, draft.pictures, stored)
        count_one_more(post)
        _keep_read(row, post)
        record(row, CommunityEvent.Kind.POSTED, post=post)
        _show_to_followers(post)
        telling.tell_mentioned(post)
    return post


def _sent_just_now(community: Community, author: User, draft: Draft) -> CommunityPost | None:
    recent = community.posts.standing().filter(created_at__gt=timezone.now() - SENT_TWICE)
    same = recent.filter(author=author, body=draft.body, model=draft.model).exclude(body="").first()
    return same if same is not None and same.images.count() == len(draft.pictures) else None


def _store(post: CommunityPost, pictures: Sequence[ContentFile], stored: list) -> None:
    last = post.images.aggregate(last=Max("order"))["last"]
    for order, content in enumerate(pictures, start=0 if last is None else last + 1):
        row = PostImage(post=post, order=order)
        row.image.save(content.name, content, save=False)
        stored.append(row.image)
        row.save()


def _keep_read(community: Community, post: CommunityPost) -> None:
    """Their own post is not new to its author; others that they have not seen still are."""
    nothing_new = Q(last_read_at__gte=community.last_post_at) if community.last_post_at else Q()
    community.memberships.filter(nothing_new, user=post.author).update(last_read_at=post.created_at)


def _show_to_followers(post: CommunityPost) -> None:
    """One entry for each community that they write in, about the latest post."""
    community = post.community
    if not community.is_listed:
        return
    activities.retract(actor=post.author, verb=Activity.Verb.POSTED, target=community)
    activities.record(
        actor=post.author,
        verb=Activity.Verb.POSTED,
        target=community,
        title=community.name,
        link=post.get_absolute_url(),
    )


def edit(*, post: CommunityPost, by: User, change: Change) -> CommunityPost:
    """Other words or pictures; what it said before is kept, and whom it mentions newly is told.

    Raises:
        CommunityRefused: it is not theirs or is gone, nothing would be left, they may not write there any more, or it
            would have too many pictures.
    """
    with deleted_on_error() as stored, transaction.atomic():
        row = locked_post(post)
        check_stands(row)
        _check_own(row, by)
        taking_part(row.community, by)
        kept = list(row.images.exclude(pk__in=change.removed))
        if not (change.body or change.model or kept or change.pictures):
            raise CommunityRefused(NOTHING_IN_IT)
        if len(kept) + len(change.pictures) > MAX_IMAGES:
            raise CommunityRefused(f"A post has at most {MAX_IMAGES} pictures.")
        _refuse(refusal(by, change.body))
        said = row.body
        _say(row, change)
        _remove(row.images.filter(pk__in=change.removed))
        for image in kept:
            image.alt = change.descriptions.get(image.pk, image.alt)
        PostImage.objects.bulk_update(kept, ["alt"])
        _store(row, change.pictures, stored)
        record(row.community, CommunityEvent.Kind.POST_CHANGED, post=row)
        telling.tell_mentioned(row, said=said)
    return row


def _refuse(why: str) -> None:
    if why:
        raise CommunityRefused(why)


def _say(row: CommunityPost, change: Change) -> None:
    if change.body != row.body:
        row.edited_at = timezone.now()
        PostRevision.objects.create(post=row, body=row.body, created_at=row.edited_at)
    row.body, row.model, row.with_model = change.body, change.model, change.model is not None
    row.save(update_fields=["body", "model", "with_model", "edited_at", "updated_at"])


def _remove(images) -> None:
    rows = list(images)
    delete_stored_on_commit([row.image for row in rows])
    PostImage.objects.filter(pk__in=[row.pk for row in rows]).delete()


def delete(*, post: CommunityPost, by: User) -> bool:
    """Its words and pictures are gone for good, and what it said before; False where they were already.

    Raises:
        CommunityRefused: it is not theirs.
    """
    with transaction.atomic():
        row = locked_post(post)
        _check_own(row, by)
        if row.deleted_at is not None:
            return False
        stood = row.is_standing
        _remove(row.images.all())
        row.revisions.all().delete()
        row.body, row.model, row.with_model = "", None, False
        row.pinned_at, row.pinned_by, row.deleted_at = None, None, timezone.now()
        row.save(
            update_fields=[
                *("body", "model", "with_model", "pinned_at", "pinned_by", "deleted_at", "updated_at")
            ]
        )
        if stood:
            withdraw(row)
    return True


def withdraw(row: CommunityPost) -> None:
    """It stood and does no more: what follows from that. Under the community's lock."""
    count_one_less(row)
    Activity.objects.about(row.community).filter(
        actor=row.author, verb=Activity.Verb.POSTED, link=row.get_absolute_url()
    ).delete()
    record(row.community, CommunityEvent.Kind.POST_GONE, post=row)


def _check_own(row: CommunityPost, by: User) -> None:
    if row.author_id != by.pk:
        raise CommunityRefused("This post is not yours to change.")
