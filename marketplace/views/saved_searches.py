"""The searches that a person has saved: theirs alone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.ratelimit import rate_limited
from marketplace.actions import saved_searches as actions
from marketplace.exceptions import SearchNotSaved
from marketplace.forms.saved_search import SavedSearchForm
from marketplace.models.saved_search import MAX_EACH


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@rate_limited("saved-search", limit=60, seconds=3600)
def saved_searches(request):
    """All of them; a POST saves one and leads back to what was found."""
    form = SavedSearchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        wanted = {"name": form.cleaned_data["name"], "query": form.cleaned_data["query"]}
        try:
            saved = actions.save(user=request.user, **wanted)
        except SearchNotSaved as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"“{saved.name}” was saved. You will hear of new matches.")
            return redirect(saved.grid_url)
    context = {"searches": request.user.saved_searches.recent_first(), "form": form, "max_each": MAX_EACH}
    return render(request, "marketplace/saved_searches.html", context, status=422 if form.errors else 200)


@require_safe
@login_required
def saved_search(request, pk: int):
    """Leads on to what is new."""
    return redirect(get_object_or_404(request.user.saved_searches, pk=pk).newest_url)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def delete(request, pk: int):
    """Asks; a POST deletes it."""
    saved = get_object_or_404(request.user.saved_searches, pk=pk)
    if request.method == "POST":
        saved.delete()
        messages.success(request, f"“{saved.name}” was deleted.")
        return redirect("marketplace:saved_searches")
    context = {
        "title": f"Delete “{saved.name}”?",
        "message": "You will not hear of its new matches any more.",
        "action_label": "Delete search",
        "back_url": reverse("marketplace:saved_searches"),
    }
    return render(request, "marketplace/confirm.html", context)
