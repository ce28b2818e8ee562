"""What becomes of a post: its author edits it, people react and pass it on, those who keep order do so."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from community.actions import posts as actions
from community.exceptions import CommunityRefused
from community.forms import RemovalForm
from community.models import PostReaction
from community.posting.forms import EditForm
from community.posting.page import PostPage
from community.views.posts.finding import any_post_in, post_in
from core.ratelimit import rate_limited
from core.verbs import wants_deletion


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@rate_limited("community-post-edit", limit=60, seconds=3600)
def edit(request, pk: int, post_id: int):
    """The author's form, with the button that deletes; who has left the community may only do that."""
    standing, found = any_post_in(request, pk, post_id)
    if found.author_id != request.user.pk:
        raise PermissionDenied
    form = EditForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        post=found,
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(post=found, by=request.user, change=form.change())
        except CommunityRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect(found)
    context = {"shown": PostPage(standing, found), "form": form}
    return render(request, "community/posts/edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("community-reaction", limit=300, seconds=600, methods=("POST", "DELETE"))
def reaction(request, pk: int, post_id: int):
    """POST: `kind` is what they think of it. DELETE takes it back. A script gets the row of reactions."""
    standing, found = post_in(request, pk, post_id)
    try:
        if wants_deletion(request):
            actions.unreact(post=found, by=request.user)
        elif request.POST.get("kind") in PostReaction.Kind:
            actions.react(post=found, by=request.user, kind=PostReaction.Kind(request.POST["kind"]))
        else:
            return HttpResponse(status=422)
    except CommunityRefused as error:
        raise PermissionDenied(str(error)) from error
    if not request.htmx:
        return redirect(f"{found.get_absolute_url()}#post-{found.pk}")
    found.refresh_from_db(fields=[kind.counter for kind in PostReaction.Kind])
    page = PostPage(standing, found)
    return render(request, "community/posts/_reactions.html", {"item": page.item})


@require_POST
@login_required
@rate_limited("share", limit=60, seconds=600)
def share(request, pk: int, post_id: int):
    """Somebody copied the address; each person counts once. A script gets the count."""
    _, found = post_in(request, pk, post_id)
    actions.share(post=found, by=request.user)
    if request.htmx:
        found.refresh_from_db(fields=["shares"])
        return render(request, "community/posts/_share_count.html", {"post": found})
    return redirect(f"{found.get_absolute_url()}#share-{found.pk}")


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("team", limit=300, seconds=3600, methods=("POST", "DELETE"))
def pin(request, pk: int, post_id: int):
    """POST puts it at the top, DELETE back among the others."""
    standing, found = post_in(request, pk, post_id)
    if not standing.may_moderate:
        raise PermissionDenied
    deed = actions.unpin if wants_deletion(request) else actions.pin
    try:
        deed(post=found, by=request.user)
    except CommunityRefused as error:
        messages.error(request, str(error))
    return redirect(standing.community)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@login_required
@rate_limited("team", limit=300, seconds=3600, methods=("POST", "DELETE"))
def removal(request, pk: int, post_id: int):
    """GET: the form that asks why. POST takes it down, DELETE puts it back."""
    standing, found = any_post_in(request, pk, post_id)
    if not standing.may_take_down:
        raise PermissionDenied
    if wants_deletion(request):
        return _put_back(request, found)
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_down(post=found, by=request.user, reason=form.cleaned_data["reason"])
        except CommunityRefused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "The post was taken down; its author is told why.")
            return redirect(standing.community)
    context = {"shown": PostPage(standing, found), "form": form}
    return render(request, "community/posts/removal.html", context, status=422 if form.errors else 200)


def _put_back(request, found):
    try:
        if actions.put_back(post=found, by=request.user):
            messages.success(request, "The post stands again.")
    except CommunityRefused as error:
        messages.error(request, str(error))
    return redirect(found)
