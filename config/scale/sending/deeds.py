"""Likes, comments and collections."""

from collections.abc import Iterator

import numpy as np

from accounts.models import User
from config.scale.copying import copy_arrays, copy_lines, moments
from config.scale.numbers import Numbers
from config.scale.words import COMMENTS, STYLES
from config.scale.world import World
from marketplace.models import (
    Collection,
    CollectionFollow,
    CollectionItem,
    Model3D,
    ModelComment,
    ModelCommentLike,
    ModelLike,
)

COMMENT_COLUMNS = (
    "id", "model_id", "author_id", "parent_id", "root_id", "depth", "body", "likes", "removed_at",
    "removal_reason", "created_at", "updated_at",
)  # fmt: skip
COLLECTION_COLUMNS = (
    "id", "owner_id", "name", "is_public", "model_count", "followers", "views", "created_at", "updated_at",
    "changed_at",
)  # fmt: skip


def send(world: World, numbers: Numbers) -> None:
    likes, comments = world.likes, world.comments
    _send_pairs(ModelLike, likes, numbers, user_id=User, model_id=Model3D)
    numbers.give(ModelComment, comments.count)
    copy_lines(ModelComment, COMMENT_COLUMNS, _comments(world, numbers))
    _send_pairs(ModelCommentLike, comments.likes, numbers, user_id=User, comment_id=ModelComment)
    _send_collections(world, numbers)


def _send_pairs(table, pairs, numbers: Numbers, **who_and_what) -> None:
    (who, people), (what, things) = who_and_what.items()
    columns = {
        "id": numbers.give(table, pairs.count),
        who: numbers.of(people, pairs.who),
        what: numbers.of(things, pairs.what),
        "created_at": pairs.at,
    }
    copy_arrays(table, pairs.count, columns)


def _comments(world: World, numbers: Numbers) -> Iterator[str]:
    comments = world.comments
    likes = np.bincount(comments.likes.what, minlength=comments.count)
    rows = zip(
        numbers.of(ModelComment, np.arange(comments.count)).tolist(),
        numbers.of(Model3D, comments.model).tolist(),
        numbers.of(User, comments.author).tolist(),
        comments.root.tolist(),
        comments.wording.tolist(),
        comments.removed.tolist(),
        likes.tolist(),
        moments(comments.at).tolist(),
        strict=True,
    )
    first = numbers.first[ModelComment]
    for key, model, author, root, wording, is_removed, liked, at in rows:
        body = COMMENTS[wording % len(COMMENTS)]
        thread = f"{first + root}\t{first + root}\t1" if root >= 0 else "\\N\t\\N\t0"
        removal = f"{at}\tAdvertising" if is_removed else "\\N\t"
        yield f"{key}\t{model}\t{author}\t{thread}\t{body}\t{liked}\t{removal}\t{at}\t{at}"


def _send_collections(world: World, numbers: Numbers) -> None:
    collections = world.collections
    items = collections.items
    numbers.give(Collection, collections.count)
    copy_lines(Collection, COLLECTION_COLUMNS, _collections(world, numbers))
    copy_arrays(
        CollectionItem,
        items.count,
        {
            "id": numbers.give(CollectionItem, items.count),
            "collection_id": numbers.of(Collection, items.who),
            "model_id": numbers.of(Model3D, items.what),
            "order": collections.place,
            "added_at": items.at,
        },
    )
    _send_pairs(CollectionFollow, collections.followers, numbers, user_id=User, collection_id=Collection)


def _collections(world: World, numbers: Numbers) -> Iterator[str]:
    collections = world.collections
    models = np.bincount(collections.items.who, minlength=collections.count)
    followers = np.bincount(collections.followers.what, minlength=collections.count)
    changed = collections.at.copy()
    np.maximum.at(changed, collections.items.who, collections.items.at)
    rows = zip(
        numbers.of(Collection, np.arange(collections.count)).tolist(),
        numbers.of(User, collections.owner).tolist(),
        collections.public.tolist(),
        models.tolist(),
        followers.tolist(),
        moments(collections.at).tolist(),
        moments(changed).tolist(),
        strict=True,
    )
    styles = STYLES.split()
    for place, (key, owner, is_public, count, followed, at, changed_at) in enumerate(rows):
        name = f"{styles[place % len(styles)].capitalize()} pieces {place + 1}"
        public = "t" if is_public else "f"
        yield f"{key}\t{owner}\t{name}\t{public}\t{count}\t{followed}\t{followed * 7}\t{at}\t{changed_at}\t{changed_at}"
