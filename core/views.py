"""Error pages, the theme switch, the health check, and public files where no web server serves them."""

import mimetypes
import sys
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import SuspiciousFileOperation
from django.db import close_old_connections, connection
from django.http import (
    FileResponse,
    Http404,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils._os import safe_join
from django.utils.http import http_date, url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.static import was_modified_since

from core.database.losing import is_lost
from core.robots import tell_robots
from core.themes import Theme, remember_theme

# What a browser may show by itself; anything else that ever got into the public storage is only saved.
INLINE_TYPES = {"image/webp", "image/png", "image/jpeg", "image/gif", "image/avif", "model/gltf-binary"}

# After so many seconds a database that was restarted usually answers again.
RETRY_SECONDS = 5


def _plain_page(template: str, status: int) -> HttpResponse:
    """An error page that asks neither database nor cache nor session: it must work when they do not."""
    return HttpResponse(render_to_string(template, {"SITE_NAME": settings.SITE_NAME}), status=status)


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
@never_cache
def healthz(request):
    """200 while this process reaches the database and the cache, else 503; names what failed, nothing more."""
    failed = [
        name for name, check in (("database", _ask_database), ("cache", _ask_cache)) if not _succeeds(check)
    ]
    return JsonResponse({"ok": not failed, "failed": failed}, status=503 if failed else 200)


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _ask_cache() -> None:
    # It forgives being away (see core.cache), so what was put there has to be there.
    cache.set("healthz", "1", 10)
    if cache.get("healthz") != "1":
        raise ConnectionError("The cache does not answer.")


def _succeeds(check) -> bool:
    try:
        check()
    except Exception:  # whatever goes wrong, the answer is "not healthy"
        return False
    return True


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
