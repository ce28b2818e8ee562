"""What the marketplace keeps about people: models, comments, collections, searches. See `accounts.personal_data`."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from django.db.models import Case, F, Value, When
from django.db.models.fields.files import FieldFile

from accounts.models import User
from accounts.personal_data import ROWS_AT_A_TIME, Exported, Fate, Held, Keeper, rows
from marketplace.erasing import erase
from marketplace.models import Collection, DailyStats, Model3D, ModelCommentLike, ModelReview

STAFF = "It is work done for the site, by somebody who cannot be deleted while they do it."
TRAIL = "The trail of moderation stays whole, without the name."
_STAFF_DEED = Held("", Fate.ANONYMISED, not_copied=STAFF, not_deleted=TRAIL)

HOLDS = {
    "marketplace.Model3D.creator": Held(
        "models",
        Fate.ANONYMISED,
        not_deleted="What somebody has bought stays in their library.",
    ),
    "marketplace.Model3D.removed_by": _STAFF_DEED,
    "marketplace.ModelLike.user": Held("likes", Fate.DELETED),
    "marketplace.ModelComment.author": Held(
        "comments",
        Fate.ANONYMISED,
        not_deleted="Answers would hang in the air; the name at it is “Deleted account”.",
    ),
    "marketplace.ModelComment.removed_by": _STAFF_DEED,
    "marketplace.ModelCommentLike.user": Held("comment_likes", Fate.DELETED),
    "marketplace.Collection.owner": Held("collections", Fate.DELETED),
    "marketplace.Collection.removed_by": _STAFF_DEED,
    "marketplace.CollectionFollow.user": Held("followed_collections", Fate.DELETED),
    "marketplace.SavedSearch.user": Held("saved_searches", Fate.DELETED),
    "marketplace.Upload.owner": Held("uploads", Fate.DELETED),
    "marketplace.CreatorDay.creator": Held(
        "statistics", Fate.ANONYMISED, not_deleted="They are sums of the site’s figures."
    ),
    "marketplace.ReviewClaim.moderator": Held("", Fate.DELETED, not_copied=STAFF),
    "marketplace.ModelReview.moderator": _STAFF_DEED,
    "marketplace.ModelReview.undone_by": _STAFF_DEED,
}

MODEL = (
    *("id", "title", "description", "price", "license", "ai_training_allowed", "is_mature", "visibility"),
    *(
        "preview_mode",
        "status",
        "is_published",
        "views",
        "likes",
        "downloads",
        "comments_count",
        "sales_count",
    ),
    *("rating", "rating_count", "created_at", "submitted_at", "published_at", "deleted_at"),
)
_UNSAFE = re.compile(r"[^\w .()-]+")


def export(user: User) -> Exported:
    models = Model3D.objects.filter(creator=user).order_by("pk")
    own = {"model__creator": user}
    items = user.collections.filter(items__isnull=False).order_by("pk", "items__order")
    statistics = DailyStats.objects.filter(**own).order_by("model", "day")
    decisions = ModelReview.objects.filter(**own).order_by("pk")
    comments = user.modelcomments.order_by("pk")
    comment_likes = ModelCommentLike.objects.filter(user=user).order_by("pk")
    # What others call what they show to nobody any more is theirs.
    title = _if(When(model__in=Model3D.objects.visible_to(user), then=F("model__title")))
    name = _if(When(collection__in=Collection.objects.visible_to(user), then=F("collection__name")))
    tables = [
        ("models", rows(models, *MODEL, in_category=F("category__name"))),
        ("model_tags", rows(models.filter(tags__isnull=False), "id", tag=F("tags__name"))),
        (
            "model_statistics",
            rows(statistics, "model", "day", "views", "likes", "downloads", "carts", "sales", "revenue"),
        ),
        (
            "statistics",
            rows(
                user.days.order_by("day"),
                *("day", "views", "likes", "downloads", "carts", "sales", "revenue", "sources"),
            ),
        ),
        ("model_reviews", rows(decisions, "model", "outcome", "reason", "note", "created_at")),
        ("likes", rows(user.model_likes.order_by("pk"), "model", "created_at", title=title)),
        (
            "comments",
            rows(comments, "model", "body", "likes", "created_at", "edited_at", title=title),
        ),
        ("comment_likes", rows(comment_likes, "comment", "created_at")),
        (
            "collections",
            rows(user.collections.order_by("pk"), "id", "name", "description", "is_public", "created_at"),
        ),
        ("collection_models", rows(items, "id", model=F("items__model"), added_at=F("items__added_at"))),
        ("followed_collections", rows(user.collection_follows.order_by("pk"), "created_at", name=name)),
        ("saved_searches", rows(user.saved_searches.order_by("pk"), "name", "query", "created_at")),
        ("uploads", rows(user.uploads.order_by("pk"), "path", "size", "received", "created_at")),
    ]
    return Exported(tables=tables, files=_files(user))


def _if(condition: When) -> Case:
    """The value where the condition holds, else nothing."""
    return Case(condition, default=Value(""))


def _files(user: User) -> Iterator[tuple[str, FieldFile]]:
    """Originals, documents and pictures: what the person gave us, and not what was made of it."""
    for model in Model3D.objects.filter(creator=user).order_by("pk").iterator(chunk_size=ROWS_AT_A_TIME):
        folder = f"{model.pk} {_named(model.title)}"
        for file in model.files.exclude(original="").order_by("pk"):
            yield f"{folder}/{file.pk} {_named(file.original_name)}", file.original
        for document in model.documents.order_by("pk"):
            yield f"{folder}/documents/{document.pk} {_named(document.name)}", document.file
        for picture in model.preview_images.order_by("pk"):
            suffix = PurePosixPath(picture.image.name).suffix
            yield f"{folder}/pictures/{picture.pk}{suffix}", picture.image


def _named(text: str) -> str:
    """Fit for a file's name on every system."""
    return _UNSAFE.sub("_", text).strip(" .")[:80] or "unnamed"


def veto(user: User) -> list[str]:
    return []


def keeper() -> Keeper:
    return Keeper(name="marketplace", holds=HOLDS, export=export, erase=erase, veto=veto)
