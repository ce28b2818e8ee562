"""Uploads: a first file makes a draft, a further one replaces it."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import creator_required
from core.ratelimit import rate_limited
from marketplace.actions import uploads
from marketplace.exceptions import TransitionRefused
from marketplace.forms import UploadForm
from marketplace.incoming import receives_upload
from marketplace.models import Model3D

_limited = rate_limited("upload", limit=60, seconds=3600)


@require_http_methods(["GET", "HEAD", "POST"])
@creator_required
@_limited
@receives_upload
def upload(request):
    """Page 6: choose a file; a POST stores it as a new draft and goes on to the draft's page."""
    if request.method != "POST":
        return _upload_page(request, UploadForm())
    form = UploadForm(request.POST, request.FILES, incoming=request.incoming)
    if not form.is_valid():
        return _refused(request, form)
    model = uploads.create_draft(creator=request.user, upload=form.cleaned_data["file"])
    return _stored(request, model)


@require_POST
@creator_required
@_limited
@receives_upload
def replace_file(request, pk: int):
    """Another file for a draft or a rejected model."""
    model = get_object_or_404(Model3D.objects.owned_by(request.user), pk=pk)
    form = UploadForm(request.POST, request.FILES, incoming=request.incoming)
    if form.is_valid():
        try:
            uploads.replace_file(model=model, upload=form.cleaned_data["file"])
            return _stored(request, model)
        except TransitionRefused as error:
            form.add_error("file", str(error))
    return _refused(request, form, model=model)


def _stored(request, model: Model3D):
    if request.accepts("text/html"):
        messages.success(request, "The file was uploaded.")
        return redirect(model.get_edit_url())
    return JsonResponse({"location": model.get_edit_url()}, status=201)


def _refused(request, form: UploadForm, model: Model3D | None = None):
    if request.accepts("text/html"):
        return _upload_page(request, form, model=model)
    return JsonResponse({"errors": form.errors.get_json_data()}, status=422)


def _upload_page(request, form: UploadForm, model: Model3D | None = None):
    return render(
        request, "marketplace/upload.html", {"form": form, "model": model}, status=422 if form.errors else 200
    )
