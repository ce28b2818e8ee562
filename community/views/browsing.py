"""The list of communities, and the front of one: its posts, and the form for another one."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.views.profile import profile_tab
from community.actions import posts as actions
from community.board import PAGE_SIZE, Board, cards_of
from community.exceptions import CommunityRefused
from community.models import Community
from community.page import CommunityPage
from community.posting.feed import Feed
from community.posting.forms import PostForm
from community.standing import Standing
from community.views.finding import allowed, kept_private, standing_in
from core.ratelimit import rate_limited


@require_safe
def index(request):
    """Those that everybody may find, one's own, and those one is invited to."""
    return render(
        request, "community/community_list.html", {"board": Board(request.GET, viewer=request.user)}
    )


@require_safe
def of_person(request, username: str):
    """Those that everybody may find, of the ones that a person is in."""

    def context(profile):
        found = Community.objects.listed().of_member(profile.person).liveliest_first()
        page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
        return {"page": page, "cards": cards_of(page.object_list, request.user)}

    return profile_tab(
        request,
        username,
        name="community:profile_communities",
        template="community/profile_communities.html",
        context=context,
    )


@require_safe
def community(request, pk: int):
    """Its posts, which are read by it; for those who are invited only what it is. A script gets the posts alone."""
    standing = standing_in(request, pk)
    if not standing.may_read:
        return _front(request, standing)
    form = PostForm(initial={"model": request.GET.get("model", "")[:500]})
    feed = Feed(standing, request.GET)
    response = _front(request, standing, feed, form)
    # What was new is marked so on the page that shows it first.
    if request.method == "GET" and feed.is_front and standing.has_unread:
        actions.mark_read(membership=standing.membership, until=standing.community.last_post_at)
    return response


def _front(
    request, standing: Standing, feed: Feed | None = None, form: PostForm | None = None, status: int = 200
):
    shown = CommunityPage(standing, current="community")
    template = "community/posts/_feed.html" if request.htmx and feed else "community/community.html"
    response = render(request, template, {"shown": shown, "feed": feed, "form": form}, status=status)
    patch_vary_headers(response, ["HX-Request"])
    return kept_private(response, shown.community)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@rate_limited("community-post", limit=30, seconds=3600)
def posts(request, pk: int):
    """POST: one more, or beside its errors the page as it was."""
    standing = allowed(request, pk, "may_read")
    if request.method != "POST":
        return redirect(standing.community)
    form = PostForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            actions.publish(community=standing.community, author=request.user, draft=form.draft())
        except CommunityRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect(standing.community)
    return _front(request, standing, Feed(standing, {}), form, status=422)


@require_POST
@login_required
@rate_limited("community-read", limit=600, seconds=600)
def read(request, pk: int):
    """An open page says up to which moment its person has seen the posts."""
    standing = allowed(request, pk, "is_member")
    try:
        until = parse_datetime(request.POST.get("until", ""))
    except ValueError:
        until = None
    if until is None or until.tzinfo is None:
        return HttpResponse(status=422)
    actions.mark_read(membership=standing.membership, until=until)
    return HttpResponse(status=204)
