"""Courses in the console: who may write, what a form refuses, what the buttons do."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.tests.factories import UserFactory
from blog.models import Course, Lesson
from blog.tests.factories import CourseEnrollmentFactory, CourseFactory, LessonFactory
from blog.tests.films import CAPTIONS, mp4
from blog.tests.test_admin import press, signed_in
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db

NEW_COURSE, NEW_LESSON = "/admin/blog/course/add/", "/admin/blog/lesson/add/"
FILES = {"files-TOTAL_FORMS": "0", "files-INITIAL_FORMS": "0"}
LESSONS = {"lessons-TOTAL_FORMS": "0", "lessons-INITIAL_FORMS": "0"}


def file(content: bytes, name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="application/x-anything")


def errors_of(response) -> dict:
    return {name: " ".join(found) for name, found in response.context["adminform"].form.errors.items()}


def test_moderators_write_no_courses(client):
    course = CourseFactory(published=True)
    signed_in(client, "Moderators")
    for path in (NEW_COURSE, NEW_LESSON, reverse("admin:blog_course_change", args=[course.pk])):
        assert client.get(path).status_code == 403
    assert press(client, "take_back", course).status_code == 403
    assert press(client, "move_up", course.lessons.get()).status_code == 403


def test_a_course_is_written_filled_published_and_taken_back(client):
    editor = signed_in(client, "Editors")
    said = {
        "title": "Rig a lamp",
        "slug": "rig-a-lamp",
        "teacher": editor.username.upper(),
        "difficulty": "beginner",
        "description": "Joints.",
        **LESSONS,
    }
    nobody = client.post(NEW_COURSE, {**said, "teacher": "nobody"})
    assert "active account" in errors_of(nobody)["teacher"]
    assert client.post(NEW_COURSE, said).status_code == 302
    course = Course.objects.get()
    assert course.instructor == editor
    press(client, "publish", course)
    course.refresh_from_db()
    assert not course.is_published
    lesson = {"course": course.pk, "title": "Screws", "captions_language": "en", "is_shown": "on", **FILES}
    assert errors_of(client.post(NEW_LESSON, lesson))["__all__"] == "Give it a text, a video or a model."
    sent = {
        **lesson,
        "new_video": file(mp4(), "anything.bin"),
        "new_captions": file(CAPTIONS.encode(), "a.vtt"),
        "new_files": [file(b"BLENDER", "lamp.blend"), file(b"PK", "textures.zip")],
    }
    assert client.post(NEW_LESSON, sent).status_code == 302
    written = Lesson.objects.get()
    assert (written.video_kind, written.minutes, written.position) == ("mp4", 2, 1)
    assert [given.name for given in written.files.order_by("pk")] == ["lamp.blend", "textures.zip"]
    press(client, "publish", course)
    course.refresh_from_db()
    assert (course.is_published, course.lessons_count) == (True, 1)
    for path in (
        "/admin/blog/course/",
        "/admin/blog/lesson/",
        "/admin/blog/courseenrollment/",
        reverse("admin:blog_course_change", args=[course.pk]),
        reverse("admin:blog_lesson_change", args=[written.pk]),
    ):
        assert client.get(path).status_code == 200
    press(client, "take_back", course)
    course.refresh_from_db()
    assert not course.is_published


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"new_video": ("page.mp4", b"<html><script>1</script>")}, "new_video"),
        ({"new_captions": ("a.vtt", CAPTIONS.encode())}, "new_captions"),
        ({"new_files": ("page.html", b"<script>1</script>")}, "new_files"),
        ({"video_link": "https://example.org/1"}, "video_link"),
        ({"video_link": "https://vimeo.com/1", "new_video": ("a.mp4", mp4())}, "video_link"),
        ({"model_address": "/model/99999999/"}, "model_address"),
        ({"model_address": "javascript:alert(1)"}, "model_address"),
        ({"minutes": "0"}, "minutes"),
        ({"minutes": "100000"}, "minutes"),
        ({"text": "x" * 100_001}, "text"),
        ({"course": "999999"}, "course"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_kept(client, wrong, field):
    signed_in(client, "Editors")
    said = {
        "course": CourseFactory().pk,
        "title": "Screws",
        "text": "Words.",
        "captions_language": "en",
        **FILES,
    }
    sent = {
        name: file(value[1], value[0]) if isinstance(value, tuple) else value for name, value in wrong.items()
    }
    response = client.post(NEW_LESSON, {**said, **sent})
    assert response.status_code == 200
    assert field in errors_of(response)
    assert not Lesson.objects.exists()


def test_a_lesson_is_changed_moved_and_its_files_taken_away(client):
    signed_in(client, "Editors")
    course, model = CourseFactory(published=True), Model3DFactory(listed=True)
    first, second = course.lessons.get(), LessonFactory(course=course)
    path = reverse("admin:blog_lesson_change", args=[second.pk])
    said = {"title": "Other words", "text": "x", "captions_language": "de", "is_shown": "on", **FILES}
    said |= {"model_address": model.get_absolute_url(), "new_files": file(b"BLENDER", "lamp.blend")}
    assert client.post(path, said).status_code == 302
    second.refresh_from_db()
    assert (second.title, second.model, second.minutes) == ("Other words", model, 1)
    given = second.files.get()
    away = {
        "files-TOTAL_FORMS": "1",
        "files-INITIAL_FORMS": "1",
        "files-0-id": given.pk,
        "files-0-DELETE": "on",
    }
    client.post(path, {**said, **away, "files-0-lesson": second.pk, "new_files": ""})
    assert not second.files.exists()
    press(client, "move_up", second)
    assert list(course.lessons.in_order()) == [second, first]


def test_what_is_refused_behind_the_locks_is_a_sentence_and_no_error(client):
    signed_in(client, "Editors")
    course = CourseFactory(published=True)
    lesson = course.lessons.get()
    path = reverse("admin:blog_lesson_change", args=[lesson.pk])
    answer = client.post(path, {"title": "x", "text": "x", "captions_language": "en", **FILES}, follow=True)
    assert "shows one lesson at least" in answer.content.decode()
    away = client.post(reverse("admin:blog_lesson_delete", args=[lesson.pk]), {"post": "yes"}, follow=True)
    assert "shows one lesson at least" in away.content.decode()
    assert Lesson.objects.get().is_shown


def test_a_course_that_somebody_takes_is_not_deleted(client):
    signed_in(client, "Editors")
    taken, free = CourseEnrollmentFactory().course, CourseFactory(published=True)
    for course, status in ((taken, 403), (free, 302)):
        path = reverse("admin:blog_course_delete", args=[course.pk])
        assert client.post(path, {"post": "yes"}).status_code == status
    assert Course.objects.get() == taken


def test_videos_have_more_room_than_other_forms_where_editors_send_them_and_nowhere_else(client, settings):
    settings.MAX_FORM_BYTES, settings.COURSE_VIDEO_BYTES = 2_000, 100_000
    course = CourseFactory()
    said = {"course": course.pk, "title": "Screws", "captions_language": "en", **FILES}

    def send(path: str, size: int, by=client) -> int:
        return by.post(path, {**said, "new_video": file(mp4() + bytes(size), "a.mp4")}).status_code

    # A body is read, for its token, before anybody asks who sends it.
    wary = Client(enforce_csrf_checks=True)
    wary.cookies["csrftoken"] = "a" * 32
    assert send(NEW_LESSON, 50_000, wary) == 400
    wary.force_login(UserFactory())
    assert send(NEW_LESSON, 50_000, wary) == 400
    signed_in(wary, "Moderators")
    assert send(NEW_LESSON, 50_000, wary) == 400
    signed_in(client, "Editors")
    assert send(NEW_COURSE, 50_000) == 400
    assert send(NEW_LESSON, 150_000) == 400
    assert send(NEW_LESSON, 0) != 400
