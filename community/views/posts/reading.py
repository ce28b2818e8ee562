"""A post, what it said before, its pictures, and what was missed of a community."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from community.actions import posts as actions
from community.conversation import comments_of
from community.exceptions import CommunityRefused
from community.posting.page import PostPage
from community.posting.updates import for_person
from community.views.finding import allowed, kept_private
from community.views.posts.finding import any_post_in, post_in
from core.files import send_private
from core.key_pages import key_page
from core.markdown import render_markdown
from core.ratelimit import rate_limited
from core.verbs import wants_deletion

# A browser asks again after so long whether it may still have a picture.
PICTURE_SECONDS = 3600
REVISIONS = 10


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@rate_limited("community-post-delete", limit=60, seconds=600, methods=("POST", "DELETE"))
def post(request, pk: int, post_id: int):
    """GET: the post with its comments; a script gets it without them, as a row of a list or `?alone`. DELETE: its
    author takes it away."""
    if request.method in ("POST", "DELETE"):
        return _delete(request, pk, post_id)
    standing, found = any_post_in(request, pk, post_id)
    page = PostPage(standing, found)
    template = "community/posts/_post.html" if request.htmx else "community/posts/post.html"
    context = {"shown": page, "item": page.item, "is_alone": not request.htmx or "alone" in request.GET}
    if not request.htmx and found.is_standing:
        context |= comments_of(found, standing)
    response = render(request, template, context)
    patch_vary_headers(response, ["HX-Request"])
    return kept_private(response, standing.community)


@login_required
def _delete(request, pk: int, post_id: int):
    standing, found = any_post_in(request, pk, post_id)
    if not wants_deletion(request):
        return redirect(found)
    try:
        actions.delete(post=found, by=request.user)
    except CommunityRefused as error:
        messages.error(request, str(error))
        return redirect(found)
    messages.success(request, "Your post was deleted.")
    return redirect(standing.community)


@require_safe
def history(request, pk: int, post_id: int):
    """What it said before, the latest first."""
    standing, found = post_in(request, pk, post_id)
    page = key_page(found.revisions.all(), request.GET, size=REVISIONS)
    versions = [(revision, render_markdown(revision.body)) for revision in page.rows]
    context = {"shown": PostPage(standing, found), "page": page, "versions": versions}
    return kept_private(render(request, "community/posts/history.html", context), standing.community)


@require_safe
def picture(request, pk: int, post_id: int, picture_id: uuid.UUID):
    """To those who may read the post."""
    _, found = any_post_in(request, pk, post_id)
    image = get_object_or_404(found.images, public_id=picture_id)
    return send_private(
        request,
        image.image.name,
        filename=f"picture-{image.order + 1}.webp",
        content_type="image/webp",
        as_attachment=False,
        max_age=PICTURE_SECONDS,
    )


@require_safe
@login_required
@never_cache
@rate_limited("community-updates", limit=300, seconds=60, methods=("GET",))
def updates(request, pk: int):
    """What has happened after the event of this number, as the socket would have told it."""
    standing = allowed(request, pk, "may_look_on")
    text = request.GET.get("after", "")
    is_number = text.isascii() and text.isdecimal() and len(text) < 19
    missed = for_person(standing, int(text) if is_number else standing.community.last_event)
    answer = {"type": "updates", "after": missed.after, "upto": missed.upto, "updates": missed.updates}
    return JsonResponse(answer | ({"is_too_much": True} if missed.is_too_much else {}))
