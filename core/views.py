"""Error pages, the theme switch, and public files where no web server serves them."""

import mimetypes
import sys
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.db import close_old_connections
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils._os import safe_join
from django.utils.http import http_date, url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe
from django.views.static import was_modified_since

from core.database.losing import is_lost
from core.maintenance import Maintenance
from core.robots import tell_robots
from core.themes import Theme, remember_theme, theme_of
from core.tracing import current_id

# What a browser may show by itself; anything else that ever got into the public storage is only saved.
INLINE_TYPES = {"image/webp", "image/png", "image/jpeg", "image/gif", "image/avif", "model/gltf-binary"}

# After so many seconds a database that was restarted usually answers again.
RETRY_SECONDS = 5


def _plain_page(template: str, status: int) -> HttpResponse:
    """An error page that asks neither database nor cache nor session: it must work when they do not."""
    context = {"SITE_NAME": settings.SITE_NAME, "request_id": current_id()}
    return HttpResponse(render_to_string(template, context), status=status)


def bad_request(request, exception=None):
    return _plain_page("400.html", 400)


def permission_denied(request, exception=None):
    message = str(exception) if exception and exception.args else ""
    return render(request, "403.html", {"message": message}, status=403)


def page_not_found(request, exception=None):
    return render(request, "404.html", status=404)


def server_error(request):
    """Called while the error is being handled."""
    if is_lost(sys.exception()):
        return service_unavailable(request)
    return _plain_page("500.html", 500)


def service_unavailable(request):
    """The 503 page, where the database went away in the middle of a request."""
    # What else happens to this request gets a connection that works, where there is one.
    close_old_connections()
    response = _plain_page("503.html", 503)
    response["Retry-After"] = str(RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def csrf_failure(request, reason=""):
    return render(request, "403_csrf.html", {"cookies_missing": not request.COOKIES}, status=403)


def too_many_requests(request, *, retry_after: int):
    """The 429 page; `retry_after` is in seconds."""
    response = render(request, "429.html", {"retry_after": retry_after}, status=429)
    response["Retry-After"] = str(retry_after)
    return response


def storage_away(request):
    """The 503 page of a storage that does not answer, or is full; whatever the request had begun was taken back."""
    response = _plain_page("storage_away.html", 503)
    response["Retry-After"] = "60"
    return response


def closed_for_maintenance(request, closed: Maintenance):
    """The 503 page, which asks nothing of what is being mended."""
    context = {"SITE_NAME": settings.SITE_NAME, "closed": closed, "theme": theme_of(request)}
    response = HttpResponse(render_to_string("maintenance.html", context), status=503)
    response["Retry-After"] = str(closed.retry_after())
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def set_theme(request):
    """Remember the theme and go back to the page the switch stood on."""
    theme = request.POST.get("theme", "")
    if theme not in Theme.values:
        return HttpResponse(status=400)
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = "/"
    # Not `redirect`, which takes a word without a slash for the name of a view.
    response = HttpResponseRedirect(target)
    remember_theme(response, theme)
    return response


@require_safe
def public_media(request, path: str):
    """A public file; its name never repeats, so it may be kept for ever.

    A picture's address does not say whose it is, so the stricter word holds for all: nothing is given for training.
    """
    try:
        file = Path(safe_join(settings.MEDIA_ROOT, path))
        modified = int(file.stat().st_mtime) if file.is_file() else None
    except (SuspiciousFileOperation, ValueError, OSError) as error:
        # Also a name longer than the file system takes.
        raise Http404 from error
    if modified is None:
        raise Http404
    if not was_modified_since(request.headers.get("If-Modified-Since"), modified):
        return HttpResponseNotModified()
    content_type = mimetypes.guess_type(file.name)[0]
    shown = content_type in INLINE_TYPES
    response = FileResponse(
        file.open("rb"),
        as_attachment=not shown,
        filename=file.name,
        content_type=content_type if shown else "application/octet-stream",
    )
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Last-Modified"] = http_date(modified)
    response["X-Content-Type-Options"] = "nosniff"
    return tell_robots(response, is_indexed=True, may_train=False)
