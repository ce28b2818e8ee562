"""One lesson, what one has done of it, and its files: all of them for who may open it, and nobody else."""

import uuid

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from blog.actions import enrollments
from blog.courses.page import LessonPage
from blog.courses.videos import MAX_SECONDS
from blog.views.courses.finding import open_lesson, visible_lesson
from core.files import send_private
from core.ratelimit import rate_limited
from core.robots import tell_robots
from core.verbs import wants_deletion

# A player asks for the same parts again; nobody but its browser keeps them.
KEPT_SECONDS = 3600


class PlaceForm(forms.Form):
    seconds = forms.IntegerField(min_value=0, max_value=MAX_SECONDS)


@require_safe
def lesson(request, slug: str, lesson_id: int):
    """The lesson; who may not open it reads how they can."""
    found, around = visible_lesson(request, slug, lesson_id)
    context = {"lesson": found, "course": around.course, "around": around}
    if not around.access.may_open(found):
        return render(request, "blog/courses/lesson_locked.html", context, status=403)
    context["shown"] = LessonPage(found, around)
    response = render(request, "blog/courses/lesson.html", context)
    if around.access.enrollment is not None:
        enrollments.look_at(enrollment=around.access.enrollment, lesson=found)
    is_public = around.course.is_published and found.is_preview and found.is_shown
    return tell_robots(response, is_indexed=is_public, may_train=False)


@require_POST
@login_required
@rate_limited("lesson-progress", limit=600, seconds=600)
def progress(request, slug: str, lesson_id: int):
    """`seconds`: where a player stopped. Else the lesson is done; DELETE (a form's `_method`): it is not after all."""
    found, around = visible_lesson(request, slug, lesson_id)
    enrollment = around.access.enrollment
    if enrollment is None:
        raise PermissionDenied
    if "seconds" in request.POST:
        form = PlaceForm(request.POST)
        if not form.is_valid():
            return HttpResponse(status=422)
        enrollments.stop_at(enrollment=enrollment, lesson=found, **form.cleaned_data)
        return HttpResponse(status=204)
    if wants_deletion(request):
        enrollments.reopen(enrollment=enrollment, lesson=found)
        return redirect(found)
    if enrollments.finish(enrollment=enrollment, lesson=found):
        messages.success(request, f"You have done every lesson of “{around.course.title}”.")
        return redirect(around.course)
    return redirect(LessonPage(found, around).next or around.course)


@require_safe
def video(request, slug: str, lesson_id: int):
    found = open_lesson(request, slug, lesson_id)
    if not found.video:
        raise Http404
    filename = f"{slug}-{found.position}.{found.video_kind}"
    return _send(request, found.video, filename=filename, content_type=found.video_type, as_attachment=False)


@require_safe
def captions(request, slug: str, lesson_id: int):
    found = open_lesson(request, slug, lesson_id)
    if not found.captions:
        raise Http404
    return _send(
        request,
        found.captions,
        filename="captions.vtt",
        content_type="text/vtt; charset=utf-8",
        as_attachment=False,
    )


@require_safe
def file(request, slug: str, lesson_id: int, file_id: uuid.UUID):
    given = get_object_or_404(open_lesson(request, slug, lesson_id).files, public_id=file_id)
    return _send(
        request,
        given.file,
        filename=given.name,
        content_type="application/octet-stream",
        as_attachment=True,
    )


def _send(request, stored, **how) -> HttpResponse:
    return send_private(request, stored.name, max_age=KEPT_SECONDS, **how)
