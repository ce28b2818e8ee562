"""The comments of a post, and how those who run the community take one down."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from community.actions import comments as actions
from community.conversation import PostConversation
from community.forms import RemovalForm
from community.models import CommunityPost, PostComment
from community.page import CommunityPage
from community.views.finding import standing_in
from core.markdown import render_markdown
from core.ratelimit import rate_limited
from core.verbs import wants_deletion
from marketplace.exceptions import CommentRefused
from marketplace.views.commenting import CommentViews


def _post(request, pk: int, post_id: int) -> CommunityPost:
    posts = CommunityPost.objects.readable_by(request.user).select_related("author", "community")
    return get_object_or_404(posts, pk=post_id, community=pk)


views = CommentViews(PostConversation, find=_post)


@require_http_methods(["GET", "HEAD", "POST", "DELETE"])
@login_required
@never_cache
@rate_limited("team", limit=300, seconds=3600)
def removal(request, pk: int, post_id: int, comment_id: int):
    """GET: its words, with the form that asks why. POST: down with it. DELETE: back again."""
    found = views.find_comment(request, comment_id, pk=pk, post_id=post_id)
    try:
        return _removal(request, found)
    except CommentRefused as error:
        raise PermissionDenied(str(error)) from error


def _removal(request, found: PostComment):
    actions.discussion.check_may_take_down(found, request.user)
    if wants_deletion(request):
        if actions.put_back(comment=found, by=request.user):
            messages.success(request, "The comment is there again.")
        return redirect(found.get_absolute_url())
    form = RemovalForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if actions.take_down(comment=found, by=request.user, reason=form.cleaned_data["reason"]):
            messages.success(request, "The comment was taken down. Its author reads why.")
        return redirect(found.get_absolute_url())
    shown = CommunityPage(standing_in(request, found.post.community_id), current="comment_removal")
    context = {"shown": shown, "comment": found, "html": render_markdown(found.body), "form": form}
    status = 422 if form.errors else 200
    return render(request, "community/comment_removal.html", context, status=status)
