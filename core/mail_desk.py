"""The console's pages of mails: each as it looks, with made data."""

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from core.mail_previews import Sample, samples, samples_of

# Links of a mail open beside the console, not in the frame the mail is shown in.
BASE_TARGET = '<base target="_blank">'


def urls(admin_site) -> list:
    return [
        path("previews/", admin_site.admin_view(previews), name="core_outgoingmail_previews"),
        path("previews/frame/", admin_site.admin_view(frame), name="core_outgoingmail_frame"),
    ]


@require_safe
@csp_update({"frame-src": [SELF]})
def previews(request):
    """All mails by app; the one of the address (`mail` and `case`) as HTML, on a phone, and as text."""
    _permitted(request)
    sample, case = _asked_for(request)
    return TemplateResponse(
        request,
        "admin/core/outgoingmail/previews.html",
        {
            **admin.site.each_context(request),
            "title": "How our mails look",
            "folders": _by_folder(),
            "sample": sample,
            "cases": [
                (number, other.label, number == case) for number, other in enumerate(samples_of(sample.kind))
            ],
            "mail": sample.render(),
            "frame_url": f"{reverse('admin:core_outgoingmail_frame')}?mail={sample.kind}&case={case}",
        },
    )


@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
def frame(request):
    """The HTML alone. It stands in a frame that runs no scripts."""
    _permitted(request)
    html = _asked_for(request)[0].render()["html"]
    return HttpResponse(html.replace("<head>", f"<head>{BASE_TARGET}", 1))


def _permitted(request) -> None:
    if not request.user.has_perm("core.preview_mail"):
        raise PermissionDenied


def _asked_for(request) -> tuple[Sample, int]:
    """The mail of the address and which case of it; the first of all where none is named."""
    every = samples()
    kind, case = request.GET.get("mail") or every[0].kind, request.GET.get("case") or "0"
    cases = samples_of(kind)
    if not (case.isascii() and case.isdigit() and len(case) < 4 and int(case) < len(cases)):
        raise Http404("There is no such mail.")
    return cases[int(case)], int(case)


def _by_folder() -> dict[str, list[tuple[str, str]]]:
    """Kinds with their names in words, by the app that they belong to."""
    folders: dict[str, dict[str, str]] = {}
    for sample in samples():
        name = sample.kind.partition("/")[2].replace("_", " ")
        folders.setdefault(sample.folder, {})[sample.kind] = name.capitalize()
    return {folder: list(kinds.items()) for folder, kinds in folders.items()}
