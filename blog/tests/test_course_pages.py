"""The pages of courses and lessons, and what leaves the private storage through them."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.tests.factories import UserFactory
from blog.actions import enrollments, lessons
from blog.courses.board import PAGE_SIZE
from blog.courses.videos import read_video
from blog.models import Course, CourseEnrollment, LessonProgress
from blog.tests.factories import CourseEnrollmentFactory, CourseFactory, LessonFactory
from blog.tests.films import CAPTIONS, mp4, upload
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    return response.content.decode()


def titles(page: str) -> list[str]:
    return re.findall(r'class="post-title"><a [^>]+>([^<]+)</a>', page)


@pytest.fixture
def course(db):
    return CourseFactory(published=True, title="Rig a lamp")


@pytest.fixture
def filmed(course):
    """The course's lesson, with a video, captions and a file."""
    lesson, file = course.lessons.get(), upload(mp4())
    media = lessons.Media(video=(file, read_video(file)), captions=upload(CAPTIONS.encode(), "a.vtt"))
    lessons.save(lesson=lesson, by=UserFactory(), media=media)
    lessons.add_file(lesson=lesson, name="lamp.blend", upload=upload(b"BLENDER", "lamp.blend"))
    return lesson


@pytest.fixture
def learner(client, course):
    enrollment = CourseEnrollmentFactory(course=course)
    client.force_login(enrollment.user)
    return enrollment


# The list


def test_drafts_are_nowhere(client):
    draft = CourseFactory(title="Not yet")
    assert "No course yet" in text_of(client.get("/courses/"))
    assert client.get(draft.get_absolute_url()).status_code == 404
    assert draft.slug not in text_of(client.get("/sitemap.xml"))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Light metal", "Rig a lamp"]),
        ("level=advanced", ["Light metal"]),
        ("level=nothing&length=nothing&sort=nothing&page=99", ["Light metal", "Rig a lamp"]),
        ("length=short", ["Rig a lamp"]),
        ("length=long", ["Light metal"]),
        ("sort=taken", ["Rig a lamp", "Light metal"]),
        ("sort=shortest", ["Rig a lamp", "Light metal"]),
        ("q=joints", ["Rig a lamp"]),
        ("q=joints&sort=taken", ["Rig a lamp"]),
        ("q=%00", ["Light metal", "Rig a lamp"]),
        ("q=nothing", []),
        ("show=mine", ["Light metal", "Rig a lamp"]),
    ],
)
def test_the_address_narrows_the_list(client, course, query, found):
    other = CourseFactory(published=True, title="Light metal", description="Mirrors.", difficulty="advanced")
    Course.objects.filter(pk=other.pk).update(duration=400)
    Course.objects.filter(pk=course.pk).update(enrolled_count=3)
    assert titles(text_of(client.get(f"/courses/?{query}"))) == found


def test_ones_own_courses_say_how_far_one_has_come_also_when_they_are_taken_back(client, learner, course):
    LessonFactory(course=course)
    Course.objects.filter(pk=course.pk).update(lessons_count=2, status="draft")
    CourseFactory(published=True, title="Another")
    enrollments.finish(enrollment=learner, lesson=course.lessons.first())
    page = text_of(client.get("/courses/?show=mine"))
    assert titles(page) == ["Rig a lamp"]
    assert "1 of 2 lessons done" in page
    assert "You take no course yet" not in page


@pytest.mark.parametrize("is_signed_in", [False, True])
def test_the_list_asks_as_much_of_the_database_however_long_it_is(client, is_signed_in):
    person = UserFactory()
    if is_signed_in:
        client.force_login(person)

    def queries() -> int:
        client.get("/courses/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/courses/")
        return len(asked)

    counts = []
    for many in (2, 22, 76):
        for _ in range(many):
            enrolled = CourseFactory(published=True)
            CourseEnrollmentFactory(course=enrolled, user=person)
        counts.append(queries())
    assert len(set(counts)) == 1, counts
    assert len(titles(text_of(client.get("/courses/?page=2")))) == PAGE_SIZE


# One course


def test_a_course_shows_what_it_teaches_its_lessons_and_its_data(client, course, settings):
    settings.SITE_URL = "https://lathe.example"
    LessonFactory(course=course, title="Look at it first", is_preview=True)
    LessonFactory(course=course, title="Being written", is_shown=False)
    page = text_of(client.get(course.get_absolute_url()))
    assert "<strong>joints</strong>" in page
    assert "Look at it first" in page
    assert "Free preview" in page
    assert "Being written" not in page
    assert f"/accounts/login/?next={course.get_absolute_url()}" in page.replace("%2F", "/")
    data = json.loads(re.search(r'<script type="application/ld\+json">(.+?)</script>', page, re.DOTALL)[1])
    described = data["@graph"][0]
    assert described["@type"] == "Course"
    assert described["hasCourseInstance"]["courseWorkload"] == "PT0H10M"


@pytest.mark.parametrize("many", [1, 24, 100])
def test_a_course_asks_as_much_of_the_database_however_many_lessons_it_has(
    client, learner, course, django_assert_num_queries, many
):
    for _ in range(many):
        LessonFactory(course=course)
    address = course.lessons.first().get_absolute_url()
    for path in (course.get_absolute_url(), address):
        client.get(path)
    with CaptureQueriesContext(connection) as one:
        client.get(course.get_absolute_url())
    with CaptureQueriesContext(connection) as two:
        client.get(address)
    assert (len(one), len(two)) <= (16, 18), (len(one), len(two))
    assert sum("blog_lesson" in query["sql"] for query in one) <= 2
    assert sum("blog_lesson" in query["sql"] for query in two) <= 4


