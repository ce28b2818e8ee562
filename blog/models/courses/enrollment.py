"""Who learns what, and how far they have come."""

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone

from blog.models.courses.course import Course
from blog.models.courses.lesson import Lesson


class CourseEnrollmentQuerySet(models.QuerySet):
    def open(self):
        """Without those whose money went back, or is on its way back."""
        return self.filter(closed_at__isnull=True)

    def with_progress(self):
        """How many of the lessons that are shown they have done, as `done`."""
        counted = Q(progress__done_at__isnull=False, progress__lesson__is_shown=True)
        return self.annotate(done=Count("progress", filter=counted))

    def latest_first(self):
        """Where they were last comes first."""
        return self.order_by("-seen_at", "-pk")


class CourseEnrollment(models.Model):
    """Somebody takes a course.

    Whether it was paid for, and whether that still holds, is written from above by who sells courses.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="course_enrollments")
    course = models.ForeignKey(Course, models.PROTECT, related_name="enrollments")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When they last opened or did one of its lessons, and which.
    seen_at = models.DateTimeField(default=timezone.now, editable=False)
    last_lesson = models.ForeignKey(Lesson, models.SET_NULL, null=True, blank=True, related_name="+")
    # When they had done every lesson that there was then; lessons that come later take nothing of it back.
    completed_at = models.DateTimeField(null=True, blank=True, editable=False)

    is_paid = models.BooleanField("paid for", default=False, editable=False)
    # Since its money is on its way back: nothing opens, and what was done is kept in case it comes again.
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = CourseEnrollmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "course"], name="blog_enrollment_once"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(is_paid=True), name="blog_enrollment_closed_was_paid"
            ),
        ]
        indexes = [
            models.Index(fields=["user", "-seen_at", "-id"], name="blog_enrollment_of_user"),
        ]

    def __str__(self):
        return f"{self.user_id} in course {self.course_id}"

    @property
    def is_open(self) -> bool:
        """Instance twin of `CourseEnrollmentQuerySet.open`."""
        return self.closed_at is None

    @property
    def is_untouched(self) -> bool:
        """Whether they have opened no lesson of it yet."""
        return self.last_lesson_id is None and not self.progress.exists()


class LessonProgress(models.Model):
    """Where somebody is in a lesson: the second at which they left its video, and when they were done with it."""

    enrollment = models.ForeignKey(CourseEnrollment, models.CASCADE, related_name="progress")
    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="+")
    seconds = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enrollment", "lesson"], name="blog_lesson_progress_once")
        ]

    def __str__(self):
        return f"Lesson {self.lesson_id} in enrollment {self.enrollment_id}"

    @property
    def is_done(self) -> bool:
        return self.done_at is not None
