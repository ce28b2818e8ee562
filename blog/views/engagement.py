"""What readers do with a post besides reading it: like it, pass it on."""

from contextlib import suppress

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from blog.actions import likes as actions
from blog.views.finding import visible_post
from core.ratelimit import RateLimited, rate_limited, ratelimit, requester_key
from core.verbs import wants_deletion

# Who passes a post on more often counts once in that time.
SHARE_SECONDS = 3600


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("like", limit=300, seconds=600)
def like(request, slug: str):
    """POST likes, DELETE takes it back; answers with the button where a script asks, else leads back."""
    post = visible_post(request, slug)
    is_liked = not wants_deletion(request)
    (actions.like if is_liked else actions.unlike)(post=post, by=request.user)
    if request.htmx:
        post.refresh_from_db(fields=["likes"])
        return render(request, "blog/_like.html", {"post": post, "is_liked": is_liked})
    return redirect(post)


@require_POST
@rate_limited("share", limit=60, seconds=600)
def share(request, slug: str):
    """Somebody copied the address; counts once an hour. Answers with the count where a script asks, else leads back."""
    post = visible_post(request, slug)
    if not post.is_published:
        raise Http404
    with suppress(RateLimited):
        ratelimit(f"share-of:{post.pk}:{requester_key(request)}", 1, SHARE_SECONDS)
        actions.count_share(post=post)
        post.refresh_from_db(fields=["shares"])
    if request.htmx:
        return render(request, "blog/_share_count.html", {"post": post})
    return redirect(f"{post.get_absolute_url()}#share")
