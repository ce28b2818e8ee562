"""What machines ask: does this process serve, does the whole site work, and what has it counted."""

from django.db import connection
from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config import figures
from config import status as site_status
from core.bounded import ask_all
from core.operators import is_operator

LONGEST_SECONDS = 2.0


@require_safe
@never_cache
def healthz(request):
    """200 while this process can serve pages, that is, while the database answers it; for whoever spreads requests.

    Redis is not asked: pages are served without it, and a site must not be taken away for that.
    """
    answer = ask_all({"healthz": _ask_database}, seconds=LONGEST_SECONDS)["healthz"]
    return _told(request, {"database": answer.error is None})


@require_safe
@never_cache
def readyz(request):
    """200 while all of the site works: database, Redis, storage, workers; for monitors, and for who deploys."""
    return _told(request, site_status.current_report().parts)


@require_safe
@never_cache
def metrics(request):
    """All figures, for Prometheus; for everybody else there is nothing here."""
    if not is_operator(request):
        raise Http404
    return HttpResponse(figures.page(), content_type=figures.CONTENT_TYPE)


def _told(request, parts: dict[str, bool]) -> JsonResponse:
    """Whether all is well; which part is not is told to operators only."""
    failed = [name for name, works in parts.items() if not works]
    said = {"ok": not failed}
    if is_operator(request):
        said["failed"] = failed
    return JsonResponse(said, status=503 if failed else 200)


def _ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
