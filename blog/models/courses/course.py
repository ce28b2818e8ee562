"""A course: written in the console, shown to everybody once it is published."""

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from blog.models.picture import PicturedMixin, picture_in_all_sizes
from core.markdown import plain_text
from core.models import TimestampedModel

# What a search looks at, as an expression that its index has.
WORDS_OF_COURSE = SearchVector("title", "summary", "description", config="marketplace_words")
MAX_DESCRIPTION = 50_000
# What a course without a summary says of itself.
SUMMARY_LENGTH = 200


def minutes_text(minutes: int) -> str:
    """As people say it: `45 min`, `2 h`, `1 h 20 min`."""
    hours, rest = divmod(minutes, 60)
    return " ".join(
        part for part in (f"{hours} h" if hours else "", f"{rest} min" if rest or not hours else "") if part
    )


def works_on_courses(user) -> bool:
    """Whether `user` works on the courses, and so sees what nobody else does yet."""
    return user.is_authenticated and user.is_staff and user.has_perm("blog.view_course")


class CourseQuerySet(models.QuerySet):
    """Scopes: each list rule has an instance twin on the course."""

    def published(self):
        return self.filter(status=Course.Status.PUBLISHED)

    def visible_to(self, user):
        """What `user` may open: what is published, what they teach or learn, and everything for who works on courses.

        Who learns something keeps it when it is taken back.
        """
        if works_on_courses(user):
            return self
        if not user.is_authenticated:
            return self.published()
        return self.filter(
            Q(status=Course.Status.PUBLISHED)
            | Q(instructor=user)
            | Exists(user.course_enrollments.open().filter(course=OuterRef("pk")))
        )

    def learned_by(self, user):
        return self.filter(Exists(user.course_enrollments.open().filter(course=OuterRef("pk"))))

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def with_card_data(self):
        """What a course in a list shows: not its long description."""
        return self.select_related("instructor").defer("description")


class Course(PicturedMixin, TimestampedModel):
    """Lessons in their order: `draft -> published`, and taken back to a draft.

    `lessons_count` and `duration` (minutes) are those of the lessons that are shown; counters are written in the
    transaction of what they count.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PUBLISHED = "published", "Published"

    class Difficulty(models.TextChoices):
        BEGINNER = "beginner", "Beginner"
        INTERMEDIATE = "intermediate", "Intermediate"
        ADVANCED = "advanced", "Advanced"

    instructor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="courses")
    title = models.CharField(max_length=120)
    slug = models.SlugField(
        max_length=120,
        unique=True,
        help_text="The last part of its address. It stays when the title changes.",
    )
    summary = models.CharField(
        max_length=300, blank=True, help_text="What lists and search engines say; else the beginning."
    )
    description = models.TextField(
        max_length=MAX_DESCRIPTION, help_text="Markdown: what one learns, and what one needs for it."
    )
    difficulty = models.CharField(max_length=12, choices=Difficulty.choices)
    price = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal("0.00"))
    is_free = models.GeneratedField(
        expression=Q(price=0), output_field=models.BooleanField(), db_persist=True
    )

    views = models.PositiveIntegerField(default=0, editable=False)
    lessons_count = models.PositiveIntegerField("lessons", default=0, editable=False)
    duration = models.PositiveIntegerField("minutes", default=0, editable=False)
    enrolled_count = models.PositiveIntegerField("learners", default=0, editable=False)

    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CourseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft") | Q(published_at__isnull=False), name="blog_course_dated"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "published"]), name="blog_course_known_status"
            ),
            models.CheckConstraint(
                condition=Q(difficulty__in=["beginner", "intermediate", "advanced"]),
                name="blog_course_known_difficulty",
            ),
            models.CheckConstraint(condition=Q(price__gte=0), name="blog_course_price_not_negative"),
            models.CheckConstraint(condition=picture_in_all_sizes(), name="blog_course_picture_in_all_sizes"),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(lessons_count__gt=0), name="blog_course_published_has_lessons"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-published_at", "-id"], condition=Q(status="published"), name="blog_course_newest"
            ),
            models.Index(fields=["instructor", "-published_at"], name="blog_course_of_instructor"),
            GinIndex(WORDS_OF_COURSE, name="blog_course_words"),
            GinIndex(OpClass("title", name="gin_trgm_ops"), name="blog_course_titles"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("blog:course", args=[self.slug])

    @property
    def is_published(self) -> bool:
        """Instance twin of `CourseQuerySet.published`."""
        return self.status == self.Status.PUBLISHED

    def is_visible_to(self, user) -> bool:
        """Instance twin of `CourseQuerySet.visible_to`."""
        if self.is_published or works_on_courses(user):
            return True
        return user.is_authenticated and (
            self.instructor_id == user.pk or self.enrollments.open().filter(user=user).exists()
        )

    @property
    def is_for_sale(self) -> bool:
        """Whether it can be bought now: it has a price, and somebody who gets it."""
        return self.is_published and not self.is_free and self.instructor.is_active

    @property
    def duration_text(self) -> str:
        return minutes_text(self.duration)

    @property
    def about(self) -> str:
        """Its summary, or else how the description begins."""
        return self.summary or plain_text(self.description, length=SUMMARY_LENGTH)

    # Transitions. Saved by the action that calls them.

    def publish(self) -> None:
        """Shown from now on; one that was shown before keeps its day."""
        self.status = self.Status.PUBLISHED
        self.published_at = self.published_at or timezone.now()

    def take_back(self) -> None:
        """Nobody sees it but who works on it and who learns it already."""
        self.status = self.Status.DRAFT
