"""Posts of the blog: written in the console, published at once or by the clock."""

import re
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Left, Lower
from django.urls import reverse
from django.utils import timezone

from blog.models.picture import (
    PicturedMixin,
    picture_in_all_sizes,
    picture_path,  # noqa: F401 (the first migration names it here)
)
from core.markdown import plain_text
from core.models import TimestampedModel

# What a search looks at, as an expression that its index has.
WORDS_OF_POST = SearchVector("title", "excerpt", "content", config="marketplace_words")
# Addresses below the blog's own that belong to no post.
RESERVED = ("authors", "category", "feed", "feeds", "preview", "tags")
MAX_CONTENT = 200_000
# Words that people read in a minute.
WORDS_A_MINUTE = 220
# What a post without an excerpt says of itself, and of how much of its text that is made.
SUMMARY_LENGTH, BEGINNING = 200, 2_000
_WORD = re.compile(r"\w+")


def reading_minutes(text: str) -> int:
    """How long it takes to read, in whole minutes, one at least."""
    return max(1, round(len(_WORD.findall(text)) / WORDS_A_MINUTE))


def may_see_unpublished(user) -> bool:
    """Whether `user` works on the blog, and so sees what nobody else does yet."""
    return user.is_authenticated and user.is_staff and user.has_perm("blog.view_blogpost")


