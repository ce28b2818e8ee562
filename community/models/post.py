"""Posts of communities, what belongs to them, and what people think of them."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import LessThanOrEqual
from django.urls import reverse
from django.utils import timezone

from community.models.community import Community
from core.markdown import plain_text
from core.models import ModeratedModel, ModeratedQuerySet, TimestampedModel
from core.storages import private_storage
from marketplace.models import Model3D

MAX_LENGTH = 20_000
MAX_IMAGES = 6
TITLE_LENGTH = 80
# What a search inside a community looks at, as an expression that its index has.
WORDS_OF_POST = SearchVector("body", config="marketplace_words")


def image_path(instance, filename):
    """Private, since what a private community shows is for its members; random, so that it tells nothing."""
    return f"community/posts/{instance.public_id.hex}/{filename}"


class CommunityPostQuerySet(ModeratedQuerySet):
    """Scopes; who may read them is a rule of their community (`Community.is_readable_by`)."""

    def standing(self):
        """Neither deleted by their author nor taken down: see `CommunityPost.is_standing`."""
        return self.not_removed().filter(deleted_at__isnull=True)

    def readable_by(self, user):
        """Those that stand in communities that `user` may read."""
        return self.standing().filter(community__in=Community.objects.readable_by(user))

    def pinned(self):
        return self.filter(pinned_at__isnull=False)

    def unanswered(self):
        return self.filter(comments_count=0)

    def with_page_data(self):
        """All that a post shows, in as many queries however many there are."""
        model = ("model__creator", "model__category", "model__current_file")
        return self.select_related("author__profile", "community", *model).prefetch_related(
            models.Prefetch("images", PostImage.objects.order_by("order"))
        )

    def newest_first(self):
        return self.order_by("-created_at", "-pk")

    def best_first(self):
        return self.order_by("-score", "-pk")

    def latest_pinned_first(self):
        return self.order_by("-pinned_at", "-pk")


class CommunityPost(TimestampedModel, ModeratedModel):
    """Markdown by a member, perhaps with pictures and a model; what it was before an edit is kept.

    A moderator of the community, or of the site, takes it down with a reason (`removed_at`); its author deletes it
    (`deleted_at`), and then its words are gone. Counters are written with the rows that they count.
    """

    community = models.ForeignKey(Community, models.CASCADE, related_name="posts")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="community_posts")
    body = models.TextField(max_length=MAX_LENGTH)
    # Shown as it is now, while everybody may open it.
    model = models.ForeignKey(Model3D, models.SET_NULL, null=True, blank=True, related_name="community_posts")
    # Whether there was one, of which the model itself cannot tell any more once it is gone.
    with_model = models.BooleanField(default=False, editable=False)
    pinned_at = models.DateTimeField(null=True, blank=True, editable=False)
    pinned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    likes = models.PositiveIntegerField(default=0, editable=False)
    loves = models.PositiveIntegerField(default=0, editable=False)
    wows = models.PositiveIntegerField(default=0, editable=False)
    fires = models.PositiveIntegerField(default=0, editable=False)
    # Comments that stand.
    comments_count = models.PositiveIntegerField(default=0, editable=False)
    shares = models.PositiveIntegerField(default=0, editable=False)
    # By which the top posts are ordered: whoever answers has had more to say than whoever reacts.
    score = models.GeneratedField(
        expression=F("likes") + F("loves") + F("wows") + F("fires") + 2 * F("comments_count"),
        output_field=models.PositiveIntegerField(),
        db_persist=True,
    )

    objects = CommunityPostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=LessThanOrEqual(Length("body"), MAX_LENGTH),
                name="community_post_length_bounded",
            ),
            models.CheckConstraint(
                condition=Q(pinned_at__isnull=True) | Q(deleted_at__isnull=True, removed_at__isnull=True),
                name="community_post_pinned_stands",
            ),
        ]
        indexes = [
            models.Index(
                fields=["community", "-created_at", "-id"],
                condition=Q(deleted_at__isnull=True, removed_at__isnull=True),
                name="community_post_recent",
            ),
            models.Index(
                fields=["community", "-score", "-id"],
                condition=Q(deleted_at__isnull=True, removed_at__isnull=True),
                name="community_post_top",
            ),
            models.Index(
                fields=["community", "-created_at", "-id"],
                condition=Q(deleted_at__isnull=True, removed_at__isnull=True, comments_count=0),
                name="community_post_unanswered",
            ),
            models.Index(
                fields=["community", "-pinned_at"],
                condition=Q(pinned_at__isnull=False),
                name="community_post_pinned",
            ),
            models.Index(fields=["author", "-created_at", "-id"], name="community_post_of_author"),
            GinIndex(WORDS_OF_POST, name="community_post_words"),
        ]

    # The word in the address of its report: see `accounts.reporting`.
    report_kind = "post"

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("community:post", args=[self.community_id, self.pk])

    @property
    def title(self) -> str:
        """What it is called where it is spoken of: the beginning of its words."""
        return plain_text(self.body, length=TITLE_LENGTH) or "a post without words"

    @property
    def creator(self):
        """Whose it is, for those who comment on it: see `marketplace.commenting`."""
        return self.author

    @property
    def creator_id(self) -> int:
        return self.author_id

    @property
    def is_open_to_all(self) -> bool:
        """Whether everybody may read it."""
        return self.is_standing and self.community.is_listed

    @property
    def is_standing(self) -> bool:
        """Instance twin of `CommunityPostQuerySet.standing`."""
        return self.deleted_at is None and self.removed_at is None

    @property
    def is_pinned(self) -> bool:
        return self.pinned_at is not None


class PostRevision(models.Model):
    """What a post said until `created_at`, when its author changed it."""

    post = models.ForeignKey(CommunityPost, models.CASCADE, related_name="revisions")
    body = models.TextField(max_length=MAX_LENGTH)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        indexes = [models.Index(fields=["post", "-created_at", "-id"], name="post_revision_history")]

    def __str__(self):
        return f"post {self.post_id} before {self.created_at}"


class PostImage(models.Model):
    """A picture of a post, re-encoded by us; served to those who may read the post."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    post = models.ForeignKey(CommunityPost, models.CASCADE, related_name="images")
    image = models.ImageField(
        upload_to=image_path, storage=private_storage, width_field="width", height_field="height"
    )
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    # What is to be seen, for those who do not see it.
    alt = models.CharField(max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "order"], name="post_image_place_once")]

    def __str__(self):
        return f"picture {self.pk} of post {self.post_id}"


class PostReaction(models.Model):
    """What somebody thinks of a post: one of four, to be changed or taken back."""

    class Kind(models.TextChoices):
        LIKE = "like", "Like"
        LOVE = "love", "Love"
        WOW = "wow", "Wow"
        FIRE = "fire", "Fire"

        @property
        def counter(self) -> str:
            """The field of the post that counts it."""
            return f"{self.value}s"

    post = models.ForeignKey(CommunityPost, models.CASCADE, related_name="reactions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="post_reactions")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["post", "user"], name="post_reaction_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["like", "love", "wow", "fire"]), name="post_reaction_known"
            ),
        ]

    def __str__(self):
        return f"{self.user_id}: {self.kind} on post {self.post_id}"


class PostShare(models.Model):
    """Somebody shared a post; `CommunityPost.shares` counts each person once."""

    post = models.ForeignKey(CommunityPost, models.CASCADE, related_name="share_rows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="post_shares")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["post", "user"], name="post_share_once")]

    def __str__(self):
        return f"{self.user_id} shared post {self.post_id}"
