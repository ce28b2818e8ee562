"""Collections: models that somebody put together, in an order of theirs."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.urls import reverse
from django.utils import timezone

from core.models import ModeratedModel, ModeratedQuerySet, TimestampedModel
from marketplace.models.indexing import IndexedCollectionQuerySet, may_be_found
from marketplace.models.model3d import Model3D

MAX_ITEMS = 1_000
# What a search looks at, as an expression that its index has.
WORDS_OF_COLLECTION = SearchVector("name", "description", config="marketplace_words")


class CollectionQuerySet(IndexedCollectionQuerySet, ModeratedQuerySet):
    """Scopes: each list rule has an instance twin on the model."""

    def open_to_all(self):
        return self.not_removed().filter(is_public=True, owner__is_active=True)

    def visible_to(self, user):
        """What `user` may open: public ones, and their own."""
        if not user.is_authenticated:
            return self.open_to_all()
        return self.filter(
            models.Q(owner=user) | models.Q(is_public=True, owner__is_active=True, removed_at__isnull=True)
        )

    def popular_first(self):
        return self.order_by("-followers", "-model_count", "-pk")

    def recent_first(self):
        return self.order_by("-changed_at", "-pk")


class Collection(TimestampedModel, ModeratedModel):
    """`changed_at` is when its content last changed; counters are written in the transaction of what they count."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="collections")
    name = models.CharField(max_length=100)
    description = models.TextField(max_length=2000, blank=True)
    is_public = models.BooleanField("public", default=True)
    # All that are in it, whoever may see them.
    model_count = models.PositiveIntegerField(default=0, editable=False)
    followers = models.PositiveIntegerField(default=0, editable=False)
    views = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(model_count__lte=MAX_ITEMS), name="collection_bounded"),
            models.UniqueConstraint(
                fields=["owner", "name"],
                name="collection_name_of_owner_unique",
                violation_error_message="You have a collection of this name.",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-followers", "-model_count", "-id"],
                condition=models.Q(is_public=True, removed_at__isnull=True),
                name="collection_popular",
            ),
            models.Index(
                fields=["-changed_at", "-id"],
                condition=models.Q(is_public=True, removed_at__isnull=True),
                name="collection_recent",
            ),
            GinIndex(WORDS_OF_COLLECTION, name="collection_words"),
            GinIndex(OpClass("name", name="gin_trgm_ops"), name="collection_names"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("marketplace:collection", args=[self.pk])

    @property
    def is_open_to_all(self) -> bool:
        """Instance twin of `CollectionQuerySet.open_to_all`."""
        return self.is_public and self.removed_at is None and self.owner.is_active

    @property
    def is_indexed(self) -> bool:
        """Instance twin of `CollectionQuerySet.indexed`."""
        return self.is_open_to_all and self.model_count > 0 and may_be_found(self.owner)

    def is_visible_to(self, user) -> bool:
        """Instance twin of `CollectionQuerySet.visible_to`."""
        return self.is_open_to_all or (user.is_authenticated and user.pk == self.owner_id)


class CollectionItem(models.Model):
    """A model in a collection, at its place."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="items")
    model = models.ForeignKey(Model3D, models.CASCADE, related_name="collection_items")
    order = models.PositiveIntegerField(default=0)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "model"], name="collection_item_once")]
        indexes = [models.Index(fields=["collection", "order", "id"], name="collection_item_order")]

    def __str__(self):
        return f"model {self.model_id} in collection {self.collection_id}"


class CollectionFollowQuerySet(models.QuerySet):
    def of_what_is_hidden_from(self, user):
        """Those of `user` of collections that were made private since, or are not shown for another reason."""
        return self.filter(user=user).exclude(collection__in=Collection.objects.visible_to(user))

    def newest_first(self):
        return self.order_by("-created_at", "-pk")


class CollectionFollow(models.Model):
    """Somebody wants to hear of new models in a collection; `Collection.followers` is written with the row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="collection_follows")
    collection = models.ForeignKey(Collection, models.CASCADE, related_name="follow_rows")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CollectionFollowQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "collection"], name="collection_follow_once")]

    def __str__(self):
        return f"{self.user_id} follows collection {self.collection_id}"
