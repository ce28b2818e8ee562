"""Uploads end here: what has arrived, by a plain form or in pieces, becomes drafts or a part of a model."""

import uuid
from functools import wraps

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import creator_required
from core.ratelimit import rate_limited
from core.views import too_many_requests
from marketplace.actions.assembly import Assembled, assemble
from marketplace.arrivals import Arrival
from marketplace.assembly import PlanRefused, Problem
from marketplace.exceptions import MarketplaceError, TransitionRefused
from marketplace.forms import UploadForm
from marketplace.incoming import receives_upload
from marketplace.models import Model3D, Upload
from marketplace.uploader import Uploader
from marketplace.uploads import complete_of_batch, take
from marketplace.uploads.lanes import NoLaneFree, lane

_limited = rate_limited("upload", limit=120, seconds=3600)
_NAMED = 5
# Until a script, or a person, tries again where all lanes are taken.
_CROWDED_SECONDS = 5


def _in_a_lane(view):
    """View decorator: a POST takes a lane, since it receives files, or looks at them and packs them, for long."""

    @wraps(view)
    def taking_a_lane(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        try:
            with lane(request.user):
                return view(request, *args, **kwargs)
        except NoLaneFree:
            if request.accepts("text/html"):
                return too_many_requests(request, retry_after=_CROWDED_SECONDS)
            return HttpResponse(status=503, headers={"Retry-After": str(_CROWDED_SECONDS)})

    return taking_a_lane


@require_http_methods(["GET", "HEAD", "POST"])
@creator_required
@_limited
@_in_a_lane
@receives_upload
def upload(request):
    """Page 6: choose files; a POST of the plain form stores them as drafts and goes on to their page."""
    if request.method != "POST":
        return _upload_page(request)
    return _take_form(request)


@require_POST
@creator_required
@_limited
@_in_a_lane
@receives_upload
def add_files(request, pk: int):
    """Further files for a model: formats, new versions, documents, pictures."""
    return _take_form(request, get_object_or_404(Model3D.objects.owned_by(request.user), pk=pk))


@require_POST
@creator_required
@_limited
@_in_a_lane
def finish(request):
    """All files of a drop have arrived in pieces: make of them what they are for. Refused, they are kept."""
    batch = _uuid(request.POST.get("batch", ""))
    rows = (
        Upload.objects.owned_by(request.user).alive().filter(batch=batch) if batch else Upload.objects.none()
    )
    first = get_object_or_404(rows.select_related("model").order_by("pk")[:1])
    try:
        with transaction.atomic():
            uploads = complete_of_batch(request.user, batch)
            _require_whole(rows, uploads)
            arrivals = [Arrival.of_upload(row) for row in uploads]
            result = assemble(creator=request.user, arrivals=arrivals, model=first.model)
            take(uploads)
    except PlanRefused as error:
        return _refused(request, error.problems, first.model, uploads=uploads)
    except MarketplaceError as error:
        return _refused(request, [Problem(str(error))], first.model)
    return _stored(request, result)


@require_POST
@creator_required
def discard(request, upload_id: uuid.UUID):
    """Give up one unfinished upload."""
    row = get_object_or_404(Upload.objects.owned_by(request.user), public_id=upload_id)
    with transaction.atomic():
        take([row])
    messages.success(request, f"“{row.name}” was discarded.")
    return redirect(row.model.get_edit_url() if row.model else "marketplace:upload")


def _take_form(request, model: Model3D | None = None):
    form = UploadForm(request.POST, request.FILES, incoming=request.incoming)
    if not form.is_valid():
        return _refused(request, [Problem(message) for message in form.errors.get("file", [])], model)
    try:
        result = assemble(creator=request.user, arrivals=form.arrivals, model=model)
    except PlanRefused as error:
        return _refused(request, error.problems, model)
    except TransitionRefused as error:
        return _refused(request, [Problem(str(error))], model)
    return _stored(request, result)


def _require_whole(rows, uploads: list[Upload]) -> None:
    """Nothing of the drop may still be on its way: it would be missing, and find nothing to belong to later.

    Raises:
        PlanRefused: naming what has not arrived, or that another request has taken the drop already.
    """
    arrived = {row.pk for row in uploads}
    missing = [row.path for row in rows.order_by("pk") if row.pk not in arrived]
    if missing:
        listed = ", ".join(missing[:_NAMED]) + (
            f" and {len(missing) - _NAMED} more" if missing[_NAMED:] else ""
        )
        raise PlanRefused(
            [Problem(f"Not all files have arrived: {listed}. Go on with them, or discard them.")]
        )
    if not uploads:
        raise PlanRefused([Problem("These files are part of a model already.")])


def _stored(request, result: Assembled):
    several = len(result.models) > 1
    location = reverse("marketplace:inventory") if several else result.models[0].get_edit_url()
    if several:
        messages.success(request, f"{len(result.models)} drafts were begun.")
    elif result.is_back:
        messages.success(request, "Added. The model is in review again, since what was reviewed has changed.")
    else:
        messages.success(request, "The files were uploaded." if result.files else "Added.")
    if result.left_out:
        listed = ", ".join(result.left_out[:_NAMED])
        more = len(result.left_out) - _NAMED
        messages.info(
            request, f"Left out, since nothing uses it: {listed}{f' and {more} more' if more > 0 else ''}."
        )
    if request.accepts("text/html"):
        return redirect(location)
    return JsonResponse({"location": location}, status=201)


def _refused(request, problems: list[Problem], model: Model3D | None, *, uploads: list[Upload] | None = None):
    if request.accepts("text/html"):
        return _upload_page(request, model, problems)
    told = [
        {
            "upload": str(uploads[problem.drop].public_id) if uploads and problem.drop is not None else None,
            "path": problem.path,
            "message": problem.message,
        }
        for problem in problems
    ]
    return JsonResponse({"problems": told}, status=422)


def _upload_page(request, model: Model3D | None = None, problems: list[Problem] | None = None):
    context = {"uploader": Uploader(request.user, model=model, problems=problems or []), "model": model}
    return render(request, "marketplace/upload.html", context, status=422 if problems else 200)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
