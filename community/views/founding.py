"""A community is proposed, changed, and sent to review again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from community.actions import founding
from community.exceptions import CommunityRefused
from community.forms import CommunityForm
from community.page import CommunityPage
from community.views.finding import allowed, standing_in
from core.ratelimit import rate_limited


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@rate_limited("community", limit=20, seconds=3600)
def new(request):
    form = CommunityForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = founding.found(owner=request.user, **form.cleaned_data)
        except CommunityRefused as error:
            _say(form, error)
        else:
            messages.success(
                request, f"“{made.name}” was sent to our moderators. Usually they look within a day."
            )
            return redirect(made)
    return render(request, "community/community_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("community", limit=60, seconds=3600)
def edit(request, pk: int):
    """Its words, looks and ways in."""
    standing = allowed(request, pk, "may_manage")
    form = CommunityForm(request.POST if request.method == "POST" else None, instance=standing.community)
    if request.method == "POST" and form.is_valid():
        try:
            founding.change(community=standing.community, by=request.user, **form.cleaned_data)
        except CommunityRefused as error:
            _say(form, error)
        else:
            messages.success(request, "The community was saved.")
            return redirect(standing.community)
    # The page around the form shows the community as it is, not as it was typed.
    shown = CommunityPage(standing_in(request, pk), current="edit_community")
    context = {"form": form, "shown": shown}
    return render(request, "community/community_edit.html", context, status=422 if form.errors else 200)


def _say(form: CommunityForm, error: CommunityRefused) -> None:
    form.add_error("name" if str(error) == founding.NAME_TAKEN else None, str(error))


@require_POST
@login_required
@rate_limited("community", limit=20, seconds=3600)
def submission(request, pk: int):
    """Its owner asks for another look."""
    standing = standing_in(request, pk)
    if not standing.is_owner:
        raise PermissionDenied
    if founding.submit_again(community=standing.community):
        messages.success(request, "It was sent to our moderators again.")
    return redirect(standing.community)
