"""The pictures and documents of one of the creator's own models."""

import uuid
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from accounts.access import creator_required
from core.files import send_private
from core.verbs import wants_deletion
from marketplace.actions import attachments
from marketplace.documents import MEDIA_TYPES
from marketplace.exceptions import TransitionRefused
from marketplace.forms import PictureForm
from marketplace.models import ModelDocument, PreviewImage

IN_REVIEW_AGAIN = "The model is in review again, since what was reviewed has changed."


def _says_refusals(view):
    """View decorator: of a model that was deleted while its page stood open, its owner reads so in the inventory."""

    @wraps(view)
    def saying(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except TransitionRefused as error:
            messages.warning(request, str(error))
        address = reverse("marketplace:inventory")
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)

    return saying


@require_POST
@creator_required
@_says_refusals
def picture(request, pk: int, picture_id: int):
    """Say what a picture shows."""
    row = _own(PreviewImage, request, pk, pk=picture_id)
    form = PictureForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["alt_text"]))
    else:
        is_back = attachments.describe_picture(picture=row, alt_text=form.cleaned_data["alt_text"])
        messages.success(request, f"Saved. {IN_REVIEW_AGAIN}" if is_back else "Saved.")
    return redirect(f"{row.model.get_edit_url()}#pictures")


@require_POST
@creator_required
@_says_refusals
def move_picture(request, pk: int, picture_id: int):
    """To `position` of the gallery, counted from 1."""
    row = _own(PreviewImage, request, pk, pk=picture_id)
    text = request.POST.get("position", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 9):
        raise Http404("No such place.")
    attachments.move_picture(picture=row, position=int(text))
    return HttpResponse(status=204) if request.htmx else redirect(f"{row.model.get_edit_url()}#pictures")


@require_http_methods(["POST", "DELETE"])
@creator_required
@_says_refusals
def cover(request, pk: int, picture_id: int):
    """POST opens the gallery with this picture, DELETE with the 3D view again."""
    row = _own(PreviewImage, request, pk, pk=picture_id)
    attachments.choose_cover(model=row.model, picture=None if wants_deletion(request) else row)
    return redirect(f"{row.model.get_edit_url()}#pictures")


@require_http_methods(["GET", "HEAD", "POST"])
@creator_required
@_says_refusals
def delete_picture(request, pk: int, picture_id: int):
    """Asks, showing the picture; then deletes it."""
    row = _own(PreviewImage, request, pk, pk=picture_id)
    back_url = f"{row.model.get_edit_url()}#pictures"
    if request.method != "POST":
        context = {
            "title": f"Delete the picture “{row.alt_text}”?" if row.alt_text else "Delete this picture?",
            "message": "It is gone from the gallery for good.",
            "action_label": "Delete picture",
            "picture": row,
            "back_url": back_url,
        }
        return render(request, "marketplace/confirm.html", context)
    attachments.delete_picture(picture=row)
    messages.success(request, "The picture was deleted.")
    return redirect(back_url)


@require_safe
@login_required
def document(request, pk: int, document_id: uuid.UUID):
    """The document itself, for its owner and for moderators: saved, never shown by the browser under our address."""
    rows = ModelDocument.objects.select_related("model__creator", "model__category")
    row = get_object_or_404(rows, model=pk, public_id=document_id)
    if not row.model.is_shown_in_full_to(request.user):
        raise Http404("No such document.")
    return send_private(
        request,
        row.file.name,
        filename=row.name,
        content_type=MEDIA_TYPES[row.kind],
        as_attachment=True,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@creator_required
@_says_refusals
def delete_document(request, pk: int, document_id: uuid.UUID):
    """Asks, naming the document; then deletes it."""
    row = _own(ModelDocument, request, pk, public_id=document_id)
    back_url = f"{row.model.get_edit_url()}#documents"
    if request.method != "POST":
        context = {
            "title": f"Delete “{row.name}”?",
            "message": "The document is gone for good, also for those who have the model.",
            "action_label": "Delete document",
            "back_url": back_url,
        }
        return render(request, "marketplace/confirm.html", context)
    attachments.delete_document(document=row)
    messages.success(request, f"“{row.name}” was deleted.")
    return redirect(back_url)


def _own(kind, request, model_id: int, **which):
    rows = kind.objects.filter(model=model_id, model__creator=request.user, model__deleted_at=None)
    return get_object_or_404(rows.select_related("model__creator", "model__category"), **which)
