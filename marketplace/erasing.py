"""Taking a person out of the marketplace: each step by itself, and again where it was interrupted."""

import re

from django.db import transaction
from django.db.models import Model

from accounts.models import User
from core.mentions import MENTION
from marketplace.actions import collections, comments, likes
from marketplace.actions.deletion import delete_model, purge_model
from marketplace.actions.storing import delete_stored_on_commit
from marketplace.models import Model3D, ModelComment, ModelCommentLike, ReviewClaim
from marketplace.search.words import forget_words
from marketplace.uploads import take

# What stands for somebody who was mentioned; the name may be another person's by tomorrow.
NOBODY = "@deleted-account"


def erase(user: User) -> None:
    """What they gave others stays, without their name; everything else goes."""
    with transaction.atomic():
        take(user.uploads.select_for_update(of=("self",)).order_by("pk"))
    ReviewClaim.objects.filter(moderator=user).delete()
    user.saved_searches.all().delete()
    for like in user.model_likes.select_related("model"):
        likes.unlike(model=like.model, by=user)
    for comment_like in ModelCommentLike.objects.filter(user=user).select_related("comment"):
        comments.unlike(comment=comment_like.comment, by=user)
    for follow in user.collection_follows.select_related("collection"):
        collections.unfollow(collection=follow.collection, by=user)
    for collection in user.collections.all():
        collections.delete(collection=collection)
    for model in Model3D.objects.owned_by(user).order_by("pk"):
        delete_model(model=model)
    for model in Model3D.objects.filter(creator=user).order_by("pk"):
        if model.is_nobodys:
            purge_model(model=model)
        else:
            _strip(model)
    forget_mentions(user, ModelComment)
    forget_words(f"{user.full_name}, {user.username}")


def _strip(model: Model3D) -> None:
    """Of a withdrawn model stays what its buyers have: title, licence, files and documents."""
    with transaction.atomic():
        pictures = list(model.preview_images.all())
        delete_stored_on_commit([picture.image for picture in pictures])
        model.preview_images.all().delete()
        if model.description:
            model.description = ""
            model.save(update_fields=["description", "updated_at"])


def forget_mentions(user: User, kind: type[Model]) -> None:
    """In texts of one kind, which have a `body`, nobody is mentioned any more where this person was."""
    mention = rf"(?<!\w)@{re.escape(user.username)}(?!\w)"
    for row in kind.objects.filter(body__iregex=mention).iterator(chunk_size=500):
        body = MENTION.sub(
            lambda found: NOBODY if found[1].lower() == user.username.lower() else found[0], row.body
        )
        if body != row.body:
            kind.objects.filter(pk=row.pk).update(body=body)
