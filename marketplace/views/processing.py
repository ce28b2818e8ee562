"""How far a file is: the part of the edit page that asks again and again until the file is done."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from accounts.access import creator_required
from core.ratelimit import rate_limited
from marketplace.actions.processing import retry as retry_processing
from marketplace.exceptions import TransitionRefused
from marketplace.models import Model3D
from marketplace.views.edit import file_context


@require_safe
def processing(request, pk: int):
    """The files' panel; 204 where nothing has changed since `seen`, so that the page is left in peace."""
    if not request.user.is_authenticated:
        return HttpResponseClientRefresh()
    model = get_object_or_404(
        Model3D.objects.owned_by(request.user).select_related("category", "creator"), pk=pk
    )
    if not request.htmx:
        return redirect(model.get_edit_url())
    context = file_context(request, model)
    if context["panel"].stamp == request.GET.get("seen"):
        return HttpResponse(status=204)
    return render(request, "marketplace/_processing.html", {**context, "is_live": True})


@require_POST
@creator_required
@rate_limited("retry-processing", limit=20, seconds=3600)
def retry(request, pk: int):
    """Start a failed file again at the step that failed: the one named by `file`, else the shown one."""
    model = get_object_or_404(Model3D.objects.owned_by(request.user), pk=pk)
    asked = request.POST.get("file", "")
    files = [*model.newest_files, *model.proposals]
    file = next((file for file in files if str(file.public_id) == asked or not asked), None)
    try:
        if file is not None:
            retry_processing(file=file)
    except TransitionRefused as error:
        messages.warning(request, str(error))
    return redirect(f"{model.get_edit_url()}#file")
