"""Fills the demo's courses, linked with the models that are there, and lets its people take them.

Everything goes through the calls of the console and of learners, and is dated back. What is there already is left as
it is.
"""

import random
import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image, ImageDraw, ImageFont

from accounts.models import Activity, User
from blog.actions import courses, enrollments, lessons
from blog.actions.pictures import set_picture
from blog.courses.videos import read_video
from blog.models import Course, CourseEnrollment, Lesson, LessonProgress
from blog.pictures import post_webps
from commerce.actions.course_ordering import order_course
from commerce.documents import invoice_for
from commerce.models import Payment
from commerce.quoting import Shown, quote
from config.demo.blog import STUDIO, WARM, models_by_slug, picture_of, studio, with_addresses
from config.demo.catalogue.courses import COURSES, DemoCourse, DemoLesson, DemoScene
from config.demo.catalogue.entry import DemoModel
from config.demo.catalogue.society import MEMBERS
from config.demo.catalogue.trade import VISA
from config.demo.film import FRAMES_A_SECOND, webm
from config.demo.trade.orders import NAMESPACE
from config.demo.trade.shop import Deed, billing_of, do, pay
from marketplace.models import Model3D

FILM_SIZE = (854, 480)
# A turntable is a sprite of so many pictures.
COLUMNS, ROWS = 6, 4
# Each of them for two frames: a turn takes four seconds.
FRAMES_EACH = 2
SCENE_SECONDS = COLUMNS * ROWS * FRAMES_EACH / FRAMES_A_SECOND
INK = (38, 34, 30)


def teach(entries: Iterable[DemoModel]) -> None:
    """After the models of `entries`, and the people of the demo, are there."""
    models = models_by_slug(entries)
    people = {person.username: person for person in User.objects.filter(is_demo=True)}
    for entry in COURSES:
        if not Course.objects.filter(slug=entry.slug).exists():
            _write(entry, models, people)


def _write(entry: DemoCourse, models: dict[str, Model3D], people: dict[str, User]) -> None:
    editor = people["moderator"]
    course = Course.objects.create(
        instructor=people[entry.instructor],
        title=entry.title,
        slug=entry.slug,
        summary=entry.summary,
        description=with_addresses(entry.description, models),
        difficulty=entry.difficulty,
        price=entry.price,
    )
    shown = [models[slug] for slug in entry.models if slug in models]
    if shown:
        picture = picture_of(shown, colours=WARM if entry.difficulty == "beginner" else STUDIO)
        set_picture(subject=course, pictures=post_webps(picture))
        Course.objects.filter(pk=course.pk).update(picture_alt=" and ".join(model.title for model in shown))
    for said in entry.lessons:
        _add(course, said, entry, models, editor)
    courses.publish(course=course, by=editor)
    since = timezone.now() - timedelta(days=entry.days_ago, hours=5)
    chance = random.Random(f"views {entry.slug}")
    Course.objects.filter(pk=course.pk).update(views=round(1500 * chance.uniform(0.5, 1.1)))
    if entry.price:
        now = timezone.now()
        for name in entry.buyers:
            do(Deed(now, partial(_buy, course, people[name])), not_before=now)
    else:
        _take(entry, course, [people[member.username] for member in MEMBERS])
        _date_learning(course, since)
    _date_back(course, since)


def _add(
    course: Course, said: DemoLesson, entry: DemoCourse, models: dict[str, Model3D], editor: User
) -> None:
    lesson = Lesson(
        course=course,
        title=said.title,
        text=with_addresses(entry.text_of(said.slug), models),
        model=models.get(said.model),
        is_preview=said.is_preview,
    )
    media = lessons.NOTHING
    if said.film and all(scene.model in models for scene in said.film):
        film = ContentFile(film_of(said.film, models), "film.webm")
        captions = ContentFile(captions_of(said.film).encode(), "captions.vtt")
        media = lessons.Media(video=(film, read_video(film)), captions=captions)
    lessons.save(lesson=lesson, by=editor, minutes=said.minutes, media=media)


