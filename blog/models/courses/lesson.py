"""Lessons: a text, a video, files, a model to open; any of them, one at least."""

import uuid
from pathlib import PurePosixPath

from django.db import models
from django.db.models import Q
from django.urls import reverse

from blog.models.courses.course import Course, minutes_text
from blog.models.post import reading_minutes
from core.models import TimestampedModel
from core.storages import private_storage
from marketplace.models import Model3D

MAX_TEXT = 100_000
# Minutes: of a lesson that takes a whole day.
LONGEST = 1_440
MAX_LESSONS, MAX_FILES = 300, 20


def lesson_path(instance, filename: str) -> str:
    """Private; a name that never repeats and tells nothing."""
    return f"courses/{uuid.uuid4()}{PurePosixPath(filename).suffix.lower()}"


class LessonQuerySet(models.QuerySet):
    def shown(self):
        """Those that learners see; the others are being written."""
        return self.filter(is_shown=True)

    def in_order(self):
        return self.order_by("position", "pk")


class Lesson(TimestampedModel):
    """A step of a course. Its files are private: they leave only for who may open it (`blog.courses.access`).

    `minutes` is what it takes: as its author says, or else the length of its video and the reading time of its text.
    """

    class VideoKind(models.TextChoices):
        MP4 = "mp4", "MP4"
        WEBM = "webm", "WebM"

    class Language(models.TextChoices):
        """In which captions may be."""

        CHINESE = "zh", "中文"
        DUTCH = "nl", "Nederlands"
        ENGLISH = "en", "English"
        FRENCH = "fr", "Français"
        GERMAN = "de", "Deutsch"
        ITALIAN = "it", "Italiano"
        JAPANESE = "ja", "日本語"
        KOREAN = "ko", "한국어"
        POLISH = "pl", "Polski"
        PORTUGUESE = "pt", "Português"
        SPANISH = "es", "Español"

    course = models.ForeignKey(Course, models.CASCADE, related_name="lessons")
    position = models.PositiveSmallIntegerField(editable=False)
    title = models.CharField(max_length=120)
    text = models.TextField(max_length=MAX_TEXT, blank=True, help_text="Markdown.")
    video = models.FileField(
        upload_to=lesson_path, storage=private_storage, max_length=200, blank=True, editable=False
    )
    video_kind = models.CharField(max_length=4, choices=VideoKind.choices, blank=True, editable=False)
    video_size = models.PositiveBigIntegerField(default=0, editable=False)
    # Whole seconds, as the file says; None where it does not.
    video_seconds = models.PositiveIntegerField(null=True, blank=True, editable=False)
    captions = models.FileField(
        upload_to=lesson_path, storage=private_storage, max_length=200, blank=True, editable=False
    )
    captions_language = models.CharField(
        "language of the captions", max_length=2, choices=Language.choices, default=Language.ENGLISH
    )
    video_link = models.URLField(
        "link to a video elsewhere", blank=True, help_text="On YouTube or Vimeo, instead of a file."
    )
    model = models.ForeignKey(
        Model3D, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="model to open"
    )
    minutes = models.PositiveSmallIntegerField(default=1)
    is_preview = models.BooleanField(
        "free preview", default=False, help_text="Everybody may open it, to see what the course is like."
    )
    is_shown = models.BooleanField(
        "shown",
        default=True,
        help_text="Learners see it once the course is published; off while you write it.",
    )
    # When learners were told of it: they are told once, and not of those that the course began with.
    announced_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = LessonQuerySet.as_manager()

    class Meta:
        constraints = [
            # Deferred, since lessons change their places one after the other.
            models.UniqueConstraint(
                fields=["course", "position"],
                name="blog_lesson_place_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MAX_LESSONS), name="blog_lesson_place_bounded"
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, minutes__lte=LONGEST), name="blog_lesson_takes_time"
            ),
            models.CheckConstraint(condition=Q(video="") | Q(video_link=""), name="blog_lesson_one_video"),
            models.CheckConstraint(
                condition=Q(video="", video_kind="", video_size=0)
                | (~Q(video="") & Q(video_kind__in=["mp4", "webm"], video_size__gt=0)),
                name="blog_lesson_video_known",
            ),
            models.CheckConstraint(
                condition=Q(captions="") | ~Q(video=""), name="blog_lesson_captions_of_video"
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("blog:lesson", args=[self.course.slug, self.pk])

    def get_progress_url(self):
        return reverse("blog:lesson_progress", args=[self.course.slug, self.pk])

    def get_video_url(self):
        return reverse("blog:lesson_video", args=[self.course.slug, self.pk])

    def get_captions_url(self):
        return reverse("blog:lesson_captions", args=[self.course.slug, self.pk])

    @property
    def video_type(self) -> str:
        """As browsers name it; only what the file itself has shown to be."""
        return f"video/{self.video_kind}"

    @property
    def duration_text(self) -> str:
        return minutes_text(self.minutes)

    @property
    def kind_label(self) -> str:
        """What one does in it, in a word."""
        if self.video or self.video_link:
            return "Video"
        return "Model" if self.model_id and not self.text else "Text"

    @property
    def measured_minutes(self) -> int:
        """How long its video and its text take together."""
        watching = -(-(self.video_seconds or 0) // 60)
        reading = reading_minutes(self.text) if self.text.strip() else 0
        return min(max(watching + reading, 1), LONGEST)


class LessonFile(models.Model):
    """Something to work with: handed on as it came, always to be saved."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    file = models.FileField(upload_to=lesson_path, storage=private_storage, max_length=200)
    size = models.PositiveBigIntegerField(editable=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(size__gt=0), name="blog_lesson_file_not_empty")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        lesson = self.lesson
        return reverse("blog:lesson_file", args=[lesson.course.slug, lesson.pk, self.public_id])
