"""Comments on models: written, changed, deleted, liked; with their counts and those who are told of them."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest, Lower
from django.utils import timezone

from accounts import activities
from accounts.models import Activity, Notification, User, UserBlock
from accounts.notifications import notify
from core.mail import send
from core.markdown import plain_text
from core.mentions import mentioned_names
from core.models.comment import MAX_DEPTH
from marketplace.actions.likes import activity_picture
from marketplace.exceptions import CommentRefused
from marketplace.models import Model3D, ModelComment, ModelCommentLike

EXCERPT = 200
# So many people of one comment are told that they are mentioned.
MAX_MENTIONS = 10


def post(*, model: Model3D, author: User, body: str, parent: ModelComment | None = None) -> ModelComment:
    """A comment on `model`, or an answer to `parent`; tells the creator, whom it answers, and whom it mentions.

    Raises:
        CommentRefused: the model takes no comments from this person, or what is answered is gone.
    """
    with transaction.atomic():
        check_may_comment(model, author)
        comment = ModelComment(model=model, author=author, body=body)
        if parent is not None:
            _answer(comment, parent)
        comment.save()
        Model3D.objects.filter(pk=model.pk).update(comments_count=F("comments_count") + 1)
        if model.is_listed:
            activities.record(
                actor=author,
                verb=Activity.Verb.COMMENTED,
                target=model,
                title=model.title,
                link=model.get_absolute_url(),
                picture=activity_picture(model),
            )
        _tell(comment)
    return comment


def check_may_comment(model: Model3D, author: User) -> None:
    """Raises CommentRefused where `author` may not comment on `model`."""
    if not model.is_open_to_all:
        raise CommentRefused("Comments open when the model is published.")
    _refuse_blocked(model, author)


def _refuse_blocked(model: Model3D, author: User) -> None:
    if UserBlock.objects.filter(blocker=model.creator, blocked=author).exists():
        raise CommentRefused("You cannot comment on this creator’s models.")


def _answer(comment: ModelComment, parent: ModelComment) -> None:
    # Locked, so that it is not deleted while it is answered.
    parent = (
        ModelComment.objects.standing()
        .select_for_update(of=("self",))
        .filter(pk=parent.pk, model=comment.model)
        .first()
    )
    if parent is None:
        raise CommentRefused("The comment that you answer was deleted meanwhile.")
    if UserBlock.objects.filter(blocker=parent.author, blocked=comment.author).exists():
        raise CommentRefused("You cannot answer this person.")
    if parent.depth >= MAX_DEPTH:
        parent = parent.parent
    comment.parent, comment.root, comment.depth = parent, parent.root or parent, parent.depth + 1


def _tell(comment: ModelComment) -> None:
    """Each person once, by the nearest reason."""
    told = {comment.author_id}
    model = comment.model
    if comment.parent is not None and comment.parent.author_id not in told:
        told.add(comment.parent.author_id)
        _notify(comment, comment.parent.author, Notification.Kind.ANSWER, f"answered you on “{model.title}”")
    if model.creator_id not in told:
        told.add(model.creator_id)
        _notify(comment, model.creator, Notification.Kind.COMMENT, f"commented on “{model.title}”")
    names = mentioned_names(comment.body)[:MAX_MENTIONS]
    people = User.objects.active().alias(lower=Lower("username"))
    for person in (
        people.filter(lower__in=[name.lower() for name in names]).exclude(pk__in=told).order_by("pk")
    ):
        _notify(comment, person, Notification.Kind.MENTION, f"mentioned you on “{model.title}”")


def _notify(comment: ModelComment, person: User, kind: Notification.Kind, title: str) -> None:
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
                "title": comment.model.title,
                "text": excerpt,
                "url": comment.get_absolute_url(),
            },
            dedupe_key=f"{kind.value}:{comment.pk}:{person.pk}",
        ),
    )


def edit(*, comment: ModelComment, body: str) -> None:
    """Other words for it; says that and when it was edited, where they differ.

    Raises:
        CommentRefused: its author has been blocked since, by the creator or by whom it answers.
    """
    _refuse_blocked(comment.model, comment.author)
    answered = comment.parent and comment.parent.author
    if answered and UserBlock.objects.filter(blocker=answered, blocked=comment.author).exists():
        raise CommentRefused("You cannot answer this person.")
    if body != comment.body:
        ModelComment.objects.filter(pk=comment.pk).update(
            body=body, edited_at=timezone.now(), updated_at=timezone.now()
        )


def delete(*, comment: ModelComment) -> None:
    """Its words are gone for good; its place stays for as long as something answers it. Idempotent."""
    with transaction.atomic():
        row = ModelComment.objects.select_for_update().filter(pk=comment.pk, deleted_at__isnull=True).first()
        if row is None:
            return
        was_standing = row.is_standing
        ModelComment.objects.filter(pk=row.pk).update(deleted_at=timezone.now(), body="")
        _clear_away(row)
        if was_standing:
            Model3D.objects.filter(pk=row.model_id).update(
                comments_count=Greatest(F("comments_count") - 1, 0)
            )
        others = ModelComment.objects.standing().filter(model=row.model_id, author=row.author_id)
        if not others.exists():
            activities.retract(actor=row.author, verb=Activity.Verb.COMMENTED, target=row.model)


def _clear_away(comment: ModelComment | None) -> None:
    """Deleted comments that nothing answers leave the table, from the leaf up."""
    while comment is not None and not comment.children.exists():
        parent = comment.parent
        comment.delete()
        comment = parent if parent is not None and parent.deleted_at is not None else None


def like(*, comment: ModelComment, by: User) -> bool:
    """False where they liked it already."""
    with transaction.atomic():
        _, is_new = ModelCommentLike.objects.get_or_create(comment=comment, user=by)
        if is_new:
            ModelComment.objects.filter(pk=comment.pk).update(likes=F("likes") + 1)
            notify(
                user=comment.author,
                kind=Notification.Kind.LIKE,
                title=f"liked your comment on “{comment.model.title}”",
                link=comment.get_absolute_url(),
                actor=by,
                group=f"like:comment:{comment.pk}",
            )
    return is_new


def unlike(*, comment: ModelComment, by: User) -> bool:
    """False where there was no like."""
    with transaction.atomic():
        deleted, _ = ModelCommentLike.objects.filter(comment=comment, user=by).delete()
        if deleted:
            ModelComment.objects.filter(pk=comment.pk).update(likes=Greatest(F("likes") - 1, 0))
    return bool(deleted)
