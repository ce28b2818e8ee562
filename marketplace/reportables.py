"""What of the marketplace can be reported, and by whom: whatever they see."""

from accounts import reporting
from accounts.models import User
from accounts.reporting import Reportable
from marketplace.models import Collection, Model3D, ModelComment

_LONGEST_NUMBER = 18


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_NUMBER
    return int(text) if is_number else None


def _model(user: User, object_id: str) -> Reportable | None:
    model = Model3D.objects.visible_to(user).select_related("creator").filter(pk=_number(object_id)).first()
    if model is None:
        return None
    snapshot = f"{model.title}\n\n{model.description}"
    return Reportable(model, model.title, model.get_absolute_url(), model.creator, snapshot)


def _comment(user: User, object_id: str) -> Reportable | None:
    comments = ModelComment.objects.standing().select_related("author", "model")
    comment = comments.filter(pk=_number(object_id), model__in=Model3D.objects.visible_to(user)).first()
    if comment is None:
        return None
    title = f"A comment by {comment.author.display_name} on “{comment.model.title}”"
    return Reportable(comment, title, comment.get_absolute_url(), comment.author, comment.body)


def _collection(user: User, object_id: str) -> Reportable | None:
    collections = Collection.objects.visible_to(user).select_related("owner")
    collection = collections.filter(pk=_number(object_id)).first()
    if collection is None:
        return None
    snapshot = f"{collection.name}\n\n{collection.description}"
    return Reportable(collection, collection.name, collection.get_absolute_url(), collection.owner, snapshot)


def register() -> None:
    """Called when the app is ready."""
    reporting.register("model", _model)
    reporting.register("comment", _comment)
    reporting.register("collection", _collection)
