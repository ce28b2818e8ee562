"""What the people one follows did, and who follows whom."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.feed import Feed
from accounts.models import User
from accounts.people import known_to

PEOPLE_PAGE = 24


@require_safe
@login_required
def social(request):
    """The feed; `?show=followers` and `?show=following` are the two lists."""
    show = request.GET.get("show", "")
    lists = {
        "followers": User.objects.filter(follows__followed=request.user).order_by(
            "-follows__created_at", "-follows__pk"
        ),
        "following": User.objects.filter(followed_by__follower=request.user).order_by(
            "-followed_by__created_at", "-followed_by__pk"
        ),
    }
    context = {"show": show if show in lists else "feed"}
    context["tabs"] = [
        {"label": "Feed", "url": "?", "count": None, "is_current": context["show"] == "feed"},
        {
            "label": "Followers",
            "url": "?show=followers",
            "count": request.user.followers_count,
            "is_current": show == "followers",
        },
        {
            "label": "Following",
            "url": "?show=following",
            "count": request.user.following_count,
            "is_current": show == "following",
        },
    ]
    if show in lists:
        page = Paginator(lists[show].active(), PEOPLE_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "people": known_to(request.user, page.object_list)}
    else:
        context["feed"] = Feed(request.user, before=request.GET.get("before", ""))
    return render(request, "accounts/social.html", context)
