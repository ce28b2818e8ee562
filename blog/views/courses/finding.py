"""The course and the lesson that an address is about, for who may see them."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from blog.courses.page import CoursePage
from blog.models import Course, Lesson


def visible_course(request, slug: str) -> Course:
    return get_object_or_404(Course.objects.visible_to(request.user).select_related("instructor"), slug=slug)


def visible_lesson(request, slug: str, lesson_id: int) -> tuple[Lesson, CoursePage]:
    """The lesson, with its text, among the others; that it is there, everybody sees who sees the course."""
    around = CoursePage(visible_course(request, slug), viewer=request.user)
    if not any(lesson.pk == lesson_id for lesson in around.lessons):
        raise Http404
    lesson = get_object_or_404(Lesson, pk=lesson_id)
    lesson.course = around.course
    return lesson, around


def open_lesson(request, slug: str, lesson_id: int) -> Lesson:
    """The lesson, for who may open it.

    Raises:
        PermissionDenied: they see that it is there, and no more.
    """
    lesson, around = visible_lesson(request, slug, lesson_id)
    if not around.access.may_open(lesson):
        raise PermissionDenied
    return lesson
