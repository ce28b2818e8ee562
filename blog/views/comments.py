"""The comments of a post: read, written, changed, deleted, liked. The pages are the marketplace's."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from blog.actions import comments as actions
from blog.conversation import PostConversation
from blog.models import BlogComment, BlogPost
from blog.views.finding import visible_post
from core.ratelimit import rate_limited
from core.verbs import wants_deletion
from marketplace.exceptions import CommentRefused
from marketplace.forms.comment import CommentForm


def _comment(request, slug: str, comment_id: int) -> BlogComment:
    comments = visible_post(request, slug).comments.select_related("author", "post__author")
    return get_object_or_404(comments, pk=comment_id)


def _own_comment(request, slug: str, comment_id: int) -> BlogComment:
    found = _comment(request, slug, comment_id)
    if found.author_id != request.user.pk or not found.is_standing:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request, slug: str):
    """GET: all threads, a page at a time. POST: a new comment, or with `parent` an answer."""
    if request.method == "POST":
        return _post(request, slug)
    return _page(request, visible_post(request, slug))


@login_required
@rate_limited("comment", limit=30, seconds=600)
def _post(request, slug: str):
    post = visible_post(request, slug)
    form = CommentForm(request.POST)
    if form.is_valid():
        parent_id = form.cleaned_data["parent"]
        parent = get_object_or_404(post.comments, pk=parent_id) if parent_id else None
        body = form.cleaned_data["body"]
        try:
            comment = actions.post_comment(post=post, author=request.user, body=body, parent=parent)
        except CommentRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect(comment.get_absolute_url())
    return _page(request, post, form=form, status=422)


def _page(
    request, post: BlogPost, *, form: CommentForm | None = None, thread: int | None = None, status: int = 200
):
    sort, page = request.GET.get("sort", ""), request.GET.get("page", "")
    conversation = PostConversation(post, viewer=request.user, sort=sort, page=page, thread=thread)
    context = {"model": post, "conversation": conversation, "form": form or CommentForm(), "thread": thread}
    return render(request, "marketplace/comments.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def comment(request, slug: str, comment_id: int):
    """GET: the thread. POST: other words for one's own. DELETE: away with one's own."""
    if request.method not in ("GET", "HEAD"):
        return _change(request, slug, comment_id)
    found = _comment(request, slug, comment_id)
    if found.root_id is not None:
        return redirect(found.get_absolute_url())
    return _page(request, found.post, thread=found.pk)


@login_required
def _change(request, slug: str, comment_id: int):
    found = _own_comment(request, slug, comment_id)
    if wants_deletion(request):
        actions.delete(comment=found)
        messages.success(request, "Your comment was deleted.")
        return redirect("blog:comments", slug)
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
def edit_comment(request, slug: str, comment_id: int):
    """The form for one's own words, with the button that deletes them."""
    found = _own_comment(request, slug, comment_id)
    return _edit_page(request, found, CommentForm(initial={"body": found.body}))


def _edit_page(request, found: BlogComment, form: CommentForm, status: int = 200):
    context = {"model": found.post, "comment": found, "form": form}
    return render(request, "marketplace/comment_edit.html", context, status=status)


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("like", limit=300, seconds=600)
def like_comment(request, slug: str, comment_id: int):
    """POST likes, DELETE takes it back; answers with the button where a script asks, else leads back."""
    found = _comment(request, slug, comment_id)
    if not found.is_standing:
        raise Http404
    is_liked = not wants_deletion(request)
    (actions.like if is_liked else actions.unlike)(comment=found, by=request.user)
    if request.htmx:
        found.refresh_from_db(fields=["likes"])
        return render(request, "marketplace/_comment_like.html", {"comment": found, "is_liked": is_liked})
    return redirect(found.get_absolute_url())
