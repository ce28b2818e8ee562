"""One of the creator's own models: its details, handing it in, taking it back, deleting it."""

from contextlib import suppress
from copy import copy

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import creator_required
from marketplace.actions import deletion, publishing
from marketplace.actions.attachments import MAX_DOCUMENTS, MAX_PICTURES
from marketplace.exceptions import (
    MarketplaceError,
    NotReadyForReview,
    PrivateModelsFull,
    TransitionRefused,
)
from marketplace.files_panel import FilesPanel
from marketplace.forms import ModelForm
from marketplace.forms.poster import PosterForm
from marketplace.forms.schedule import ScheduleForm
from marketplace.models import License, Model3D
from marketplace.selection import Report, undo_address
from marketplace.uploader import Uploader


@require_http_methods(["GET", "HEAD", "POST"])
@creator_required
def edit(request, pk: int):
    """Page 33 in a first form. The button `submit` saves and hands in, any other only saves."""
    model = _own(request, pk)
    # The form writes what was typed into its instance; the page goes on showing what is stored.
    form = ModelForm(request.POST if request.method == "POST" else None, instance=copy(model))
    if not form.is_bound:
        return edit_page(request, model, form)
    if not form.is_valid():
        return edit_page(request, model, form)
    try:
        is_back = publishing.edit_model(model=model, **form.changes())
    except PrivateModelsFull as error:
        form.add_error("visibility", str(error))
        return edit_page(request, model, form)
    except TransitionRefused as error:
        raise Http404(str(error)) from error
    if request.POST.get("action") == "submit":
        return _submit(request, model)
    saved = (
        "Saved. The model is in review again, since what was reviewed has changed." if is_back else "Saved."
    )
    messages.success(request, saved)
    return redirect(model.get_edit_url())


@require_POST
@creator_required
def retract(request, pk: int):
    """Out of the moderators' queue, back among the drafts."""
    model = _own(request, pk)
    try:
        if model.retract():
            messages.success(request, "Taken back from review: it is a draft again.")
    except TransitionRefused as error:
        raise Http404(str(error)) from error
    return redirect(model.get_edit_url())


@require_http_methods(["GET", "HEAD", "POST"])
@creator_required
def delete(request, pk: int):
    """Asks, naming the model; then takes it away, to be brought back from the inventory for a while."""
    model = _own(request, pk)
    if request.method != "POST":
        context = {"model": model, "kept_days": settings.DELETED_MODELS_KEPT_DAYS}
        return render(request, "marketplace/delete.html", context)
    title = model.title
    # Pressed twice: the other request has deleted it.
    with suppress(TransitionRefused):
        deletion.delete_model(model=model)
    Report(title=f"“{title}” was deleted.", undo=undo_address([pk])).keep(request.session)
    return redirect("marketplace:inventory")


def _own(request, pk: int) -> Model3D:
    return get_object_or_404(
        Model3D.objects.owned_by(request.user).select_related("category", "creator"), pk=pk
    )


def _submit(request, model: Model3D):
    try:
        publishing.submit(model=model)
    except NotReadyForReview:
        messages.warning(request, "Saved, but not submitted yet: see what is missing.")
        return redirect(f"{model.get_edit_url()}#readiness")
    except MarketplaceError as error:
        messages.error(request, str(error))
        return redirect(model.get_edit_url())
    messages.success(request, "Submitted. A moderator looks at it; you hear from us by mail.")
    return redirect(model.get_edit_url())


def edit_page(
    request,
    model: Model3D,
    form: ModelForm | None = None,
    schedule_form: ScheduleForm | None = None,
    poster_form: PosterForm | None = None,
):
    """The whole page; a form that was refused is shown as it was filled in."""
    forms = {
        "form": form or ModelForm(instance=copy(model)),
        "schedule_form": schedule_form or ScheduleForm(initial={"publish_at": model.publish_at}),
    }
    context = file_context(request, model)
    if poster_form:
        context["poster_form"] = poster_form
    is_refused = any(given is not None and given.errors for given in (form, schedule_form, poster_form))
    return render(
        request,
        "marketplace/edit.html",
        {
            "uploader": Uploader(request.user, model=model),
            "pictures": model.preview_images.order_by("order", "pk"),
            "documents": model.documents.order_by("name", "pk"),
            "max_pictures": MAX_PICTURES,
            "max_documents": MAX_DOCUMENTS,
            "kept_days": settings.DELETED_MODELS_KEPT_DAYS,
            **forms,
            **context,
        },
        status=422 if is_refused else 200,
    )


def file_context(request, model: Model3D) -> dict:
    """What the edit page and its live part share."""
    panel = FilesPanel(model, viewer=request.user)
    return {
        "model": model,
        "panel": panel,
        "progress": panel.shown,
        "missing": model.missing_for_review() if model.status in ("draft", "rejected") else [],
        "licences": License,
        "poster_form": PosterForm.of(model.poster_view),
        "reviews": model.reviews_by_moderators.order_by("-created_at", "-pk")[:20],
    }
