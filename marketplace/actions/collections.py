"""Collections: what is put in and taken out, in which order, and who follows.

Each change locks the collection's row first: its counts, its bound and the places of its models stay right however
many change it at once.
"""

from celery import current_app
from django.db import transaction
from django.db.models import F, Max
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts import activities
from accounts.models import Activity, Notification, User, UserBlock
from accounts.notifications import notify
from marketplace.exceptions import CollectionRefused
from marketplace.models import Collection, CollectionFollow, CollectionItem, Model3D
from marketplace.models.collection import MAX_ITEMS

MAX_COLLECTIONS = 200
TELL_TASK = "marketplace.tasks.tell_followers_of_collection"


def create(*, owner: User, name: str, description: str = "", is_public: bool = True) -> Collection:
    """A new, empty one.

    Raises:
        CollectionRefused: the person has as many as anybody may have, or one of this name.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).only("pk").get(pk=owner.pk)
        if owner.collections.count() >= MAX_COLLECTIONS:
            raise CollectionRefused(
                f"You have {MAX_COLLECTIONS} collections, which is as many as anybody may have."
            )
        if owner.collections.filter(name=name).exists():
            raise CollectionRefused("You have a collection of this name.")
        return owner.collections.create(name=name, description=description, is_public=is_public)


def add(*, collection: Collection, model: Model3D) -> bool:
    """Put `model` at the end; False where it is in already. Followers of a public one are told once it is in.

    Raises:
        CollectionRefused: the collection is full.
    """
    with transaction.atomic():
        row = Collection.objects.select_for_update().get(pk=collection.pk)
        if row.items.filter(model=model).exists():
            return False
        if row.model_count >= MAX_ITEMS:
            raise CollectionRefused(f"A collection holds {MAX_ITEMS:,} models; this one is full.")
        last = row.items.aggregate(last=Max("order"))["last"] or 0
        row.items.create(model=model, order=last + 1)
        Collection.objects.filter(pk=row.pk).update(
            model_count=F("model_count") + 1, changed_at=timezone.now()
        )
        if row.is_open_to_all and model.is_listed:
            activities.record(
                actor=row.owner,
                verb=Activity.Verb.COLLECTED,
                target=row,
                title=row.name,
                link=row.get_absolute_url(),
            )
            # By name: the module of the tasks imports this one.
            transaction.on_commit(lambda: current_app.send_task(TELL_TASK, (row.pk, model.pk)), robust=True)
    return True


def tell_followers(*, collection: Collection, model: Model3D) -> int:
    """Tell everybody who follows the collection of a model in it that all may see; how many were told."""
    if not (collection.is_open_to_all and model.is_listed):
        return 0
    followers = User.objects.active().filter(collection_follows__collection=collection)
    told = 0
    for person in followers.exclude(pk=collection.owner_id).order_by("pk").iterator(chunk_size=500):
        told += bool(
            notify(
                user=person,
                kind=Notification.Kind.COLLECTION_GREW,
                title=f"“{collection.name}” has a new model",
                message=model.title,
                link=collection.get_absolute_url(),
                group=f"collection:{collection.pk}",
            )
        )
    return told


def remove(*, collection: Collection, model: Model3D) -> bool:
    """Take `model` out; False where it was not in."""
    with transaction.atomic():
        row = Collection.objects.select_for_update().get(pk=collection.pk)
        deleted, _ = row.items.filter(model=model).delete()
        if deleted:
            Collection.objects.filter(pk=row.pk).update(
                model_count=Greatest(F("model_count") - 1, 0), changed_at=timezone.now()
            )
    return bool(deleted)


def move(*, collection: Collection, model: Model3D, position: int) -> None:
    """Put `model` at `position`, counted from 1; a position beyond the ends is the end.

    Raises:
        CollectionRefused: the model is not in the collection (any more).
    """
    with transaction.atomic():
        row = Collection.objects.select_for_update().get(pk=collection.pk)
        items = list(row.items.order_by("order", "pk"))
        moved = next((item for item in items if item.model_id == model.pk), None)
        if moved is None:
            raise CollectionRefused("This model is no longer in the collection.")
        items.remove(moved)
        items.insert(max(position, 1) - 1, moved)
        changed = []
        for order, item in enumerate(items, start=1):
            if item.order != order:
                item.order = order
                changed.append(item)
        CollectionItem.objects.bulk_update(changed, ["order"])
        Collection.objects.filter(pk=row.pk).update(changed_at=timezone.now())


def follow(*, collection: Collection, by: User) -> bool:
    """False where they follow it already.

    Raises:
        CollectionRefused: it is their own, or its owner has blocked them.
    """
    if collection.owner_id == by.pk:
        raise CollectionRefused("This collection is yours.")
    if UserBlock.objects.filter(blocker=collection.owner, blocked=by).exists():
        raise CollectionRefused("You cannot follow this collection.")
    with transaction.atomic():
        _, is_new = CollectionFollow.objects.get_or_create(collection=collection, user=by)
        if is_new:
            Collection.objects.filter(pk=collection.pk).update(followers=F("followers") + 1)
            notify(
                user=collection.owner,
                kind=Notification.Kind.COLLECTION_FOLLOWED,
                title=f"followed your collection “{collection.name}”",
                link=collection.get_absolute_url(),
                actor=by,
                group=f"collection-follow:{collection.pk}",
            )
    return is_new


def unfollow(*, collection: Collection, by: User) -> bool:
    """False where they did not follow it."""
    with transaction.atomic():
        deleted, _ = CollectionFollow.objects.filter(collection=collection, user=by).delete()
        if deleted:
            Collection.objects.filter(pk=collection.pk).update(followers=Greatest(F("followers") - 1, 0))
    return bool(deleted)


def unfollow_all(*, follower: User, owner: User) -> None:
    """`follower` hears no more of any collection of `owner`."""
    for row in CollectionFollow.objects.filter(user=follower, collection__owner=owner).select_related(
        "collection"
    ):
        unfollow(collection=row.collection, by=follower)


def change(*, collection: Collection, name: str, description: str, is_public: bool) -> None:
    """Other words or another audience; a collection that becomes private leaves everybody's feed.

    Raises:
        CollectionRefused: the owner has another one of this name.
    """
    with transaction.atomic():
        row = Collection.objects.select_for_update().get(pk=collection.pk)
        if Collection.objects.filter(owner=row.owner_id, name=name).exclude(pk=row.pk).exists():
            raise CollectionRefused("You have a collection of this name.")
        row.name, row.description, row.is_public = name, description, is_public
        row.save(update_fields=["name", "description", "is_public", "updated_at"])
        if not row.is_open_to_all:
            activities.forget(row)
    collection.refresh_from_db()


def delete(*, collection: Collection) -> None:
    """Gone for good, with who followed it; its models stay."""
    with transaction.atomic():
        activities.forget(collection)
        collection.delete()
