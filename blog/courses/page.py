"""What the pages of a course and of a lesson show."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from blog.courses.access import Access, access_of
from blog.courses.putting_in import video_host
from blog.models import Course, Lesson, LessonFile, LessonProgress
from blog.reading import embedded_models, kept_article
from core.articles import Article, Piece
from marketplace.models import Model3D
from marketplace.showcase import Showcase

# A video that was left so shortly before its end begins anew.
NEARLY_OVER = 5


@dataclass(frozen=True)
class Step:
    """A lesson in the list of its course, as the viewer stands to it."""

    lesson: Lesson
    number: int
    is_open: bool
    is_done: bool = False


class CoursePage:
    """A course as `viewer` sees it; nothing is asked of the database before a template needs it."""

    def __init__(self, course: Course, *, viewer):
        self.course = course
        self.viewer = viewer

    @cached_property
    def access(self) -> Access:
        return access_of(self.viewer, self.course)

    @cached_property
    def lessons(self) -> list[Lesson]:
        """Without their texts: a course may have hundreds."""
        found = self.course.lessons.in_order().defer("text")
        found = list(found if self.access.is_staff else found.shown())
        for lesson in found:
            lesson.course = self.course
        return found

    @cached_property
    def steps(self) -> list[Step]:
        return [
            Step(lesson, number, self.access.may_open(lesson), lesson.pk in self._done)
            for number, lesson in enumerate(self.lessons, start=1)
        ]

    @cached_property
    def done(self) -> int:
        """How many of the lessons the viewer has done."""
        return sum(step.is_done for step in self.steps)

    @property
    def is_finished(self) -> bool:
        return bool(self.lessons) and self.done == len(self.lessons)

    @cached_property
    def go_on(self) -> Lesson | None:
        """Where the viewer goes on: the lesson they were in, else the first that they have not done."""
        if self.access.enrollment is None or not self.lessons:
            return None
        last = self.access.enrollment.last_lesson_id
        open_ones = [step.lesson for step in self.steps if not step.is_done]
        return next((lesson for lesson in open_ones if lesson.pk == last), None) or (
            open_ones[0] if open_ones else self.lessons[0]
        )

    @property
    def preview(self) -> Lesson | None:
        """The first lesson that everybody may open."""
        return next((lesson for lesson in self.lessons if lesson.is_preview), None)

    @cached_property
    def article(self) -> Article:
        course = self.course
        return kept_article(f"course-{course.pk}", course.updated_at, course.description)

    @property
    def pieces(self) -> Iterator[tuple[Piece, Showcase | None]]:
        models = embedded_models(self.article, viewer=self.viewer)
        return ((piece, models.get(piece.embedded)) for piece in self.article.pieces)

    @cached_property
    def _done(self) -> set[int]:
        if self.access.enrollment is None:
            return set()
        done = LessonProgress.objects.filter(enrollment=self.access.enrollment, done_at__isnull=False)
        return set(done.values_list("lesson_id", flat=True))


class LessonPage:
    """A lesson that `viewer` may open, among the others of its course."""

    def __init__(self, lesson: Lesson, around: CoursePage):
        self.lesson = lesson
        self.around = around
        self.viewer = around.viewer

    @cached_property
    def step(self) -> Step:
        return next(step for step in self.around.steps if step.lesson.pk == self.lesson.pk)

    @property
    def previous(self) -> Lesson | None:
        return self._beside(-1)

    @property
    def next(self) -> Lesson | None:
        return self._beside(1)

    @cached_property
    def starts_at(self) -> int:
        """The second at which the video goes on; 0 for its beginning."""
        enrollment = self.around.access.enrollment
        if enrollment is None or not self.lesson.video:
            return 0
        left = LessonProgress.objects.filter(enrollment=enrollment, lesson=self.lesson).first()
        seconds, length = left.seconds if left else 0, self.lesson.video_seconds
        return 0 if length is not None and seconds > length - NEARLY_OVER else seconds

    @property
    def video_url(self) -> str:
        """With the second at which it goes on, which browsers understand by themselves."""
        address = self.lesson.get_video_url()
        return f"{address}#t={self.starts_at}" if self.starts_at else address

    @property
    def video_host(self) -> str:
        return video_host(self.lesson.video_link)

    @cached_property
    def files(self) -> list[LessonFile]:
        found = list(self.lesson.files.order_by("pk"))
        for file in found:
            file.lesson = self.lesson
        return found

    @cached_property
    def article(self) -> Article:
        lesson = self.lesson
        return kept_article(f"lesson-{lesson.pk}", lesson.updated_at, lesson.text)

    @cached_property
    def models(self) -> dict[str, Showcase]:
        return embedded_models(self.article, viewer=self.viewer)

    @property
    def pieces(self) -> Iterator[tuple[Piece, Showcase | None]]:
        return ((piece, self.models.get(piece.embedded)) for piece in self.article.pieces)

    @cached_property
    def model(self) -> Showcase | None:
        """The model to open, as long as everybody may find it."""
        found = Model3D.objects.listed().suited_to(self.viewer).with_page_data()
        model = found.filter(pk=self.lesson.model_id).first() if self.lesson.model_id else None
        return Showcase(model, viewer=self.viewer) if model else None

    def _beside(self, places: int) -> Lesson | None:
        place = self.step.number - 1 + places
        return self.around.lessons[place] if 0 <= place < len(self.around.lessons) else None