def film_of(scenes: Iterable[DemoScene], models: dict[str, Model3D]) -> bytes:
    """Each scene's model turns around once in the studio, with its words below."""
    return webm(frame for scene in scenes for frame in _turn(scene, models[scene.model]))


def captions_of(scenes: Iterable[DemoScene]) -> str:
    """What stands in the film, as WebVTT: for who hears the page."""
    cues = [
        f"{_clock(number * SCENE_SECONDS)} --> {_clock((number + 1) * SCENE_SECONDS)}\n{scene.words}\n"
        for number, scene in enumerate(scenes)
    ]
    return "\n".join(["WEBVTT\n", *cues])


def _turn(scene: DemoScene, model: Model3D) -> Iterator[Image.Image]:
    width, height = FILM_SIZE
    ground = studio(width, height, STUDIO)
    draw = ImageDraw.Draw(ground)
    draw.text((width // 2, height - 34), scene.words, fill=INK, font=ImageFont.load_default(24), anchor="mm")
    with model.current_file.turntable.open("rb") as stored:
        sprite = Image.open(stored).convert("RGBA")
    wide, high = sprite.width // COLUMNS, sprite.height // ROWS
    scale = (height - 80) / high
    for number in range(COLUMNS * ROWS):
        left, top = number % COLUMNS * wide, number // COLUMNS * high
        picture = sprite.crop((left, top, left + wide, top + high))
        picture = picture.resize((round(wide * scale), round(high * scale)), Image.Resampling.LANCZOS)
        frame = ground.copy()
        frame.alpha_composite(picture, ((width - picture.width) // 2, 8))
        yield from [frame] * FRAMES_EACH


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes):02}:{rest:06.3f}"


def _take(entry: DemoCourse, course: Course, members: list[User]) -> None:
    chance = random.Random(f"course {entry.slug}")
    steps = list(Lesson.objects.filter(course=course).select_related("course").in_order())
    for member in chance.sample(members, chance.randint(4, 9)):
        enrollments.enroll(course=course, user=member)
        enrollment = CourseEnrollment.objects.get(course=course, user=member)
        for lesson in steps[: chance.randint(0, len(steps))]:
            enrollments.finish(enrollment=enrollment, lesson=lesson)
            enrollments.look_at(enrollment=enrollment, lesson=lesson)


def _buy(course: Course, buyer: User) -> None:
    """Today: what has been sold stays in the order in which invoices are numbered."""
    billing = billing_of(buyer)
    order = order_course(
        buyer=buyer,
        course=course,
        checkout_key=uuid.uuid5(NAMESPACE, f"course {course.slug} {buyer.username}"),
        shown=Shown.of(quote(models=[course], country=billing.country)),
        billing=billing,
        method=Payment.Method.CARD,
    )
    pay(order.latest_payment(), VISA)
    invoice_for(order)


def _date_back(course: Course, since: datetime) -> None:
    Course.objects.filter(pk=course.pk).update(published_at=since, created_at=since - timedelta(days=9))
    Activity.objects.about(course).update(created_at=since)


def _date_learning(course: Course, since: datetime) -> None:
    """What was done just now happened after the course came."""
    chance = random.Random(f"times {course.slug}")
    now = timezone.now()
    for enrollment in CourseEnrollment.objects.filter(course=course):
        begun = since + (now - since) * chance.uniform(0.05, 0.7)
        when = begun
        for progress in LessonProgress.objects.filter(enrollment=enrollment).order_by("pk"):
            when += (now - when) * chance.uniform(0.1, 0.4)
            LessonProgress.objects.filter(pk=progress.pk).update(done_at=when)
        CourseEnrollment.objects.filter(pk=enrollment.pk).update(created_at=begun, seen_at=when)
        CourseEnrollment.objects.filter(pk=enrollment.pk, completed_at__isnull=False).update(
            completed_at=when
        )
