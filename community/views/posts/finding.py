"""Looking a post up is asking whether one may read it; what one may do with it is asked by name."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from community.models import CommunityPost
from community.standing import Standing
from community.views.finding import allowed


def post_in(request, pk: int, post_id: int) -> tuple[Standing, CommunityPost]:
    """One that stands, of a community that the person may read; 404 for everybody else."""
    standing, post = any_post_in(request, pk, post_id)
    if not post.is_standing:
        raise Http404
    return standing, post


def any_post_in(request, pk: int, post_id: int) -> tuple[Standing, CommunityPost]:
    """Also one that was taken down, for its author and those who may put it back."""
    standing = allowed(request, pk, "may_read")
    posts = CommunityPost.objects.filter(community=standing.community, deleted_at__isnull=True)
    post = get_object_or_404(posts.with_page_data(), pk=post_id)
    is_own = request.user.is_authenticated and post.author_id == request.user.pk
    if post.is_removed and not (is_own or standing.may_take_down):
        raise Http404
    return standing, post
