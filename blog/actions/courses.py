"""Courses: shown, taken back, deleted; each change of what everybody sees is in the audit log."""

from django.db import transaction
from django.db.models import Count, ProtectedError, Sum
from django.utils import timezone

from accounts import activities
from accounts.models import Activity, User
from blog.exceptions import CourseRefused
from blog.models import Course, LessonFile
from blog.pictures import SIZES
from core.models import AuditEntry
from marketplace.actions.storing import delete_stored_on_commit


def publish(*, course: Course, by: User) -> None:
    """Everybody sees it from now on; nobody is told of the lessons that it begins with.

    Raises:
        CourseRefused: it is shown already, or has no lesson to show.
    """
    with transaction.atomic():
        row = lock(course)
        if row.is_published:
            raise CourseRefused("This course is published already.")
        count(row)
        if not row.lessons_count:
            raise CourseRefused("Write a lesson first, and let it be shown.")
        row.publish()
        row.save(update_fields=["status", "published_at", "updated_at"])
        row.lessons.shown().filter(announced_at=None).update(announced_at=timezone.now())
        activities.record(
            actor=row.instructor,
            verb=Activity.Verb.PUBLISHED,
            target=row,
            title=row.title,
            link=row.get_absolute_url(),
            picture=row.picture_small.name,
        )
        AuditEntry.record(actor=by, action="course.publish", target=row)


def take_back(*, course: Course, by: User) -> None:
    """A draft again; who takes it goes on with it.

    Raises:
        CourseRefused: it is a draft.
    """
    with transaction.atomic():
        row = lock(course)
        if not row.is_published:
            raise CourseRefused("This course is a draft already.")
        row.take_back()
        row.save(update_fields=["status", "updated_at"])
        activities.forget(row)
        AuditEntry.record(actor=by, action="course.take_back", target=row)


def delete(*, course: Course, by: User) -> None:
    """For good, with its lessons and their files.

    Raises:
        CourseRefused: somebody takes it.
    """
    with transaction.atomic():
        row = lock(course)
        if row.enrollments.exists():
            raise CourseRefused("People take this course: take it back instead, so that they keep it.")
        AuditEntry.record(actor=by, action="course.delete", target=row)
        activities.forget(row)
        files = [getattr(row, field) for field in SIZES]
        for lesson in row.lessons.all():
            files += [lesson.video, lesson.captions]
        files += [given.file for given in LessonFile.objects.filter(lesson__course=row)]
        delete_stored_on_commit(file for file in files if file)
        try:
            row.delete()
        except ProtectedError as error:
            raise CourseRefused("This course has been sold: take it back instead.") from error


def lock(course: Course) -> Course:
    """The row, whose lessons nobody else adds, moves or takes away until the transaction ends."""
    return Course.objects.select_for_update(of=("self",)).select_related("instructor").get(pk=course.pk)


def count(row: Course) -> None:
    """Its lessons and their minutes anew; `row` is locked."""
    shown = row.lessons.shown().aggregate(lessons=Count("pk"), minutes=Sum("minutes"))
    row.lessons_count, row.duration = shown["lessons"], shown["minutes"] or 0
    row.save(update_fields=["lessons_count", "duration", "updated_at"])
