"""Searching with a 3D file, on the way of page 7: send one, wait for its measures, see the models most like it."""

import uuid

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import HttpResponseClientRefresh

from core.ratelimit import rate_limited
from core.views import too_many_requests
from marketplace.exceptions import UploadRefused
from marketplace.forms import UploadForm
from marketplace.incoming import receives_upload
from marketplace.shape_search import ShapeFileHandler, ShapeSearch, begin
from marketplace.uploads.lanes import NoLaneFree, lane

_CROWDED_SECONDS = 5


# The token is checked by `receives_upload`, once the handler is in place.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@rate_limited("shape-search", limit=settings.SHAPE_SEARCHES_AN_HOUR, seconds=3600)
def shape_search(request):
    """The form; a POST of it queues the search and goes on to its page."""
    if request.method != "POST":
        return _form(request)
    try:
        with lane(request.user):
            return _receive(request)
    except NoLaneFree:
        return too_many_requests(request, retry_after=_CROWDED_SECONDS)


@receives_upload(handler=ShapeFileHandler)
def _receive(request):
    form = UploadForm(request.POST, request.FILES, incoming=request.incoming)
    if not form.is_valid():
        return _form(request, form.errors["file"][0])
    try:
        search = begin(user=request.user, file=request.incoming.received[0])
    except UploadRefused as refused:
        return _form(request, str(refused))
    return redirect("marketplace:shape_results", search.pk)


@require_safe
@never_cache
@login_required
def results(request, search_id: uuid.UUID):
    """How far a search is, and what it found. 204 to a script while it waits, so that the page is left in peace."""
    search = ShapeSearch.find(str(search_id))
    if search is None or search.user != request.user.pk:
        if request.htmx:
            return HttpResponseClientRefresh()
        raise Http404("No such search, or it is over.")
    if search.is_waiting and request.htmx:
        return HttpResponse(status=204)
    if request.htmx:
        return HttpResponseClientRefresh()
    found = search.results(viewer=request.user) if search.state == "done" else []
    return render(request, "marketplace/shape_results.html", {"search": search, "results": found})


def _form(request, error: str = ""):
    return render(request, "marketplace/shape_search.html", {"error": error}, status=422 if error else 200)
