"""A course in a browser: taken, watched, left in the middle and gone on with, with scripts and without."""

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from accounts.tests.factories import UserFactory
from blog.actions import lessons
from blog.courses.videos import read_video
from blog.models import LessonProgress
from blog.tests.factories import CourseFactory, LessonFactory
from config.demo.film import FRAMES_A_SECOND, webm
from tests.test_journey import log_in, verified

pytestmark = [pytest.mark.browser, pytest.mark.full, pytest.mark.django_db(transaction=True)]

CAPTIONS = "WEBVTT\n\n00:00.000 --> 01:00.000\nSelect the screw.\n"
SECONDS = 40


@pytest.fixture
def course():
    course = CourseFactory(published=True, title="Rig a lamp")
    film = ContentFile(
        webm(
            Image.new("RGB", (320, 180), (shade % 255, 80, 60)) for shade in range(SECONDS * FRAMES_A_SECOND)
        ),
        "film.webm",
    )
    media = lessons.Media(
        video=(film, read_video(film)), captions=ContentFile(CAPTIONS.encode(), "captions.vtt")
    )
    lessons.save(lesson=course.lessons.get(), by=course.instructor, media=media)
    LessonFactory(course=course, title="Bind it")
    return course


def until(page, expression: str) -> None:
    """Wait until the expression holds: the policy of the pages lets no script wait that came as text."""
    for _ in range(300):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(expression)


def test_a_film_is_watched_left_and_gone_on_with(open_page, course):
    learner, first = verified(UserFactory(username="ana")), course.lessons.in_order().first()
    page = open_page()
    log_in(page, learner)
    page.goto(course.get_absolute_url())
    page.get_by_role("button", name="Take this course").click()
    page.wait_for_url(f"**{first.get_absolute_url()}")
    until(page, "document.querySelector('video').readyState >= 1")
    assert page.evaluate("document.querySelector('video').duration") == pytest.approx(SECONDS, abs=0.5)
    page.evaluate("document.querySelector('video').textTracks[0].mode = 'showing'")
    until(page, "document.querySelector('video').textTracks[0].cues?.length === 1")

    # Wound to the middle, which asks for that part of the file alone, played a little, and left.
    page.evaluate("document.querySelector('video').currentTime = 20")
    page.evaluate("document.querySelector('video').muted = true")
    page.evaluate("document.querySelector('video').play()")
    until(page, "document.querySelector('video').currentTime > 20.5")
    with page.expect_response("**/progress/") as kept:
        page.evaluate("document.querySelector('video').pause()")
    assert kept.value.status == 204
    page.goto(first.get_absolute_url())
    until(page, "document.querySelector('video').currentTime >= 20")

    # By the keyboard alone.
    page.locator("video").focus()
    page.keyboard.press("Space")
    until(page, "!document.querySelector('video').paused")
    page.evaluate("document.querySelector('video').currentTime = 39")
    page.get_by_text("Lesson done.").wait_for()
    page.get_by_role("button", name="Done, and on").click()
    page.wait_for_url(f"**{course.lessons.in_order().last().get_absolute_url()}")
    page.get_by_role("button", name="Done", exact=True).click()
    page.get_by_text("You have done every lesson of “Rig a lamp”.").wait_for()


def test_without_scripts_a_lesson_is_done_by_its_button(open_page, course):
    learner = verified(UserFactory(username="ana"))
    page = open_page(java_script_enabled=False)
    log_in(page, learner)
    page.goto(course.get_absolute_url())
    page.get_by_role("button", name="Take this course").click()
    assert page.locator("video[controls]").count() == 1
    page.get_by_role("button", name="Done, and on").click()
    page.get_by_role("heading", name="Bind it").wait_for()
    page.get_by_role("link", name="Rig a lamp").first.click()
    page.get_by_text("1 of 2").first.wait_for()
    page.get_by_role("link", name="Leave the course").click()
    page.get_by_role("button", name="Leave the course").click()
    page.get_by_text("You have left “Rig a lamp”.").wait_for()
    assert not LessonProgress.objects.exists()
