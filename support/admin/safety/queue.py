"""The one queue over all reports, and the page on which a moderator decides about one thing."""

import re

from django.contrib import admin, messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.models import Model3D
from support.actions.safety.deciding import decide
from support.exceptions import SafetyRefused
from support.forms.safety import DecisionForm
from support.models import ModerationDecision
from support.safety.case_page import CasePage
from support.safety.evidence import nearest_facts
from support.safety.queue import Queue
from support.safety.subjects import Subject

_NUMBER = re.compile(r"[0-9]{1,9}")


def _permitted(request) -> None:
    if not request.user.has_perm("support.decide_report"):
        raise PermissionDenied


@require_safe
def queue(request):
    """What was reported and is not decided; `?kind=` narrows it, `?page=` turns it."""
    _permitted(request)
    kind, page = request.GET.get("kind", ""), request.GET.get("page", "")
    found = ContentType.objects.filter(pk=kind).first() if _NUMBER.fullmatch(kind) else None
    context = {
        **admin.site.each_context(request),
        "title": "Reports",
        "queue": Queue(page=int(page) if _NUMBER.fullmatch(page) else 1, kind=found),
    }
    return TemplateResponse(request, "admin/support/safety/queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def case(request, content_type_id: int, object_id: str):
    """Everything that is known of one thing beside the form; POST carries a measure out."""
    _permitted(request)
    subject = _subject(content_type_id, object_id)
    form = DecisionForm(request.POST or None, measures=subject.measures)
    if request.method == "POST" and form.is_valid():
        try:
            decision = decide(
                subject=subject, by=request.user, facts=_facts(subject, form), **form.cleaned_data
            )
        except SafetyRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(
                request,
                f"“{decision.title}”: {decision.get_measure_display().lower()}. Whom it concerns is told.",
            )
            return redirect(_next(request))
    context = {
        **admin.site.each_context(request),
        "title": subject.title,
        "case": CasePage(subject, viewer=request.user),
        "form": form,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(request, "admin/support/safety/case.html", context, status=status)


def _subject(content_type_id: int, object_id: str) -> Subject:
    if "\0" in object_id:
        raise Http404
    content_type = ContentType.objects.filter(pk=content_type_id).first()
    subject = content_type and Subject.of_reports(content_type, object_id)
    if not subject:
        raise Http404
    return subject


def _facts(subject: Subject, form: DecisionForm) -> list[dict]:
    """What was measured goes along with a decision about copied work."""
    is_copied = form.cleaned_data["reason"] == ModerationDecision.Reason.COPYRIGHT
    return nearest_facts(subject.thing) if is_copied and isinstance(subject.thing, Model3D) else []


def _next(request) -> str:
    """The most urgent case where that was asked for, else the queue."""
    if "next" in request.POST:
        cases = Queue().cases
        if cases:
            return reverse("safety_case", args=[cases[0].content_type_id, cases[0].object_id])
    return reverse("safety_queue")
