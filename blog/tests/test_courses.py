"""Courses: who sees them, how they are published, taken, and gone on with."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, connection, transaction

from accounts.models import Activity, Notification
from accounts.tests.factories import UserFactory
from blog.actions import courses, enrollments, lessons
from blog.courses.access import access_of
from blog.courses.videos import read_video
from blog.exceptions import CourseRefused
from blog.models import Course, CourseEnrollment, Lesson, LessonProgress
from blog.tasks import tell_learners_of_lesson
from blog.tests.factories import CourseEnrollmentFactory, CourseFactory, LessonFactory
from blog.tests.films import CAPTIONS, mp4, upload, webm
from core.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(db):
    return UserFactory(staff=True)


@pytest.fixture
def course(db):
    return CourseFactory(published=True)


def film(content: bytes | None = None):
    file = upload(mp4() if content is None else content)
    return file, read_video(file)


# Who sees them


def test_drafts_are_seen_by_who_teaches_who_learns_and_who_works_on_courses_alike_in_lists_and_alone(course):
    draft, other = CourseFactory(), UserFactory()
    learner = CourseEnrollmentFactory(course=CourseFactory(published=True)).user
    taken = Course.objects.get(enrollments__user=learner)
    courses.take_back(course=taken, by=learner)
    people = [draft.instructor, learner, other, UserFactory(staff=True), UserFactory(admin=True)]
    for person in people:
        visible = set(Course.objects.visible_to(person))
        for each in Course.objects.all():
            assert (each in visible) == each.is_visible_to(person)
    assert set(Course.objects.visible_to(other)) == {course}
    assert set(Course.objects.visible_to(learner)) == {course, taken}
    assert set(Course.objects.visible_to(draft.instructor)) == {course, draft}
    assert Course.objects.visible_to(people[-1]).count() == 3


def test_a_lesson_opens_to_learners_and_a_preview_to_everybody(course):
    locked, preview = course.lessons.get(), LessonFactory(course=course, is_preview=True)
    stranger, learner = UserFactory(), CourseEnrollmentFactory(course=course).user
    assert not access_of(stranger, course).may_open(locked)
    assert access_of(stranger, course).may_open(preview)
    for person in (learner, course.instructor, UserFactory(admin=True)):
        assert access_of(person, course).may_open(locked)


# Publishing


def test_a_course_without_a_lesson_to_show_is_not_published(editor):
    draft = CourseFactory()
    LessonFactory(course=draft, is_shown=False)
    with pytest.raises(CourseRefused):
        courses.publish(course=draft, by=editor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Course.objects.filter(pk=draft.pk).update(status="published", published_at="2026-01-01T00:00Z")


def test_publishing_counts_the_lessons_is_told_to_followers_and_taken_back_again(editor):
    draft = CourseFactory()
    LessonFactory(course=draft, minutes=50, announced_at=None)
    LessonFactory(course=draft, minutes=35, announced_at=None)
    LessonFactory(course=draft, is_shown=False, announced_at=None)
    courses.publish(course=draft, by=editor)
    draft.refresh_from_db()
    assert (draft.lessons_count, draft.duration, draft.duration_text) == (2, 85, "1 h 25 min")
    assert draft.lessons.filter(announced_at=None).count() == 1
    assert Activity.objects.about(draft).get().actor == draft.instructor
    with pytest.raises(CourseRefused):
        courses.publish(course=draft, by=editor)
    first = draft.published_at
    courses.take_back(course=draft, by=editor)
    assert not Activity.objects.about(draft).exists()
    courses.publish(course=draft, by=editor)
    draft.refresh_from_db()
    assert draft.published_at == first
    assert AuditEntry.objects.filter(action__startswith="course.").count() == 3


def test_what_somebody_takes_is_not_deleted_and_else_all_of_it_goes(
    course, editor, django_capture_on_commit_callbacks
):
    lesson = course.lessons.get()
    lessons.save(
        lesson=lesson,
        by=editor,
        media=lessons.Media(video=film(), captions=upload(CAPTIONS.encode(), "a.vtt")),
    )
    given = lessons.add_file(lesson=lesson, name="lamp.blend", upload=upload(b"x", "lamp.blend"))
    enrollment = CourseEnrollmentFactory(course=course)
    with pytest.raises(CourseRefused):
        courses.delete(course=course, by=editor)
    enrollments.leave(course=course, user=enrollment.user)
    stored = [lesson.video.name, lesson.captions.name, given.file.name]
    assert all(storages["private"].exists(name) for name in stored)
    with django_capture_on_commit_callbacks(execute=True):
        courses.delete(course=course, by=editor)
    assert not any(storages["private"].exists(name) for name in stored)
    assert not Lesson.objects.exists()


# Lessons


def test_a_lesson_takes_the_length_of_its_video_and_the_reading_of_its_text_unless_its_author_says_more(
    course, editor
):
    lesson = Lesson(course=course, title="Bind it", text="word " * 440)
    lessons.save(lesson=lesson, by=editor, media=lessons.Media(video=film()))
    assert (lesson.position, lesson.minutes, lesson.video_seconds) == (2, 4, 95)
    course.refresh_from_db()
    assert (course.lessons_count, course.duration) == (2, 14)
    lessons.save(lesson=lesson, by=editor, minutes=30)
    course.refresh_from_db()
    assert course.duration == 40


def test_another_video_takes_the_place_of_the_first_and_its_captions_go_with_it(
    course, editor, django_capture_on_commit_callbacks
):
    lesson = course.lessons.get()
    lessons.save(
        lesson=lesson,
        by=editor,
        media=lessons.Media(video=film(), captions=upload(CAPTIONS.encode(), "a.vtt")),
    )
    first = [lesson.video.name, lesson.captions.name]
    with django_capture_on_commit_callbacks(execute=True):
        lessons.save(lesson=lesson, by=editor, media=lessons.Media(video=film(webm())))
    assert not any(storages["private"].exists(name) for name in first)
    lesson.refresh_from_db()
    assert (lesson.video_kind, lesson.video_type, lesson.captions.name) == ("webm", "video/webm", "")
    with django_capture_on_commit_callbacks(execute=True):
        lessons.save(lesson=lesson, by=editor, media=lessons.Media(without_video=True))
    lesson.refresh_from_db()
    assert (lesson.video.name, lesson.video_kind, lesson.video_size) == ("", "", 0)


def test_what_a_failed_save_has_stored_is_gone_again(course, editor):
    lesson = course.lessons.get()
    lesson.is_shown = False
    with pytest.raises(CourseRefused):
        lessons.save(lesson=lesson, by=editor, media=lessons.Media(video=film()))
    assert not storages["private"].exists(lesson.video.name)
    assert Lesson.objects.get().is_shown


def test_lessons_change_their_places_and_stay_where_they_are_at_the_ends(course, editor):
    first, second, third = course.lessons.get(), LessonFactory(course=course), LessonFactory(course=course)

    def order():
        return list(course.lessons.in_order())

    lessons.move(lesson=third, by=editor, places=-1)
    assert order() == [first, third, second]
    lessons.move(lesson=first, by=editor, places=-1)
    lessons.move(lesson=second, by=editor, places=1)
    assert order() == [first, third, second]
    assert [lesson.position for lesson in order()] == [1, 2, 3]


def test_the_last_lesson_of_a_published_course_stays(course, editor):
    lesson, other = course.lessons.get(), LessonFactory(course=course)
    lessons.delete(lesson=lesson, by=editor)
    lessons.delete(lesson=lesson, by=editor)
    with pytest.raises(CourseRefused):
        lessons.delete(lesson=other, by=editor)
    course.refresh_from_db()
    assert course.lessons_count == 1


def test_learners_hear_once_of_a_lesson_that_is_new_and_several_are_one_message(course, editor):
    learner, gone = CourseEnrollmentFactory(course=course).user, CourseEnrollmentFactory(course=course).user
    type(gone).objects.filter(pk=gone.pk).update(is_active=False)
    for title in ("Bind it", "One clip"):
        lesson = Lesson(course=course, title=title, text="Words.")
        lessons.save(lesson=lesson, by=editor)
        assert lesson.announced_at is None
        tell_learners_of_lesson(lesson.pk)
    told = Notification.objects.get()
    assert (told.user, told.message, told.kind) == (learner, "One clip", "course")
    assert AuditEntry.objects.filter(action="lesson.publish").count() == 2
    Course.objects.filter(pk=course.pk).update(status="draft")
    Notification.objects.all().delete()
    tell_learners_of_lesson(lesson.pk)
    tell_learners_of_lesson(0)
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0},
        {"position": 0},
        {"video_kind": "mp4"},
        {"video": "courses/x.mp4"},
        {"video": "courses/x.mp4", "video_kind": "avi", "video_size": 1},
        {"captions": "courses/x.vtt"},
        {
            "video": "courses/x.mp4",
            "video_kind": "mp4",
            "video_size": 1,
            "video_link": "https://vimeo.com/1",
        },
    ],
)
def test_the_database_refuses_a_lesson_that_cannot_be(course, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        course.lessons.update(**wrong)


# Taking a course


def test_nobody_takes_a_draft_or_their_own_course(course):
    with pytest.raises(CourseRefused):
        enrollments.enroll(course=CourseFactory(), user=UserFactory())
    with pytest.raises(CourseRefused):
        enrollments.enroll(course=course, user=course.instructor)
    assert not CourseEnrollment.objects.exists()


def test_taking_twice_counts_once_and_leaving_forgets_what_was_done(course):
    learner = UserFactory()
    assert enrollments.enroll(course=course, user=learner)
    assert not enrollments.enroll(course=course, user=learner)
    enrollment = CourseEnrollment.objects.get()
    enrollments.finish(enrollment=enrollment, lesson=course.lessons.get())
    course.refresh_from_db()
    assert course.enrolled_count == 1
    assert enrollments.leave(course=course, user=learner)
    assert not enrollments.leave(course=course, user=learner)
    course.refresh_from_db()
    assert (course.enrolled_count, LessonProgress.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_take_it_once():
    course, learner = CourseFactory(published=True), UserFactory()

    def take(_):
        try:
            return enrollments.enroll(course=course, user=learner)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(take, range(4))) == [False, False, False, True]
    course.refresh_from_db()
    assert course.enrolled_count == 1


def test_a_course_is_done_with_its_last_lesson_once_and_new_lessons_take_nothing_back(course):
    first, second = course.lessons.get(), LessonFactory(course=course)
    hidden = LessonFactory(course=course, is_shown=False)
    enrollment = CourseEnrollmentFactory(course=course)
    assert not enrollments.finish(enrollment=enrollment, lesson=first)
    assert enrollments.finish(enrollment=enrollment, lesson=second)
    assert not enrollments.finish(enrollment=enrollment, lesson=second)
    enrollment.refresh_from_db()
    done_at = enrollment.completed_at
    Lesson.objects.filter(pk=hidden.pk).update(is_shown=True)
    enrollments.reopen(enrollment=enrollment, lesson=first)
    enrollments.finish(enrollment=enrollment, lesson=first)
    enrollment.refresh_from_db()
    assert enrollment.completed_at == done_at
    assert CourseEnrollment.objects.with_progress().get().done == 2


def test_where_a_video_was_left_is_kept_within_its_length_and_forgotten_when_it_is_done(course, editor):
    lesson, enrollment = course.lessons.get(), CourseEnrollmentFactory(course=course)
    lessons.save(lesson=lesson, by=editor, media=lessons.Media(video=film()))
    enrollments.stop_at(enrollment=enrollment, lesson=lesson, seconds=40)
    enrollments.stop_at(enrollment=enrollment, lesson=lesson, seconds=4000)
    assert LessonProgress.objects.get().seconds == 95
    enrollments.finish(enrollment=enrollment, lesson=lesson)
    assert LessonProgress.objects.get().seconds == 0
