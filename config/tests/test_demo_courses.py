"""The demo's courses: what they link to is there, everything happens after they came, and once; films are films."""

import re

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image

from accounts.models import User
from blog.courses.putting_in import check_captions
from blog.courses.videos import read_video
from blog.models import Course, CourseEnrollment, Lesson, LessonProgress
from commerce.models import Transaction
from config.demo import teaching
from config.demo.accounts import ensure_creator, ensure_demo_accounts, ensure_member
from config.demo.catalogue import CATALOGUE, CREATORS
from config.demo.catalogue.courses import COURSES, COURSES_FOLDER
from config.demo.catalogue.society import MEMBERS
from config.demo.film import FRAMES_A_SECOND, webm
from marketplace.tests.factories import Model3DFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    ensure_demo_accounts()
    for creator in CREATORS:
        ensure_creator(creator.username, full_name=creator.full_name, profile={})
    for member in MEMBERS:
        ensure_member(member)


def test_every_text_is_there_and_names_what_is_there():
    slugs, creators = {entry.slug for entry in CATALOGUE}, {creator.username for creator in CREATORS}
    for course in COURSES:
        texts = {"course": course.description} | {
            lesson.slug: course.text_of(lesson.slug) for lesson in course.lessons
        }
        assert {path.stem for path in (COURSES_FOLDER / course.slug).glob("*.md")} == set(texts)
        named = {slug for text in texts.values() for slug in re.findall(r"\{\{model:(.+?)\}\}", text)}
        played = {scene.model for lesson in course.lessons for scene in lesson.film}
        opened = {lesson.model for lesson in course.lessons} - {""}
        assert named | played | opened | set(course.models) <= slugs
        assert course.instructor in creators
    assert {path.name for path in COURSES_FOLDER.iterdir()} == {course.slug for course in COURSES}


def test_a_film_is_as_long_as_its_pictures_last_and_plays():
    pictures = [Image.new("RGB", (64, 36), (shade * 10, 80, 60)) for shade in range(FRAMES_A_SECOND * 2)]
    film = read_video(ContentFile(webm(pictures)))
    assert (film.kind, film.seconds) == ("webm", 2)


def test_courses_are_there_without_models_and_show_no_film(people):
    teaching.teach(CATALOGUE)
    assert Course.objects.published().count() == len(COURSES)
    assert not Lesson.objects.exclude(video="").exists()
    assert not Lesson.objects.filter(text__contains="{{").exists()


@pytest.mark.full
def test_everything_happens_after_the_course_came_and_a_second_time_changes_nothing(people, client):
    entry = next(entry for entry in CATALOGUE if entry.slug == "desk-lamp-rigged")
    model = Model3DFactory(listed=True, creator=User.objects.get(username=entry.creator), title=entry.title)
    teaching.teach([entry])
    teaching.teach([entry])
    assert Course.objects.count() == len(COURSES)
    for course in Course.objects.all():
        assert course.lessons_count == course.lessons.count() > 2
        assert course.enrolled_count == course.enrollments.count() > 0
        assert course.published_at < timezone.now()
        for enrollment in CourseEnrollment.objects.filter(course=course):
            assert course.published_at <= enrollment.created_at <= enrollment.seen_at <= timezone.now()
    assert LessonProgress.objects.exists()
    priced = [course for course in COURSES if course.price]
    assert (
        Transaction.objects.filter(course__isnull=False).count() == sum(len(one.buyers) for one in priced) > 0
    )
    filmed = Lesson.objects.exclude(video="").get()
    assert filmed.video_seconds == len(COURSES[0].lessons[0].film) * 4
    with filmed.captions.open("rb") as stored:
        check_captions(ContentFile(stored.read()))
    page = client.get("/courses/rig-a-lamp-in-an-afternoon/").content.decode()
    assert f"/model/{model.pk}/" in page
