"""What those who run a community do: the queue at the door, invitations, bans, and who owns it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.actions import joining
from community.actions import team as actions
from community.exceptions import CommunityRefused
from community.forms import BanForm, BanSomebodyForm, InviteForm
from community.page import CommunityPage
from community.views.finding import allowed, standing_in
from community.views.members import can_act, member_named, show
from core.key_pages import key_page
from core.ratelimit import rate_limited
from core.verbs import wants_deletion

PAGE_SIZE = 48


@require_safe
@login_required
@never_cache
def requests(request, pk: int):
    """Who waits at the door."""
    standing = allowed(request, pk, "may_moderate")
    waiting = standing.community.join_requests.open().select_related("user__profile")
    context = {
        "shown": CommunityPage(standing, current="requests"),
        "page": key_page(waiting, request.GET, size=PAGE_SIZE),
    }
    return render(request, "community/requests.html", context)


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("team", limit=600, seconds=3600)
def request(request, pk: int, request_id: int):
    """POST lets in, DELETE does not."""
    standing = allowed(request, pk, "may_moderate")
    found = get_object_or_404(standing.community.join_requests.select_related("user"), pk=request_id)
    name = found.user.display_name
    try:
        if wants_deletion(request):
            if joining.decline(request=found, by=request.user):
                messages.success(request, f"The request of {name} was declined.")
        elif joining.accept(request=found, by=request.user):
            messages.success(request, f"{name} is in.")
    except CommunityRefused as error:
        messages.error(request, str(error))
    return redirect("community:requests", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("invite", limit=60, seconds=3600)
def invitations(request, pk: int):
    """GET: those that wait for an answer. POST: one more."""
    standing = allowed(request, pk, "may_moderate")
    form = InviteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["person"]
        try:
            joining.invite(community=standing.community, user=person, by=request.user)
        except CommunityRefused as error:
            form.add_error("person", str(error))
        else:
            messages.success(request, f"{person.display_name} was invited.")
            return redirect("community:invitations", pk)
    waiting = standing.community.invites.open().select_related("user__profile", "invited_by")
    context = {
        "shown": CommunityPage(standing, current="invitations"),
        "form": form,
        "page": key_page(waiting, request.GET, size=PAGE_SIZE),
    }
    return render(request, "community/invitations.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST", "DELETE"])
@login_required
def invitation(request, pk: int, invite_id: int):
    """DELETE takes it back."""
    standing = allowed(request, pk, "may_moderate")
    if not wants_deletion(request):
        return HttpResponseNotAllowed(["DELETE"])
    found = get_object_or_404(standing.community.invites.select_related("user"), pk=invite_id)
    if joining.withdraw_invite(invite=found):
        messages.success(request, f"The invitation of {found.user.display_name} was taken back.")
    return redirect("community:invitations", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@never_cache
@rate_limited("team", limit=300, seconds=3600)
def bans(request, pk: int):
    """GET: who is kept out. POST: one more, by name."""
    standing = allowed(request, pk, "may_moderate")
    form = BanSomebodyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        person, reason = form.cleaned_data["person"], form.cleaned_data["reason"]
        try:
            actions.ban(community=standing.community, user=person, reason=reason, by=request.user)
        except CommunityRefused as error:
            form.add_error("person", str(error))
        else:
            messages.success(request, f"{person.display_name} is banned.")
            return redirect("community:bans", pk)
    standing_bans = standing.community.bans.standing().select_related("user__profile", "banned_by")
    context = {
        "shown": CommunityPage(standing, current="bans"),
        "form": form,
        "page": key_page(standing_bans, request.GET, size=PAGE_SIZE),
    }
    return render(request, "community/bans.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("team", limit=300, seconds=3600)
def lift(request, pk: int, ban_id: int):
    """DELETE lifts it."""
    standing = allowed(request, pk, "may_moderate")
    if not wants_deletion(request):
        return HttpResponseNotAllowed(["DELETE"])
    found = get_object_or_404(standing.community.bans.select_related("user"), pk=ban_id)
    try:
        if actions.lift_ban(ban=found, by=request.user):
            messages.success(request, f"{found.user.display_name} may come back.")
    except CommunityRefused as error:
        messages.error(request, str(error))
    return redirect("community:bans", pk)


@require_POST
@login_required
@rate_limited("team", limit=300, seconds=3600)
def ban(request, pk: int, username: str):
    """From the page of a member."""
    standing = allowed(request, pk, "may_moderate")
    found = member_named(standing, username)
    if not can_act(standing, found):
        raise PermissionDenied
    form = BanForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.ban(community=standing.community, user=found.user, reason=reason, by=request.user)
        except CommunityRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"{found.user.display_name} is banned.")
            return redirect("community:bans", pk)
    return show(request, standing, found, form, status=422)


@require_POST
@login_required
@rate_limited("team", limit=60, seconds=3600)
def owner(request, pk: int):
    """Handed on to the member `username`."""
    standing = standing_in(request, pk)
    if not standing.is_owner:
        raise PermissionDenied
    found = member_named(standing, request.POST.get("username", ""))
    try:
        actions.hand_on(community=standing.community, to=found.user, by=request.user)
    except CommunityRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{standing.community.name}” belongs to {found.user.display_name} now.")
    return redirect(standing.community)