def test_taking_a_course_leads_into_its_first_lesson_and_back_where_one_was(client, course):
    person = UserFactory()
    assert client.post(f"{course.get_absolute_url()}enrollment/").status_code == 302
    assert not CourseEnrollment.objects.exists()
    client.force_login(person)
    first, second = course.lessons.get(), LessonFactory(course=course)
    assert client.get(f"{course.get_absolute_url()}enrollment/").status_code == 404
    assert client.post(f"{course.get_absolute_url()}enrollment/").url == first.get_absolute_url()
    page = text_of(client.get(course.get_absolute_url()))
    assert "0 of 2" in page
    assert client.post(first.get_progress_url()).url == second.get_absolute_url()
    client.get(second.get_absolute_url())
    page = text_of(client.get(course.get_absolute_url()))
    assert "1 of 2" in page
    assert f'href="{second.get_absolute_url()}"' in page
    assert client.post(second.get_progress_url()).url == course.get_absolute_url()
    page = text_of(client.get(course.get_absolute_url()))
    assert "You have done every lesson of “Rig a lamp”." in page
    client.post(second.get_progress_url(), {"_method": "delete"})
    assert LessonProgress.objects.filter(done_at=None).get().lesson == second
    assert "Leave “Rig a lamp”?" in text_of(client.get(f"{course.get_absolute_url()}enrollment/"))
    client.post(f"{course.get_absolute_url()}enrollment/", {"_method": "delete"})
    assert not CourseEnrollment.objects.exists()


def test_the_author_of_a_course_is_told_that_it_is_their_own(client, course):
    client.force_login(course.instructor)
    client.post(f"{course.get_absolute_url()}enrollment/")
    page = text_of(client.get(course.get_absolute_url()))
    assert "This is your own course." in page
    assert not CourseEnrollment.objects.exists()


# One lesson


def test_a_lesson_that_one_may_not_open_says_how_one_can_and_nothing_else(client, filmed, course):
    client.force_login(UserFactory())
    response = client.get(filmed.get_absolute_url())
    assert response.status_code == 403
    assert "opens when you take the course" in text_of(response)
    assert "Select the screw" not in text_of(response)
    file = filmed.files.get()
    for path in (filmed.get_video_url(), filmed.get_captions_url(), file.get_absolute_url()):
        assert client.get(path).status_code == 403
    assert client.post(filmed.get_progress_url()).status_code == 403
    other = LessonFactory(course=CourseFactory(published=True), is_preview=True)
    assert client.get(f"{course.get_absolute_url()}lessons/{other.pk}/").status_code == 404
    assert (
        client.get(f"{course.get_absolute_url()}lessons/{other.pk}/files/{file.public_id}/").status_code
        == 404
    )


def test_who_has_left_a_course_opens_nothing_of_it_any_more(client, learner, filmed, course):
    assert client.get(filmed.get_video_url()).status_code == 200
    enrollments.leave(course=course, user=learner.user)
    assert client.get(filmed.get_video_url()).status_code == 403


def test_a_video_is_sent_in_parts_as_what_it_is_and_kept_by_nobody_else(client, learner, filmed):
    response = client.get(filmed.get_video_url(), headers={"Range": "bytes=4-7"})
    assert (response.status_code, b"".join(response.streaming_content)) == (206, b"ftyp")
    assert response["Content-Range"] == f"bytes 4-7/{len(mp4())}"
    assert response["Content-Type"] == "video/mp4"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "private" in response["Cache-Control"]
    assert client.get(filmed.get_video_url(), headers={"Range": "bytes=99999-"}).status_code == 416
    captions = client.get(filmed.get_captions_url())
    assert captions["Content-Type"].startswith("text/vtt")
    file = client.get(filmed.files.get().get_absolute_url())
    assert file["Content-Disposition"] == 'attachment; filename="lamp.blend"'
    assert file["Content-Type"] == "application/octet-stream"


def test_a_lesson_without_video_captions_or_files_sends_none(client, learner, course):
    lesson = course.lessons.get()
    for path in (lesson.get_video_url(), lesson.get_captions_url()):
        assert client.get(path).status_code == 404


def test_a_video_goes_on_where_it_was_left_without_scripts(client, learner, filmed):
    page = text_of(client.get(filmed.get_absolute_url()))
    assert f'src="{filmed.get_video_url()}" type="video/mp4"' in page
    assert 'kind="captions"' in page
    for wrong in ("-1", "x", "999999", "1.5", ""):
        assert client.post(filmed.get_progress_url(), {"seconds": wrong}).status_code == 422
    assert client.post(filmed.get_progress_url(), {"seconds": "42"}).status_code == 204
    assert f"{filmed.get_video_url()}#t=42" in text_of(client.get(filmed.get_absolute_url()))
    client.post(filmed.get_progress_url(), {"seconds": "93"})
    assert "#t=" not in text_of(client.get(filmed.get_absolute_url()))


def test_a_model_to_open_is_shown_as_long_as_everybody_may_find_it(client, learner, course):
    model, hidden = (
        Model3DFactory(listed=True, title="Desk lamp"),
        Model3DFactory(with_file=True, title="Secret"),
    )
    lesson, other = LessonFactory(course=course, model=model), LessonFactory(course=course, model=hidden)
    assert "Desk lamp" in text_of(client.get(lesson.get_absolute_url()))
    assert "Secret" not in text_of(client.get(other.get_absolute_url()))


def test_a_link_leads_to_whom_it_names(client, learner, course):
    lesson = LessonFactory(course=course, video_link="https://vimeo.com/76979871")
    page = text_of(client.get(lesson.get_absolute_url()))
    assert "Watch the video on Vimeo" in page
    assert "<iframe" not in page
