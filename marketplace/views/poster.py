"""The view from which the poster of one of the creator's own models is taken."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.access import creator_required
from core.ratelimit import rate_limited
from marketplace.actions.posing import choose_angle
from marketplace.exceptions import TransitionRefused
from marketplace.forms.poster import VIEWS, PosterForm
from marketplace.models import Model3D
from marketplace.views.edit import edit_page


@require_POST
@creator_required
@rate_limited("poster", limit=60, seconds=3600)
def poster(request, pk: int):
    """One of the named views where its button was pressed, else the two angles."""
    model = get_object_or_404(
        Model3D.objects.owned_by(request.user).select_related("category", "creator"), pk=pk
    )
    form = PosterForm(request.POST)
    if request.POST.get("view") in VIEWS:
        angle = VIEWS[request.POST["view"]][1]
    elif form.is_valid():
        angle = form.angle
    else:
        return edit_page(request, model, poster_form=form)
    try:
        if choose_angle(model=model, angle=angle):
            messages.success(request, "The poster is rendered anew; the old one stays until it is there.")
        else:
            messages.info(request, "The poster is taken from there already.")
    except TransitionRefused as error:
        raise Http404(str(error)) from error
    return redirect(f"{model.get_edit_url()}#poster")
