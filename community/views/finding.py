"""Looking a community up is asking whether one may see it; what one may do there is asked by name."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import add_never_cache_headers

from community.models import Community
from community.standing import Standing, standing_of


def standing_in(request, pk: int) -> Standing:
    """Of whoever may see its front; 404 for everybody else."""
    found = get_object_or_404(
        Community.objects.visible_to(request.user).select_related("owner__profile"), pk=pk
    )
    return standing_of(request.user, found)


def allowed(request, pk: int, right: str) -> Standing:
    """As `standing_in`, and 403 for those who lack `right`, a property of `Standing`."""
    standing = standing_in(request, pk)
    if not getattr(standing, right):
        raise PermissionDenied
    return standing


def kept_private(response: HttpResponse, community: Community) -> HttpResponse:
    """No cache keeps a page of a community that only some may see."""
    if not community.is_listed:
        add_never_cache_headers(response)
    return response
