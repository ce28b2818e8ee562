"""What somebody does about their own place in a community."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from community.actions import joining
from community.exceptions import CommunityRefused
from community.forms import JoinForm
from community.models import JoinRequest
from community.page import CommunityPage
from community.views.finding import allowed, standing_in
from core.ratelimit import rate_limited
from core.verbs import wants_deletion


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@login_required
@rate_limited("join", limit=60, seconds=3600)
def membership(request, pk: int):
    """GET: whether to leave. POST: in, or a request for it. DELETE: out."""
    if wants_deletion(request):
        return _leave(request, pk)
    if request.method == "POST":
        return _join(request, pk)
    shown = CommunityPage(allowed(request, pk, "may_leave"), current="community")
    return render(request, "community/leave.html", {"shown": shown})


def _join(request, pk: int):
    community = standing_in(request, pk).community
    form = JoinForm(request.POST)
    message = form.cleaned_data["message"] if form.is_valid() else ""
    try:
        found = joining.join(community=community, user=request.user, message=message)
    except CommunityRefused as error:
        messages.error(request, str(error))
    else:
        if isinstance(found, JoinRequest):
            messages.success(request, "Your request waits for the moderators. You will hear of their answer.")
        else:
            messages.success(request, f"You are in “{community.name}”.")
    return redirect(community)


def _leave(request, pk: int):
    community = standing_in(request, pk).community
    try:
        if joining.leave(community=community, user=request.user):
            messages.success(request, f"You have left “{community.name}”.")
    except CommunityRefused as error:
        messages.error(request, str(error))
    # A private one is out of sight from now on.
    return redirect(community if community.is_visible_to(request.user) else "community:communities")


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("join", limit=60, seconds=3600)
def own_request(request, pk: int):
    """POST asks as `membership` does, DELETE takes the request back."""
    if not wants_deletion(request):
        return _join(request, pk)
    community = standing_in(request, pk).community
    if joining.withdraw(community=community, user=request.user):
        messages.success(request, "Your request was taken back.")
    return redirect(community)


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("join", limit=60, seconds=3600)
def own_invitation(request, pk: int):
    """POST accepts, DELETE declines."""
    if not wants_deletion(request):
        return _join(request, pk)
    community = standing_in(request, pk).community
    if joining.refuse_invite(community=community, user=request.user):
        messages.success(request, "You have declined the invitation.")
    return redirect(community if community.is_visible_to(request.user) else "community:communities")
