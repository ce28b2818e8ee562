"""Courses, one course, and taking it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from blog.actions import enrollments
from blog.courses.board import Board
from blog.courses.page import CoursePage
from blog.courses.structured_data import course_json_ld
from blog.exceptions import CourseRefused
from blog.views.courses.finding import visible_course
from core.ratelimit import rate_limited
from core.robots import tell_robots
from core.verbs import wants_deletion
from marketplace.statistics import record_view_of


@require_safe
def index(request):
    """All courses, narrowed by the address; signed in, also those that one takes."""
    return render(request, "blog/courses/list.html", {"board": Board(request.GET, viewer=request.user)})


@require_safe
def course(request, slug: str):
    """What it teaches, its lessons, and how far one has come in it."""
    found = visible_course(request, slug)
    if found.is_published and request.user.pk != found.instructor_id:
        record_view_of("course", found.pk, request)
    context = {
        "course": found,
        "shown": CoursePage(found, viewer=request.user),
        "structured_data": course_json_ld(found, request=request),
    }
    response = render(request, "blog/courses/course.html", context)
    return tell_robots(response, is_indexed=found.is_published, may_train=False)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@login_required
@rate_limited("enroll", limit=60, seconds=3600)
def enrollment(request, slug: str):
    """POST takes the course and leads to where one goes on. GET asks before DELETE gives it up."""
    found = visible_course(request, slug)
    if wants_deletion(request):
        try:
            if enrollments.leave(course=found, user=request.user):
                messages.success(request, f"You have left “{found.title}”.")
        except CourseRefused as error:
            messages.info(request, str(error))
        return redirect(found if found.is_visible_to(request.user) else "blog:courses")
    if request.method == "POST":
        return _enroll(request, found)
    if CoursePage(found, viewer=request.user).access.enrollment is None:
        raise Http404
    return render(request, "blog/courses/leave.html", {"course": found})


def _enroll(request, found):
    try:
        enrollments.enroll(course=found, user=request.user)
    except CourseRefused as error:
        messages.info(request, str(error))
        return redirect(found)
    return redirect(CoursePage(found, viewer=request.user).go_on or found)
