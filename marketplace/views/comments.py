"""The comments of a model: read, written, changed, deleted, liked."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.ratelimit import rate_limited
from core.verbs import wants_deletion
from marketplace.actions import comments as actions
from marketplace.conversation import Conversation
from marketplace.exceptions import CommentRefused
from marketplace.forms.comment import CommentForm
from marketplace.models import Model3D, ModelComment


def _model(request, pk: int) -> Model3D:
    return get_object_or_404(Model3D.objects.visible_to(request.user).with_page_data(), pk=pk)


def _comment(request, pk: int, comment_id: int) -> ModelComment:
    return get_object_or_404(_model(request, pk).comments.select_related("author", "model"), pk=comment_id)


@require_http_methods(["GET", "HEAD", "POST"])
def comments(request, pk: int):
    """GET: all threads, a page at a time. POST: a new comment, or with `parent` an answer."""
    if request.method == "POST":
        return _post(request, pk)
    return _page(request, _model(request, pk))


@login_required
@rate_limited("comment", limit=30, seconds=600)
def _post(request, pk: int):
    model = _model(request, pk)
    form = CommentForm(request.POST)
    parent = None
    if form.is_valid():
        if form.cleaned_data["parent"]:
            parent = model.comments.filter(pk=form.cleaned_data["parent"]).first()
            if parent is None:
                raise Http404
        try:
            comment = actions.post(
                model=model, author=request.user, body=form.cleaned_data["body"], parent=parent
            )
        except CommentRefused as error:
            form.add_error(None, str(error))
        else:
            return redirect(comment.get_absolute_url())
    return _page(request, model, form=form, status=422)


def _page(request, model: Model3D, *, form: CommentForm | None = None, thread: int | None = None, status=200):
    conversation = Conversation(
        model,
        viewer=request.user,
        sort=request.GET.get("sort", ""),
        page=request.GET.get("page", ""),
        thread=thread,
    )
    context = {"model": model, "conversation": conversation, "form": form or CommentForm(), "thread": thread}
    return render(request, "marketplace/comments.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
def comment(request, pk: int, comment_id: int):
    """GET: the thread. POST: other words for one's own. DELETE: away with one's own."""
    found = _comment(request, pk, comment_id)
    if request.method in ("GET", "HEAD"):
        if found.root_id is not None:
            return redirect(found.get_absolute_url())
        return _page(request, found.model, thread=found.pk)
    return _change(request, found)


@login_required
def _change(request, found: ModelComment):
    if found.author_id != request.user.pk or not found.is_standing:
        raise Http404
    thread = reverse("marketplace:comment", args=[found.model_id, found.root_id or found.pk])
    if wants_deletion(request):
        actions.delete(comment=found)
        messages.success(request, "Your comment was deleted.")
        return redirect("marketplace:comments", found.model_id)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, found, form, status=422)
    try:
        actions.edit(comment=found, body=form.cleaned_data["body"])
    except CommentRefused as error:
        form.add_error(None, str(error))
        return _edit_page(request, found, form, status=422)
    return redirect(f"{thread}#comment-{found.pk}")


@require_http_methods(["GET", "HEAD"])
@login_required
def edit_comment(request, pk: int, comment_id: int):
    """The form for one's own words, with the button that deletes them."""
    found = _comment(request, pk, comment_id)
    if found.author_id != request.user.pk or not found.is_standing:
        raise Http404
    return _edit_page(request, found, CommentForm(initial={"body": found.body}))


def _edit_page(request, found: ModelComment, form: CommentForm, status: int = 200):
    context = {"model": found.model, "comment": found, "form": form}
    return render(request, "marketplace/comment_edit.html", context, status=status)


@require_http_methods(["POST", "DELETE"])
@login_required
@rate_limited("like", limit=300, seconds=600)
def like_comment(request, pk: int, comment_id: int):
    """POST likes, DELETE takes it back; answers with the button where a script asks, else leads back."""
    found = _comment(request, pk, comment_id)
    if not found.is_standing:
        raise Http404
    if wants_deletion(request):
        actions.unlike(comment=found, by=request.user)
    else:
        actions.like(comment=found, by=request.user)
    if request.htmx:
        found.refresh_from_db(fields=["likes"])
        context = {"comment": found, "is_liked": not wants_deletion(request)}
        return render(request, "marketplace/_comment_like.html", context)
    return redirect(found.get_absolute_url())
