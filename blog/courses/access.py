"""Who may open a lesson: the one rule behind its page, its video, its captions and its files."""

from dataclasses import dataclass

from blog.models import Course, CourseEnrollment, Lesson
from blog.models.courses.course import works_on_courses


@dataclass(frozen=True)
class Access:
    """What somebody may do with a course that they see."""

    course: Course
    enrollment: CourseEnrollment | None
    is_instructor: bool
    # They teach it, or work on the courses: they see every lesson, also those that are not shown yet.
    is_staff: bool

    def may_open(self, lesson: Lesson) -> bool:
        """Whether its content is theirs to see; that the lesson is there, everybody sees."""
        return self.is_staff or self.enrollment is not None or lesson.is_preview

    @property
    def may_enroll(self) -> bool:
        """Whether a button offers it for nothing; `blog.actions.enrollments.enroll` asks again."""
        return self._may_begin and self.course.is_free

    @property
    def may_buy(self) -> bool:
        """Whether a button offers it for its price; who sells it asks again."""
        return self._may_begin and self.course.is_for_sale

    @property
    def _may_begin(self) -> bool:
        return self.course.is_published and self.enrollment is None and not self.is_instructor


def access_of(user, course: Course) -> Access:
    enrollment = None
    is_instructor = user.is_authenticated and course.instructor_id == user.pk
    if user.is_authenticated:
        enrollment = CourseEnrollment.objects.open().filter(user=user, course=course).first()
    return Access(course, enrollment, is_instructor, is_staff=is_instructor or works_on_courses(user))
