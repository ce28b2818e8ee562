"""The 3D model as creators publish it and buyers see it."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse

from core.models import ModeratedModel, TimestampedModel
from marketplace.models.category import Category, Tag
from marketplace.models.indexing import IndexedModelQuerySet, may_be_found
from marketplace.models.license import License
from marketplace.models.offering import OfferingMixin, OfferingQuerySet
from marketplace.models.versions import QUEUE_ORDER, WAITING

# What indexes for lists cover: see `Model3D.in_catalogue`.
LISTED = Q(in_catalogue=True)
# What `Model3D.facets` is made of, in the order of the parameters of the database's function of that name.
FACET_FIELDS = (
    "category", "price", "license", "ai_training_allowed", "is_mature", "file_formats", "targets", "poly_count",
    "file_size", "rating", "rating_count", "has_animations", "has_rigging", "has_textures", "has_pbr", "has_uv",
    "is_watertight", "is_clean",
)  # fmt: skip


def is_moderator(user) -> bool:
    """Whether `user` reviews models, and so sees every one of them."""
    return user.is_authenticated and user.is_staff and user.has_perm("marketplace.review_model3d")


class Model3DQuerySet(IndexedModelQuerySet, OfferingQuerySet):
    """Scopes: each list rule has an instance twin on the model."""

    def listed(self):
        """What every visitor may find: see `Model3D.is_listed`."""
        return self.filter(in_catalogue=True)

    def suited_to(self, user):
        """Without what `user` does not want to see in lists: mature models, where they are to be hidden."""
        hides = user.is_authenticated and user.mature_content == user.MatureContent.HIDE
        return self.filter(is_mature=False) if hides else self

    def open_to_all(self):
        """What everyone who has the address may open: listed and unlisted models."""
        return self.filter(
            status=Model3D.Status.APPROVED,
            is_published=True,
            visibility__in=[Model3D.Visibility.PUBLIC, Model3D.Visibility.UNLISTED],
            removed_at__isnull=True,
            current_file__isnull=False,
            category__enabled=True,
            creator__is_active=True,
        )

    def visible_to(self, user):
        """What `user` may open: what is open to all, their own, everything for moderators."""
        if is_moderator(user):
            return self
        if not user.is_authenticated:
            return self.open_to_all()
        own = Q(creator=user, deleted_at__isnull=True)
        return self.filter(own | Q(pk__in=Model3D.objects.open_to_all().values("pk")))

    def with_card_data(self):
        """All that a card shows, without a further query."""
        return self.select_related("creator", "category", "current_file")

    def with_page_data(self):
        """All that a model's page shows of single rows."""
        return self.select_related(
            "creator__profile",
            "category",
            "poster_angle",
            "current_file__inspection",
            "current_file__fingerprint",
        )

    def card_stamps(self):
        """What tells whether a kept card is still right, in the queryset's order: see `marketplace.cards`."""
        return self.values_list(
            "pk", "updated_at", "creator__updated_at", "current_file_id", "likes", "is_mature"
        )

    def newest_first(self):
        return self.order_by(F("published_at").desc(nulls_last=True), "-pk")