class BlogTag(models.Model):
    """A subject that posts share; stored in lower case, its slug stands in addresses."""

    name = models.CharField(max_length=40)
    slug = models.SlugField(max_length=50, unique=True)

    class Meta:
        constraints = [models.UniqueConstraint(Lower("name"), name="blog_tag_name_ci_unique")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"{reverse('blog:posts')}?tag={self.slug}"


class BlogPostQuerySet(models.QuerySet):
    """Scopes: each list rule has an instance twin on the post."""

    def published(self):
        return self.filter(status=BlogPost.Status.PUBLISHED)

    def visible_to(self, user):
        """What `user` may open: everything for who works on the blog, their own, and what is published."""
        if may_see_unpublished(user):
            return self
        if not user.is_authenticated:
            return self.published()
        return self.filter(Q(status=BlogPost.Status.PUBLISHED) | Q(author=user))

    def due(self, now=None):
        """Scheduled ones whose hour has come."""
        return self.filter(status=BlogPost.Status.SCHEDULED, published_at__lte=now or timezone.now())

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def with_card_data(self):
        """What a post in a list shows: of its text the beginning alone."""
        beginning = Left("content", BEGINNING, output_field=models.TextField())
        return self.select_related("author").defer("content").annotate(beginning=beginning)


class BlogPost(PicturedMixin, TimestampedModel):
    """An article in Markdown: `draft -> scheduled -> published`, or published at once; taken back to a draft.

    `published_at` is when it was, or will be, shown. Counters are written in the transaction of what they count.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        SCHEDULED = "scheduled", "Scheduled"
        PUBLISHED = "published", "Published"

    class Category(models.TextChoices):
        TUTORIALS = "tutorials", "Tutorials"
        NEWS = "news", "News"
        UPDATES = "updates", "Updates"

    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="blog_posts")
    title = models.CharField(max_length=160)
    slug = models.SlugField(
        max_length=120,
        unique=True,
        validators=[
            RegexValidator(
                rf"^(?:{'|'.join(RESERVED)})$",
                message="This word has a meaning of its own in addresses.",
                inverse_match=True,
            )
        ],
        help_text="The last part of its address. It stays when the title changes.",
    )
    excerpt = models.CharField(
        max_length=300, blank=True, help_text="What lists and search engines say; else the text’s beginning."
    )
    content = models.TextField(max_length=MAX_CONTENT, help_text="Markdown.")
    category = models.CharField(max_length=20, choices=Category.choices)
    tags = models.ManyToManyField(BlogTag, blank=True, related_name="posts")
    is_featured = models.BooleanField(
        "featured", default=False, help_text="The newest of these opens the blog."
    )

    views = models.PositiveIntegerField(default=0, editable=False)
    likes = models.PositiveIntegerField(default=0, editable=False)
    comments_count = models.PositiveIntegerField(default=0, editable=False)
    shares = models.PositiveIntegerField(default=0, editable=False)
    read_time = models.PositiveSmallIntegerField("reading time, minutes", default=1, editable=False)

    status = models.CharField(max_length=12, choices=Status.choices, default=Status.DRAFT, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = BlogPostQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_at__isnull=False), name="blog_post_dated"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "scheduled", "published"]), name="blog_post_known_status"
            ),
            models.CheckConstraint(
                condition=Q(category__in=["tutorials", "news", "updates"]), name="blog_post_known_category"
            ),
            models.CheckConstraint(condition=~Q(slug__in=RESERVED), name="blog_post_slug_not_reserved"),
            models.CheckConstraint(condition=Q(read_time__gte=1), name="blog_post_takes_a_minute"),
            models.CheckConstraint(condition=picture_in_all_sizes(), name="blog_post_picture_in_all_sizes"),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"], condition=Q(status="published"), name="blog_post_newest"
            ),
            models.Index(
                fields=["category", "-published_at", "-id"],
                condition=Q(status="published"),
                name="blog_post_of_category",
            ),
            models.Index(
                fields=["author", "-published_at", "-id"],
                condition=Q(status="published"),
                name="blog_post_of_author",
            ),
            models.Index(
                fields=["published_at"], condition=Q(status="scheduled"), name="blog_post_scheduled"
            ),
            GinIndex(WORDS_OF_POST, name="blog_post_words"),
            GinIndex(OpClass("title", name="gin_trgm_ops"), name="blog_post_titles"),
        ]

    def __str__(self):
        return self.title

    def save(self, *args, **kwargs):
        fields = kwargs.get("update_fields")
        if fields is None or "content" in fields:
            self.read_time = reading_minutes(self.content)
            kwargs |= {"update_fields": {*fields, "read_time"}} if fields is not None else {}
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return reverse("blog:post", args=[self.slug])

    @property
    def creator(self):
        """Who is told of comments, and has a badge at their own; see `marketplace.commenting`."""
        return self.author

    @property
    def creator_id(self) -> int:
        return self.author_id

    @property
    def is_published(self) -> bool:
        """Instance twin of `BlogPostQuerySet.published`."""
        return self.status == self.Status.PUBLISHED

    # What the comments below it ask: see `marketplace.commenting`.
    is_open_to_all = is_published

    @property
    def is_scheduled(self) -> bool:
        return self.status == self.Status.SCHEDULED

    @property
    def category_url(self) -> str:
        return f"{reverse('blog:posts')}?category={self.category}"

    @property
    def summary(self) -> str:
        """The excerpt, or else how the text begins."""
        if self.excerpt:
            return self.excerpt
        beginning = self.beginning if hasattr(self, "beginning") else self.content[:BEGINNING]
        return plain_text(beginning, length=SUMMARY_LENGTH)

    # Transitions. Saved by the action that calls them.

    def publish(self, now: datetime | None = None) -> None:
        """Shown from now on; one that had an hour of its own keeps it, and comes late by a minute at most."""
        if not self.is_scheduled:
            self.published_at = now or timezone.now()
        self.status = self.Status.PUBLISHED

    def schedule(self, when: datetime) -> None:
        self.status, self.published_at = self.Status.SCHEDULED, when

    def take_back(self) -> None:
        """A draft again: nobody but who works on it sees it."""
        self.status, self.published_at = self.Status.DRAFT, None


class BlogLike(models.Model):
    """Somebody likes a post; `BlogPost.likes` is written with the row."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="blog_likes")
    post = models.ForeignKey(BlogPost, models.CASCADE, related_name="like_rows")
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "post"], name="blog_like_once")]

    def __str__(self):
        return f"{self.user_id} likes post {self.post_id}"
