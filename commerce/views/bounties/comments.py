"""The comments of a bounty: read, written, changed, deleted, liked. The pages are the marketplace's."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from commerce.actions.bounties import comments as actions
from commerce.bounties.conversation import BountyConversation
from commerce.models import Bounty, BountyComment
from commerce.views.bounties.finding import kept_private, visible_bounty
from core.ratelimit import rate_limited
from core.verbs import wants_deletion
from marketplace.exceptions import CommentRefused
from marketplace.forms.comment import CommentForm


def _comment(request, pk: int, comment_id: int) -> BountyComment:
    comments = visible_bounty(request, pk).comments.select_related("author", "bounty__creator")
    return get_object_or_404(comments, pk=comment_id)


def _own_comment(request, pk: int, comment_id: int) -> BountyComment:
    found = _comment(request, pk, comment_id)
    if found.author_id != request.user.pk or not found.is_standing:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request, pk: int):
    """GET: all threads, a page at a time. POST: a new comment, or with `parent` an answer."""
    if request.method == "POST":
        return _post(request, pk)
    return _page(request, visible_bounty(request, pk))


@login_required
@rate_limited("comment", limit=30, seconds=600)
def _post(request, pk: int):
    bounty = visible_bounty(request, pk)
    form = CommentForm(request.POST)
    if form.is_valid():
        parent_id = form.cleaned_data["parent"]
        parent = get_object_or_404(bounty.comments, pk=parent_id) if parent_id else None
        body = form.cleaned_data["body"]
        try:
            comment = actions.post(bounty=bounty, author=request.user, body=body, parent=parent)
        except CommentRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect(comment.get_absolute_url())
    return _page(request, bounty, form=form, status=422)


def _page(
    request, bounty: Bounty, *, form: CommentForm | None = None, thread: int | None = None, status: int = 200
):
    sort, page = request.GET.get("sort", ""), request.GET.get("page", "")
    conversation = BountyConversation(bounty, viewer=request.user, sort=sort, page=page, thread=thread)
    context = {"model": bounty, "conversation": conversation, "form": form or CommentForm(), "thread": thread}
    return kept_private(render(request, "marketplace/comments.html", context, status=status), bounty)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def comment(request, pk: int, comment_id: int):
    """GET: the thread. POST: other words for one's own. DELETE: away with one's own."""
    if request.method not in ("GET", "HEAD"):
        return _change(request, pk, comment_id)
    found = _comment(request, pk, comment_id)
    if found.root_id is not None:
        return redirect(found.get_absolute_url())
    return _page(request, found.bounty, thread=found.pk)


@login_required
def _change(request, pk: int, comment_id: int):
    if _comment(request, pk, comment_id).author_id != request.user.pk:
        raise PermissionDenied
    found = _own_comment(request, pk, comment_id)
    if wants_deletion(request):
        actions.delete(comment=found)
        messages.success(request, "Your comment was deleted.")
        return redirect("commerce:bounty_comments", pk)
    form = CommentForm(request.POST)
    if form.is_valid():
        try:
            actions.edit(comment=found, body=form.cleaned_data["body"])
        except CommentRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect(found.get_absolute_url())
    return _edit_page(request, found, form, status=422)


@require_http_methods(["GET", "HEAD"])
@login_required
@never_cache
def edit_comment(request, pk: int, comment_id: int):
    """The form for one's own words, with the button that deletes them."""
    found = _own_comment(request, pk, comment_id)
    return _edit_page(request, found, CommentForm(initial={"body": found.body}))


def _edit_page(request, found: BountyComment, form: CommentForm, status: int = 200):
    context = {"model": found.bounty, "comment": found, "form": form}
    return render(request, "marketplace/comment_edit.html", context, status=status)


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("like", limit=300, seconds=600)
def like_comment(request, pk: int, comment_id: int):
    """POST likes, DELETE takes it back; answers with the button where a script asks, else leads back."""
    found = _comment(request, pk, comment_id)
    if not found.is_standing:
        raise Http404
    is_liked = not wants_deletion(request)
    (actions.like if is_liked else actions.unlike)(comment=found, by=request.user)
    if request.htmx:
        found.refresh_from_db(fields=["likes"])
        return render(request, "marketplace/_comment_like.html", {"comment": found, "is_liked": is_liked})
    return redirect(found.get_absolute_url())
