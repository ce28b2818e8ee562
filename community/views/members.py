"""Who is in a community, and what the viewer may do about one of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from community.actions import team
from community.exceptions import CommunityRefused
from community.forms import BanForm
from community.members import MemberList
from community.models import CommunityMembership, Role
from community.page import CommunityPage
from community.standing import Standing
from community.views.finding import allowed, kept_private
from core.ratelimit import rate_limited
from core.verbs import wants_deletion


@require_safe
def index(request, pk: int):
    """Those who run it first, then the others, the latest first; by name, where one is looked for."""
    standing = allowed(request, pk, "may_read")
    shown = CommunityPage(standing, current="members")
    context = {"shown": shown, "members": MemberList(standing, request.GET)}
    return kept_private(render(request, "community/members.html", context), standing.community)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@login_required
@never_cache
@rate_limited("team", limit=300, seconds=3600)
def member(request, pk: int, username: str):
    """GET: what can be done. POST: another role. DELETE: out."""
    standing = allowed(request, pk, "may_moderate")
    found = member_named(standing, username)
    if not can_act(standing, found):
        raise PermissionDenied
    if wants_deletion(request):
        return _remove(request, standing, found)
    if request.method == "POST":
        return _give_role(request, standing, found)
    return show(request, standing, found, BanForm())


def member_named(standing: Standing, username: str) -> CommunityMembership:
    rows = standing.community.memberships.select_related("user__profile")
    return get_object_or_404(rows, user__username__iexact=username.replace("\0", ""))


def can_act(standing: Standing, found: CommunityMembership) -> bool:
    return standing.may_act_on(found) or bool(standing.roles_for(found))


def show(request, standing: Standing, found: CommunityMembership, form: BanForm, status: int = 200):
    context = {
        "shown": CommunityPage(standing, current="members"),
        "member": found,
        "roles": standing.roles_for(found),
        "form": form,
    }
    return render(request, "community/member.html", context, status=status)


def _give_role(request, standing: Standing, found: CommunityMembership):
    role = request.POST.get("role", "")
    if role not in Role:
        raise Http404
    try:
        team.give_role(member=found, role=Role(role), by=request.user)
    except CommunityRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{found.user.display_name}: {Role(role).label}.")
    return redirect("community:members", standing.community.pk)


def _remove(request, standing: Standing, found: CommunityMembership):
    try:
        if team.remove(member=found, by=request.user):
            messages.success(request, f"{found.user.display_name} is no member any more.")
    except CommunityRefused as error:
        messages.error(request, str(error))
    return redirect("community:members", standing.community.pk)
