"""The list of communities, and the front of one."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from community.board import Board
from community.page import CommunityPage
from community.views.finding import kept_private, standing_in


@require_safe
def index(request):
    """Those that everybody may find, one's own, and those one is invited to."""
    return render(
        request, "community/community_list.html", {"board": Board(request.GET, viewer=request.user)}
    )


@require_safe
def community(request, pk: int):
    shown = CommunityPage(standing_in(request, pk), current="community")
    return kept_private(render(request, "community/community.html", {"shown": shown}), shown.community)
