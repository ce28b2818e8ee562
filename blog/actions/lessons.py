"""Lessons: written, filled with files, moved, deleted; their course counts them anew, and learners hear of new ones."""

from dataclasses import dataclass
from functools import partial

from celery import current_app
from django.core.files import File
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import Notification, User
from accounts.notifications import notify
from blog.actions.courses import count, lock
from blog.courses.videos import Video
from blog.exceptions import CourseRefused
from blog.models import Course, Lesson, LessonFile
from blog.models.courses.lesson import MAX_FILES, MAX_LESSONS
from core.models import AuditEntry
from marketplace.actions.storing import delete_stored_on_commit, deleted_on_error

TELL_TASK = "blog.tasks.tell_learners_of_lesson"


@dataclass(frozen=True)
class Media:
    """What saving puts into a lesson, or takes out of it; `video` has been read (`blog.courses.videos`)."""

    video: tuple[File, Video] | None = None
    captions: File | None = None
    without_video: bool = False
    without_captions: bool = False


NOTHING = Media()


def save(*, lesson: Lesson, by: User, minutes: int | None = None, media: Media = NOTHING) -> None:
    """Write a lesson, a new one after the last; `minutes` where its author says how long it takes.

    Raises:
        CourseRefused: the course is full, or is shown and would have no lesson to show.
    """
    with deleted_on_error() as stored, transaction.atomic():
        course = lock(lesson.course)
        if lesson.pk is None:
            lesson.position = _next_place(course)
        _fill(lesson, media, stored)
        lesson.minutes = minutes or lesson.measured_minutes
        lesson.save()
        _settle(course, by)


def _fill(lesson: Lesson, media: Media, stored: list) -> None:
    given_up = []
    if media.video or media.without_video:
        given_up += [lesson.video, lesson.captions]
        lesson.video, lesson.captions = "", ""
        lesson.video_kind, lesson.video_size, lesson.video_seconds = "", 0, None
    elif media.captions or media.without_captions:
        given_up.append(lesson.captions)
        lesson.captions = ""
    delete_stored_on_commit(file for file in given_up if file)
    if media.video:
        file, known = media.video
        lesson.video.save(f"video.{known.kind}", file, save=False)
        stored.append(lesson.video)
        lesson.video_kind, lesson.video_size, lesson.video_seconds = known.kind, known.size, known.seconds
        lesson.video_link = ""
    if media.captions and lesson.video:
        lesson.captions.save("captions.vtt", media.captions, save=False)
        stored.append(lesson.captions)


def move(*, lesson: Lesson, by: User, places: int) -> None:
    """Up (-1) or down (1) among the lessons of its course; at the ends nothing happens."""
    with transaction.atomic():
        course = lock(lesson.course)
        rows = list(course.lessons.in_order())
        place = next(number for number, row in enumerate(rows) if row.pk == lesson.pk)
        rows.insert(min(max(place + places, 0), len(rows) - 1), rows.pop(place))
        for number, row in enumerate(rows, start=1):
            if row.position != number:
                Lesson.objects.filter(pk=row.pk).update(position=number)
        AuditEntry.record(actor=by, action="lesson.move", target=lesson, places=places)


def delete(*, lesson: Lesson, by: User) -> None:
    """For good, with its files and what anybody had done of it.

    Raises:
        CourseRefused: the course is shown, and this is its only lesson.
    """
    with transaction.atomic():
        course = lock(lesson.course)
        row = course.lessons.filter(pk=lesson.pk).first()
        if row is None:
            return
        AuditEntry.record(actor=by, action="lesson.delete", target=row)
        files = [row.video, row.captions, *(given.file for given in row.files.all())]
        delete_stored_on_commit(file for file in files if file)
        row.delete()
        _settle(course, by)


def add_file(*, lesson: Lesson, name: str, upload: File) -> LessonFile:
    """Something to work with; `name` has been looked at (`blog.courses.putting_in`).

    Raises:
        CourseRefused: the lesson has as many as it may.
    """
    with deleted_on_error() as stored, transaction.atomic():
        lock(lesson.course)
        if lesson.files.count() >= MAX_FILES:
            raise CourseRefused(f"A lesson has {MAX_FILES} files at most.")
        row = LessonFile(lesson=lesson, name=name, size=upload.size)
        row.file.save(name, upload, save=False)
        stored.append(row.file)
        row.save()
    return row


def remove_file(*, file: LessonFile) -> None:
    """Idempotent."""
    with transaction.atomic():
        if LessonFile.objects.filter(pk=file.pk).delete()[0]:
            delete_stored_on_commit([file.file])


def tell_learners(*, lesson: Lesson) -> int:
    """Tell everybody who takes the course of a lesson that is new in it; how many were told.

    Repeating it adds nothing to what is unread; several lessons of one day are one notification.
    """
    course = lesson.course
    if not (course.is_published and lesson.is_shown):
        return 0
    taken = course.enrollments.open().values("user")
    learners = User.objects.active().filter(pk__in=taken)
    told = 0
    for person in learners.order_by("pk").iterator(chunk_size=500):
        told += bool(
            notify(
                user=person,
                kind=Notification.Kind.COURSE,
                title=f"“{course.title}” has a new lesson",
                message=lesson.title,
                link=lesson.get_absolute_url(),
                group=f"course:{course.pk}",
            )
        )
    return told


def _next_place(course: Course) -> int:
    last = course.lessons.aggregate(last=Max("position"))["last"] or 0
    if last >= MAX_LESSONS:
        raise CourseRefused(f"A course has {MAX_LESSONS} lessons at most.")
    return last + 1


def _settle(course: Course, by: User) -> None:
    """Count the lessons anew; of what a published course shows for the first time its learners are told."""
    shown = course.lessons.shown()
    if course.is_published and not shown.exists():
        raise CourseRefused("A published course shows one lesson at least: take the course back first.")
    count(course)
    if not course.is_published:
        return
    for lesson in shown.filter(announced_at=None):
        Lesson.objects.filter(pk=lesson.pk).update(announced_at=timezone.now())
        AuditEntry.record(actor=by, action="lesson.publish", target=lesson)
        transaction.on_commit(partial(current_app.send_task, TELL_TASK, (lesson.pk,)), robust=True)
