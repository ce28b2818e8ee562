"""The formats of one of the creator's own models: which is shown, and taking one away."""

import uuid

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import creator_required
from marketplace.actions import uploads
from marketplace.exceptions import TransitionRefused
from marketplace.models import ModelFile


@require_POST
@creator_required
def show(request, pk: int, file_id: uuid.UUID):
    """Let the model's page show this format."""
    file = _own(request, pk, file_id)
    try:
        uploads.show_file(model=file.model, file=file)
        messages.success(request, f"The page shows the {file.get_format_display()} file now.")
    except TransitionRefused as error:
        messages.warning(request, str(error))
    return redirect(f"{file.model.get_edit_url()}#file")


@require_http_methods(["GET", "HEAD", "POST"])
@creator_required
def remove(request, pk: int, file_id: uuid.UUID):
    """Asks, naming the format; then takes it out of the model."""
    file = _own(request, pk, file_id)
    label = file.get_format_display()
    if request.method != "POST":
        is_live = file.standing != ModelFile.Standing.PROPOSED
        stays = "The other formats stay." if is_live else "What is live stays so."
        context = {
            "title": f"Remove the {label} file?"
            if is_live
            else f"Take back the new version of the {label} file?",
            "message": f"“{file.original_name}” and what was made of it are gone for good. {stays}",
            "action_label": f"Remove {label}",
            "back_url": f"{file.model.get_edit_url()}#file",
        }
        return render(request, "marketplace/confirm.html", context)
    try:
        uploads.remove_file(model=file.model, file=file)
        messages.success(request, f"The {label} file was removed.")
    except TransitionRefused as error:
        messages.warning(request, str(error))
    return redirect(f"{file.model.get_edit_url()}#file")


def _own(request, pk: int, file_id: uuid.UUID) -> ModelFile:
    files = ModelFile.objects.filter(
        model=pk, model__creator=request.user, model__deleted_at=None
    ).select_related("model__creator", "model__category")
    return get_object_or_404(files, public_id=file_id)
