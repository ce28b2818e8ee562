"""Comments on models: written, changed, deleted, liked; with their counts and those who are told of them."""

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from accounts import activities
from accounts.models import Activity, User
from marketplace import commenting
from marketplace.actions.likes import activity_picture
from marketplace.exceptions import CommentRefused
from marketplace.models import Model3D, ModelComment, ModelCommentLike


def post(*, model: Model3D, author: User, body: str, parent: ModelComment | None = None) -> ModelComment:
    """A comment on `model`, or an answer to `parent`; tells the creator, whom it answers, and whom it mentions.

    Raises:
        CommentRefused: the model takes no comments from this person, or what is answered is gone.
    """
    with transaction.atomic():
        check_may_comment(model, author)
        comment = ModelComment(model=model, author=author, body=body)
        if parent is not None:
            commenting.answer(comment, parent)
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
        commenting.tell(comment)
    return comment


def check_may_comment(model: Model3D, author: User) -> None:
    """Raises CommentRefused where `author` may not comment on `model`."""
    if not model.is_open_to_all:
        raise CommentRefused("Comments open when the model is published.")
    _refuse_blocked(model, author)


def _refuse_blocked(model: Model3D, author: User) -> None:
    if commenting.has_blocked(model.creator, author):
        raise CommentRefused("You cannot comment on this creator’s models.")


def edit(*, comment: ModelComment, body: str) -> None:
    """Other words for it; says that and when it was edited, where they differ.

    Raises:
        CommentRefused: its author has been blocked since, by the creator or by whom it answers.
    """
    _refuse_blocked(comment.model, comment.author)
    commenting.change(comment, body)


def delete(*, comment: ModelComment) -> None:
    """Its words are gone for good; its place stays for as long as something answers it. Idempotent."""
    with transaction.atomic():
        row = commenting.strike(comment)
        if row is None:
            return
        if row.is_standing:
            Model3D.objects.filter(pk=row.model_id).update(
                comments_count=Greatest(F("comments_count") - 1, 0)
            )
        others = ModelComment.objects.standing().filter(model=row.model_id, author=row.author_id)
        if not others.exists():
            activities.retract(actor=row.author, verb=Activity.Verb.COMMENTED, target=row.model)


def like(*, comment: ModelComment, by: User) -> bool:
    """False where they liked it already."""
    return commenting.like(ModelCommentLike, comment=comment, by=by)


def unlike(*, comment: ModelComment, by: User) -> bool:
    """False where there was no like."""
    return commenting.unlike(ModelCommentLike, comment=comment, by=by)
