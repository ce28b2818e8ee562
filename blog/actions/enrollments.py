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
    """`user` takes a free course; False where they take it already. Two requests at once make one row and count once.

    Raises:
        CourseRefused: it is not shown, costs something, or they teach it themselves.
    """
    with transaction.atomic():
        # Nobody gives it a price meanwhile.
        row = Course.objects.published().select_for_update(no_key=True).filter(pk=course.pk).first()
        if row is None:
            raise CourseRefused("This course cannot be taken at the moment.")
        if row.instructor_id == user.pk:
            raise CourseRefused("This is your own course.")
        if CourseEnrollment.objects.open().filter(course=row, user=user).exists():
            return False
        if not row.is_free:
            raise CourseRefused("This course costs something now.")
        _open(row, user, is_paid=False)
    return True


def grant(*, course: Course, user: User) -> None:
    """`user` has paid for the course, whose row the caller holds; what they had done of it is there again."""
    _open(course, user, is_paid=True)


def set_open(*, course: Course, user: User, is_open: bool) -> None:
    """Whether what `user` has paid for the course still holds. Idempotent."""
    with transaction.atomic():
        rows = CourseEnrollment.objects.filter(course=course, user=user, is_paid=True)
        now = None if is_open else timezone.now()
        if rows.filter(closed_at__isnull=not is_open).update(closed_at=now):
            _count(course, 1 if is_open else -1)


def leave(*, course: Course, user: User) -> bool:
    """They do not take it any more, and what they had done of it is forgotten; False where they did not take it.

    Raises:
        CourseRefused: they have paid for it, and would lose that.
    """
    with transaction.atomic():
        if CourseEnrollment.objects.filter(course=course, user=user, is_paid=True).exists():
            raise CourseRefused("You have paid for this course: it stays yours.")
        return _forget(course, user)


def forget_all(*, user: User) -> None:
    """What somebody takes, or has taken, is forgotten with their account."""
    for row in user.course_enrollments.select_related("course"):
        with transaction.atomic():
            _forget(row.course, user)


def _open(course: Course, user: User, *, is_paid: bool) -> None:
    row, is_new = CourseEnrollment.objects.select_for_update().get_or_create(
        course=course, user=user, defaults={"is_paid": is_paid}
    )
    if is_new or not row.is_open:
        _count(course, 1)
    row.is_paid, row.closed_at = is_paid, None
    row.save(update_fields=["is_paid", "closed_at"])


def _forget(course: Course, user: User) -> bool:
    rows = CourseEnrollment.objects.filter(course=course, user=user)
    was_open = rows.open().exists()
    if not rows.delete()[1].get("blog.CourseEnrollment"):
        return False
    _count(course, -was_open)
    return True


def _count(course: Course, change: int) -> None:
    Course.objects.filter(pk=course.pk).update(enrolled_count=Greatest(F("enrolled_count") + change, 0))


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