class Model3D(OfferingMixin, TimestampedModel, ModeratedModel):
    """draft -> pending -> approved | rejected; rejected or edited goes back to pending."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PENDING = "pending", "In review"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"

    class Visibility(models.TextChoices):
        PUBLIC = "public", "Public"
        UNLISTED = "unlisted", "Unlisted: anyone with the link"
        PRIVATE = "private", "Private: only you"

    class PreviewMode(models.TextChoices):
        INTERACTIVE = "interactive", "Interactive 3D preview"
        PICTURES = "pictures", "Poster and turntable only"

    creator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="models")
    title = models.CharField(max_length=120)
    description = models.TextField(max_length=20000, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="models")
    tags = models.ManyToManyField(Tag, blank=True, related_name="models")
    price = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        default=Decimal("0.00"),
        validators=[MinValueValidator(Decimal("0.00"))],
    )
    is_free = models.GeneratedField(
        expression=Q(price=0), output_field=models.BooleanField(), db_persist=True
    )
    license = models.CharField(
        "licence", max_length=20, choices=License.choices, default=License.ROYALTY_FREE
    )
    ai_training_allowed = models.BooleanField("may be used to train AI", default=False)
    is_mature = models.BooleanField("mature content", default=False)
    visibility = models.CharField(max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC)
    preview_mode = models.CharField(
        max_length=12, choices=PreviewMode.choices, default=PreviewMode.INTERACTIVE
    )

    # The ready file whose renders and measures the page shows.
    current_file = models.ForeignKey(
        "marketplace.ModelFile", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    # Copied from the inspection of current_file, so that lists can filter without a join.
    file_size = models.PositiveBigIntegerField(default=0, editable=False)
    file_formats = ArrayField(models.CharField(max_length=10), default=list, editable=False)
    poly_count = models.PositiveBigIntegerField("triangles", default=0, editable=False)
    vertex_count = models.PositiveBigIntegerField("vertices", default=0, editable=False)
    texture_resolution = models.PositiveIntegerField(
        "largest texture side, pixels", default=0, editable=False
    )
    has_animations = models.BooleanField(default=False, editable=False)
    has_rigging = models.BooleanField(default=False, editable=False)
    has_materials = models.BooleanField(default=False, editable=False)
    has_textures = models.BooleanField(default=False, editable=False)
    has_pbr = models.BooleanField("PBR materials", default=False, editable=False)
    is_watertight = models.BooleanField(default=False, editable=False)
    has_uv = models.BooleanField(default=False, editable=False)
    is_validated = models.BooleanField(
        default=False, editable=False, help_text="The inspection of the current file has no error finding."
    )
    is_clean = models.BooleanField(
        default=False,
        editable=False,
        help_text="The inspection of the current file has neither error nor warning findings that concern buyers.",
    )
    # Codes of `marketplace.suitability.Target`.
    targets = ArrayField(models.CharField(max_length=10), default=list, editable=False)

    views = models.PositiveIntegerField(default=0, editable=False)
    likes = models.PositiveIntegerField(default=0, editable=False)
    downloads = models.PositiveIntegerField(default=0, editable=False)
    # Standing ones, answers included.
    comments_count = models.PositiveIntegerField(default=0, editable=False)
    sales_count = models.PositiveIntegerField(default=0, editable=False)
    rating = models.DecimalField(max_digits=3, decimal_places=2, default=0, editable=False)
    rating_count = models.PositiveIntegerField(default=0, editable=False)
    rating_score = models.FloatField(default=0, db_default=0, editable=False)  # orders the best rated
    trending_score = models.FloatField(default=0, editable=False)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    is_featured = models.BooleanField(default=False)
    is_published = models.BooleanField(default=True, help_text="The creator's own switch.")
    # When an approved model is to be published by itself; empty where it is not.
    publish_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Since when new files of an approved model wait for review; empty where none do.
    version_submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Withdrawn by the creator: gone from the site, still downloadable for those who have it.
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Kept by triggers of the database, whatever is assigned here: see migrations 0002 and 0014.
    search_vector = SearchVectorField(null=True, editable=False)
    in_catalogue = models.BooleanField(
        default=False, editable=False, help_text="Whether every visitor may find it; for queries."
    )
    # Words for all that lists are narrowed by (`cat:7`, `fmt:glb`, `rigged`), so that one index serves any choice.
    facets = models.GeneratedField(
        expression=models.Func(*FACET_FIELDS, function="marketplace_facets"),
        output_field=ArrayField(models.TextField()),
        db_persist=True,
    )

    objects = Model3DQuerySet.as_manager()

    class Meta:
        verbose_name = "3D model"
        permissions = [("review_model3d", "Can review 3D models")]
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="model3d_price_not_negative"),
            models.CheckConstraint(condition=Q(rating__gte=0, rating__lte=5), name="model3d_rating_range"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(submitted_at__isnull=False), name="model3d_submitted_has_time"
            ),
            models.CheckConstraint(
                condition=Q(version_submitted_at__isnull=True) | Q(status="approved"),
                name="model3d_version_of_approved",
            ),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(is_published=False),
                name="model3d_deleted_is_unpublished",
            ),
            models.CheckConstraint(
                condition=Q(publish_at__isnull=True) | Q(is_published=False),
                name="model3d_scheduled_is_unpublished",
            ),
        ]
        indexes = [
            GinIndex(fields=["search_vector", "facets"], condition=LISTED, name="m3d_search"),
            # A fair sample for estimates, in an order that has nothing to do with the models, and read without them.
            models.Index(
                models.Func("id", function="hashint8"),
                include=["id", "facets", "price"],
                condition=LISTED,
                name="m3d_sample",
            ),
            models.Index(
                F("published_at").desc(nulls_last=True), F("id").desc(), condition=LISTED, name="m3d_newest"
            ),
            models.Index(fields=["-trending_score", "-id"], condition=LISTED, name="m3d_trending"),
            models.Index(fields=["-downloads", "-id"], condition=LISTED, name="m3d_downloads"),
            models.Index(fields=["price", "-id"], condition=LISTED, name="m3d_price"),
            models.Index(fields=["-rating_score", "-id"], condition=LISTED, name="m3d_rating"),
            models.Index(
                fields=["category", "-trending_score", "-id"], condition=LISTED, name="m3d_category"
            ),
            models.Index(
                fields=["-trending_score", "-id"], condition=LISTED & Q(is_featured=True), name="m3d_featured"
            ),
            models.Index(fields=["creator", "-created_at"], name="m3d_creator"),
            models.Index(*QUEUE_ORDER, condition=WAITING, name="m3d_awaiting"),
            GinIndex(
                OpClass(Upper("title"), name="gin_trgm_ops"), condition=WAITING, name="m3d_awaiting_titles"
            ),
            models.Index(fields=["publish_at"], condition=Q(publish_at__isnull=False), name="m3d_scheduled"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("marketplace:model", args=[self.pk])

    def get_edit_url(self):
        """The creator's page about the model."""
        return reverse("marketplace:edit", args=[self.pk])

    @property
    def licence(self) -> License:
        return License(self.license)

    @property
    def is_listed(self) -> bool:
        """Instance twin of `Model3DQuerySet.listed`."""
        return self.is_open_to_all and self.visibility == self.Visibility.PUBLIC

    @property
    def is_indexed(self) -> bool:
        """Instance twin of `Model3DQuerySet.indexed`."""
        return self.is_listed and may_be_found(self.creator)

    @property
    def is_open_to_all(self) -> bool:
        """Instance twin of `Model3DQuerySet.open_to_all`."""
        return (
            self.status == self.Status.APPROVED
            and self.is_published
            and self.visibility in (self.Visibility.PUBLIC, self.Visibility.UNLISTED)
            and self.removed_at is None
            and self.current_file_id is not None
            and self.category is not None
            and self.category.enabled
            and self.creator.is_active
        )

    def is_shown_in_full_to(self, user) -> bool:
        """Whether `user` sees the model in every state: its creator until withdrawal, and moderators always."""
        return is_moderator(user) or (
            user.is_authenticated and user.pk == self.creator_id and self.deleted_at is None
        )

    def is_visible_to(self, user) -> bool:
        """Instance twin of `Model3DQuerySet.visible_to`."""
        return self.is_open_to_all or self.is_shown_in_full_to(user)
