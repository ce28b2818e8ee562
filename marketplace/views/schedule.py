"""When one of the creator's own models is published by itself."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from accounts.access import creator_required
from core.verbs import wants_deletion
from marketplace.exceptions import TransitionRefused
from marketplace.forms.schedule import ScheduleForm
from marketplace.models import Model3D
from marketplace.views.edit import edit_page


@require_http_methods(["POST", "DELETE"])
@creator_required
def schedule(request, pk: int):
    """POST sets the time, DELETE takes it back: the model then stays hidden."""
    model = get_object_or_404(
        Model3D.objects.owned_by(request.user).select_related("category", "creator"), pk=pk
    )
    if wants_deletion(request):
        if model.unschedule():
            messages.success(request, "Cancelled. The model stays hidden until you publish it.")
        return redirect(f"{model.get_edit_url()}#publishing")
    form = ScheduleForm(request.POST)
    if form.is_valid():
        try:
            model.schedule(at=form.cleaned_data["publish_at"])
        except TransitionRefused as error:
            form.add_error("publish_at", str(error))
        else:
            when = date_format(model.publish_at, "j F Y, H:i")
            messages.success(request, f"It will be published on {when} UTC.")
            return redirect(f"{model.get_edit_url()}#publishing")
    model.refresh_from_db()
    return edit_page(request, model, schedule_form=form)
