"""Taking a course: begun, gone on with, given up; with the count of its learners."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest
from django.utils import timezone

from accounts.models import User
from blog.exceptions import CourseRefused
from blog.models import Course, CourseEnrollment, Lesson, LessonProgress

# That somebody looks at the same lesson is written down anew after so long.
SEEN_EVERY = timedelta(minutes=5)


def enroll(*, course: Course, user: User) -> bool:
    """`user` takes the course; False where they do already. Two requests at once make one row and count once.

    Raises:
        CourseRefused: it is not shown, or they teach it themselves.
    """
    with transaction.atomic():
        if not Course.objects.published().filter(pk=course.pk).exists():
            raise CourseRefused("This course cannot be taken at the moment.")
        if course.instructor_id == user.pk:
            raise CourseRefused("This is your own course.")
        _, is_new = CourseEnrollment.objects.get_or_create(course=course, user=user)
        if is_new:
            Course.objects.filter(pk=course.pk).update(enrolled_count=F("enrolled_count") + 1)
    return is_new


def leave(*, course: Course, user: User) -> bool:
    """They do not take it any more, and what they had done of it is forgotten; False where they did not take it."""
    with transaction.atomic():
        deleted = CourseEnrollment.objects.filter(course=course, user=user).delete()[1]
        if deleted.get("blog.CourseEnrollment"):
            Course.objects.filter(pk=course.pk).update(enrolled_count=Greatest(F("enrolled_count") - 1, 0))
            return True
    return False


def look_at(*, enrollment: CourseEnrollment, lesson: Lesson) -> None:
    """They have opened the lesson: here they go on the next time."""
    now = timezone.now()
    if enrollment.last_lesson_id == lesson.pk and now - enrollment.seen_at < SEEN_EVERY:
        return
    CourseEnrollment.objects.filter(pk=enrollment.pk).update(last_lesson=lesson, seen_at=now)


def stop_at(*, enrollment: CourseEnrollment, lesson: Lesson, seconds: int) -> None:
    """They have left the video of a lesson at this second."""
    most = lesson.video_seconds
    LessonProgress.objects.update_or_create(
        enrollment=enrollment,
        lesson=lesson,
        defaults={"seconds": min(seconds, most) if most is not None else seconds},
    )


def finish(*, enrollment: CourseEnrollment, lesson: Lesson) -> bool:
    """They are done with a lesson; whether they are done with all of the course by that, for the first time.

    Its video begins anew the next time.
    """
    with transaction.atomic():
        row = _locked(enrollment)
        progress, _ = LessonProgress.objects.get_or_create(enrollment=row, lesson=lesson)
        progress.seconds, progress.done_at = 0, progress.done_at or timezone.now()
        progress.save(update_fields=["seconds", "done_at"])
        done = row.progress.filter(done_at__isnull=False).values("lesson")
        is_all = not lesson.course.lessons.shown().exclude(pk__in=done).exists()
        if not is_all or row.completed_at is not None:
            return False
        row.completed_at = timezone.now()
        row.save(update_fields=["completed_at"])
    return True


def reopen(*, enrollment: CourseEnrollment, lesson: Lesson) -> None:
    """They are not done with a lesson after all. Idempotent."""
    LessonProgress.objects.filter(enrollment=enrollment, lesson=lesson).update(done_at=None)


def _locked(enrollment: CourseEnrollment) -> CourseEnrollment:
    return CourseEnrollment.objects.select_for_update(of=("self",)).get(pk=enrollment.pk)
